// Changes of a bucket: what its functions are handed, object by object.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type BucketChange, type BucketEvent, toBucketEvent } from '../../src/aws/events/bucket.ts'
import { app, bucket, type ChangedObject, type Middleware } from '../../src/index.ts'
import { wakeBucket } from '../../src/runtime/triggers/bucket.ts'
import { CONTEXT } from '../support/event.ts'
import { SHOP } from '../support/woken.ts'

const toEvent = (...changes: readonly Partial<BucketChange>[]): BucketEvent => ({
  Records: changes.flatMap((change) => {
    const known = { event: 'ObjectCreated:Put', bucket: 'shop-dev-photos', key: 'a', sequencer: '0', time: 0 }
    const asked = { region: 'us-east-1', requestId: 'r', hostId: 'h', account: '123456789012' }
    return toBucketEvent({ ...known, ...asked, ...change }, 'c', 'o').Records
  }),
})

const photos = bucket('photos')

it('gives the handler the object, its key as it was written', async () => {
  const seen: unknown[] = []
  const created = photos.onCreated({ prefix: 'in/' }, ({ get, ...object }, record) =>
    seen.push(object, record.eventName),
  )
  await wakeBucket(SHOP, created)(toEvent({ key: 'in/a b+ä@.png', size: 3, etag: 'e', versionId: 'v' }), CONTEXT)
  const what = { event: 'ObjectCreated:Put', time: new Date(0) }
  const object = { bucket: 'shop-dev-photos', key: 'in/a b+ä@.png', size: 3, etag: 'e', versionId: 'v', ...what }
  assert.deepEqual(seen, [object, 'ObjectCreated:Put'])
})

it('says nothing of size and tag of what was removed', async () => {
  let seen: ChangedObject | undefined
  const removed = photos.onRemoved((object) => {
    seen = object
  })
  await wakeBucket(SHOP, removed)(toEvent({ event: 'ObjectRemoved:Delete' }), CONTEXT)
  assert.deepEqual(
    [seen?.event, seen?.size, seen?.etag, seen?.versionId],
    ['ObjectRemoved:Delete', undefined, undefined, undefined],
  )
})

it('tries every object, one after the other, before it tells what failed', async () => {
  const seen: string[] = []
  const failing = photos.on('ObjectCreated:Put', async ({ key }) => {
    seen.push(key)
    await Promise.resolve()
    if (key !== 'b') throw new RangeError(`no ${key}`)
  })
  const run = wakeBucket(SHOP, failing)
  await assert.rejects(run(toEvent({ key: 'a' }, { key: 'b' }, { key: 'c' }), CONTEXT), /2 of 3 failed: .*no a.*no c/)
  assert.deepEqual(seen, ['a', 'b', 'c'])
  await assert.rejects(run(toEvent({ key: 'a' }), CONTEXT), RangeError)
})

it('has the middleware of the app and its own around it', async () => {
  const seen: string[] = []
  const shop = app('shop', {
    use: [
      (input, next) => {
        seen.push(input.kind)
        return next()
      },
    ],
  })
  const mine: Middleware = (_, next) => {
    seen.push('own')
    return next()
  }
  const own = photos.onCreated({ use: [mine] }, () => undefined)
  await wakeBucket(shop, own)(toEvent({}), CONTEXT)
  assert.deepEqual(seen, ['bucket', 'own'])
})
