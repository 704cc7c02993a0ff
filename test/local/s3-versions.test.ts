// Versions of objects in the local S3: ids, delete markers, the version null, copies, lists; and a model of it all.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as sdk from '@aws-sdk/client-s3'
import { type Random, seeded } from '../support/random.ts'
import { fails, openRig, type Rig, raw } from '../support/s3.ts'

let rig: Rig
before(async () => {
  rig = await openRig()
})
after(() => rig.close())

const keep = (Bucket: string, Status: sdk.BucketVersioningStatus = 'Enabled'): Promise<unknown> =>
  rig.client.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }))
const remove = (Bucket: string, Key: string, VersionId?: string): Promise<sdk.DeleteObjectCommandOutput> =>
  rig.client.send(new sdk.DeleteObjectCommand({ Bucket, Key, ...(VersionId === undefined ? {} : { VersionId }) }))
const versionsOf = (Bucket: string, more: object = {}): Promise<sdk.ListObjectVersionsCommandOutput> =>
  rig.client.send(new sdk.ListObjectVersionsCommand({ Bucket, ...more }))

test('versioning is switched on and suspended, never off again', async () => {
  const Bucket = await rig.makeBucket()
  const read = async (): Promise<string | undefined> =>
    (await rig.client.send(new sdk.GetBucketVersioningCommand({ Bucket }))).Status
  assert.equal(await read(), undefined)
  await keep(Bucket, 'Suspended')
  assert.equal(await read(), 'Suspended')
  await keep(Bucket)
  assert.equal(await read(), 'Enabled')
  // Recorded.
  for (const Status of ['enabled', 'Disabled', ''] as const)
    await fails(keep(Bucket, Status as 'Enabled'), 'MalformedXML', 400)
  const nothing = rig.client.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: {} }))
  const { message } = await fails(nothing, 'IllegalVersioningConfigurationException', 400)
  assert.equal(message, 'The Versioning element must be specified')
  const VersioningConfiguration = { Status: 'Enabled', MFADelete: 'Enabled' } as const
  const guarded = rig.client.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
  await fails(guarded, 'NotImplemented', 501)
  await fails(keep('no-such-bucket'), 'NoSuchBucket', 404)
  assert.equal(await read(), 'Enabled')
})

test('a deleted object comes back when its delete marker goes', async () => {
  const Bucket = await rig.makeBucket()
  await keep(Bucket)
  rig.events.length = 0
  const first = await rig.put(Bucket, 'k', 'one')
  const second = await rig.put(Bucket, 'k', 'two')
  assert.match(first.VersionId ?? '', /^[\w.]{32}$/)
  assert.notEqual(first.VersionId, second.VersionId)
  assert.equal((await rig.bytesOf(Bucket, 'k')).toString(), 'two')
  assert.equal((await rig.bytesOf(Bucket, 'k', { VersionId: first.VersionId ?? '' })).toString(), 'one')
  const marked = await remove(Bucket, 'k')
  assert.equal(marked.DeleteMarker, true)
  const gone = await fails(rig.bytesOf(Bucket, 'k'), 'NoSuchKey', 404)
  assert.equal(gone.$response?.headers['x-amz-delete-marker'], 'true')
  assert.equal(gone.$response?.headers['x-amz-version-id'], marked.VersionId)
  const itself = await fails(rig.bytesOf(Bucket, 'k', { VersionId: marked.VersionId ?? '' }), 'MethodNotAllowed', 405)
  assert.deepEqual(
    [itself.$response?.headers['x-amz-delete-marker'], itself.$response?.headers.allow],
    ['true', 'DELETE'],
  )
  assert.equal((await rig.client.send(new sdk.ListObjectsV2Command({ Bucket }))).KeyCount, 0)
  assert.deepEqual(await deleted(remove(Bucket, 'k', marked.VersionId)), [true, marked.VersionId])
  assert.equal((await rig.bytesOf(Bucket, 'k')).toString(), 'two')
  assert.deepEqual(await deleted(remove(Bucket, 'k', second.VersionId)), [undefined, second.VersionId])
  assert.equal((await rig.bytesOf(Bucket, 'k')).toString(), 'one')
  assert.deepEqual(
    rig.events.map(({ event, versionId, etag }) => [event, versionId, etag]),
    [
      ['ObjectCreated:Put', first.VersionId, 'f97c5d29941bfb1b2fdab0874906ab82'],
      ['ObjectCreated:Put', second.VersionId, 'b8a9f715dbb64fd5c56e7783c6820a61'],
      ['ObjectRemoved:DeleteMarkerCreated', marked.VersionId, 'd41d8cd98f00b204e9800998ecf8427e'],
      ['ObjectRemoved:Delete', marked.VersionId, undefined],
      ['ObjectRemoved:Delete', second.VersionId, undefined],
    ],
  )
})

const deleted = async (promise: Promise<sdk.DeleteObjectCommandOutput>): Promise<unknown[]> => {
  const { DeleteMarker, VersionId } = await promise
  return [DeleteMarker, VersionId]
}

test('versions that are not there, malformed or foreign', async () => {
  const Bucket = await rig.makeBucket()
  await rig.put(Bucket, 'a', 'unversioned')
  const foreign = 'HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD'
  // Recorded, for a bucket without versions too.
  await fails(rig.bytesOf(Bucket, 'a', { VersionId: foreign }), 'InvalidArgument', 400)
  await fails(remove(Bucket, 'a', foreign), 'InvalidArgument', 400)
  assert.equal((await rig.bytesOf(Bucket, 'a', { VersionId: 'null' })).toString(), 'unversioned')
  assert.equal((await rig.client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'a' }))).VersionId, undefined)
  await keep(Bucket)
  const empty = await raw('GET', `${rig.served.endpoint}/${Bucket}/a?versionId=`)
  assert.match(empty.body, /<Code>InvalidArgument<.*Version id cannot be the empty string/)
  const { VersionId = '' } = await rig.put(Bucket, 'a', 'kept')
  await remove(Bucket, 'a', VersionId)
  const missing = await fails(rig.bytesOf(Bucket, 'a', { VersionId }), 'NoSuchVersion', 404)
  assert.equal(missing.message, 'The specified version does not exist.')
  const bad = await fails(rig.bytesOf(Bucket, 'a', { VersionId: 'short' }), 'InvalidArgument', 400)
  assert.equal(bad.message, 'Invalid version id specified')
  assert.deepEqual(await deleted(remove(Bucket, 'a', VersionId)), [undefined, VersionId])
  const Delete = { Objects: [{ Key: 'a', VersionId: foreign }, { Key: 'other' }, { Key: 'a', VersionId: 'null' }] }
  const answer = await rig.client.send(new sdk.DeleteObjectsCommand({ Bucket, Delete }))
  assert.deepEqual(
    answer.Errors?.map(({ Key, VersionId: id, Code }) => [Key, id, Code]),
    [['a', foreign, 'NoSuchVersion']],
  )
  const [marked, nothing] = answer.Deleted ?? []
  assert.deepEqual([marked?.Key, marked?.DeleteMarker, marked?.VersionId], ['other', true, undefined])
  assert.match(marked?.DeleteMarkerVersionId ?? '', /^[\w.]{32}$/)
  assert.deepEqual(nothing, { Key: 'a', VersionId: 'null' })
})

test('while suspended, puts and deletes replace the version null and no other', async () => {
  const Bucket = await rig.makeBucket()
  await rig.put(Bucket, 'k', 'before')
  await keep(Bucket)
  const { VersionId } = await rig.put(Bucket, 'k', 'kept')
  await keep(Bucket, 'Suspended')
  assert.equal((await rig.put(Bucket, 'k', 'one')).VersionId, undefined)
  await rig.put(Bucket, 'k', 'two')
  const head = await rig.client.send(new sdk.HeadObjectCommand({ Bucket, Key: 'k' }))
  assert.equal(head.VersionId, 'null')
  const { Versions = [] } = await versionsOf(Bucket)
  assert.deepEqual(
    Versions.map((one) => [one.VersionId, one.IsLatest, one.Size]),
    [
      ['null', true, 3],
      [VersionId, false, 4],
    ],
  )
  assert.deepEqual(await deleted(remove(Bucket, 'k')), [true, 'null'])
  await fails(rig.bytesOf(Bucket, 'k'), 'NoSuchKey', 404)
  await fails(rig.client.send(new sdk.DeleteBucketCommand({ Bucket })), 'BucketNotEmpty', 409)
  assert.deepEqual(await deleted(remove(Bucket, 'k', 'null')), [true, 'null'])
  assert.equal((await rig.bytesOf(Bucket, 'k')).toString(), 'kept')
  await remove(Bucket, 'k', VersionId)
  await rig.client.send(new sdk.DeleteBucketCommand({ Bucket }))
})

test('versions are listed newest first, in pages, rolled up', async () => {
  const Bucket = await rig.makeBucket()
  await keep(Bucket)
  for (const Key of ['a', 'b/1', 'b/2', 'a', 'c +', 'a']) await rig.put(Bucket, Key, Key)
  await remove(Bucket, 'b/1')
  const whole = await versionsOf(Bucket)
  const ids = (whole.Versions ?? []).map(({ VersionId }) => VersionId)
  assert.deepEqual(
    (whole.Versions ?? []).map(({ Key, IsLatest }) => [Key, IsLatest]),
    [
      ['a', true],
      ['a', false],
      ['a', false],
      ['b/1', false],
      ['b/2', true],
      ['c +', true],
    ],
  )
  assert.deepEqual(
    whole.DeleteMarkers?.map(({ Key, IsLatest }) => [Key, IsLatest]),
    [['b/1', true]],
  )
  const paged: (string | undefined)[] = []
  let more: { KeyMarker?: string | undefined; VersionIdMarker?: string | undefined } = {}
  for (let pages = 0; pages < 20; pages++) {
    const page = await versionsOf(Bucket, { ...more, MaxKeys: 1 })
    paged.push(...(page.Versions ?? []).map(({ VersionId }) => VersionId))
    if (!page.IsTruncated) break
    more = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
  }
  assert.deepEqual(paged, ids)
  const rolled = await versionsOf(Bucket, { Delimiter: '/', MaxKeys: 4 })
  assert.deepEqual([rolled.CommonPrefixes?.[0]?.Prefix, rolled.NextKeyMarker, rolled.IsTruncated], ['b/', 'b/', true])
  const rest = await versionsOf(Bucket, { Delimiter: '/', KeyMarker: 'b/', EncodingType: 'url' })
  assert.deepEqual([rest.Versions?.map(({ Key }) => Key), rest.CommonPrefixes], [['c+%2B'], undefined])
  assert.equal((await versionsOf(Bucket, { Prefix: 'b/' })).Versions?.length, 2)
  const lone = await fails(versionsOf(Bucket, { VersionIdMarker: ids[0] }), 'InvalidArgument', 400)
  assert.equal(lone.message, 'A version-id marker cannot be specified without a key marker.')
  await fails(versionsOf(Bucket, { KeyMarker: 'a', VersionIdMarker: 'short' }), 'InvalidArgument', 400)
  const unversioned = await rig.makeBucket()
  await rig.put(unversioned, 'x')
  assert.deepEqual(
    (await versionsOf(unversioned)).Versions?.map((one) => [one.VersionId, one.IsLatest]),
    [['null', true]],
  )
})

test('copies take a version, name it, and bring an old one back', async () => {
  const Bucket = await rig.makeBucket()
  await keep(Bucket)
  const { VersionId: old } = await rig.put(Bucket, 'k', 'old', { Metadata: { a: 'b' } })
  await rig.put(Bucket, 'k', 'new')
  const back = await copy(Bucket, 'k', `${Bucket}/k?versionId=${old}`)
  assert.equal(back.CopySourceVersionId, old)
  assert.match(back.VersionId ?? '', /^[\w.]{32}$/)
  assert.equal((await rig.bytesOf(Bucket, 'k')).toString(), 'old')
  const marker = await remove(Bucket, 'k')
  await fails(copy(Bucket, 'x', `${Bucket}/k`), 'NoSuchKey', 404)
  await fails(copy(Bucket, 'x', `${Bucket}/k?versionId=${marker.VersionId}`), 'InvalidRequest', 400)
  await fails(copy(Bucket, 'x', `${Bucket}/k?versionId=short`), 'InvalidArgument', 400)
  const { UploadId } = await rig.client.send(new sdk.CreateMultipartUploadCommand({ Bucket, Key: 'm' }))
  const CopySource = `${Bucket}/k?versionId=${old}`
  const more = { UploadId, PartNumber: 1, CopySource, CopySourceRange: 'bytes=1-2' }
  const part = await rig.client.send(new sdk.UploadPartCopyCommand({ Bucket, Key: 'm', ...more }))
  assert.equal(part.CopySourceVersionId, old)
  const Parts = [{ PartNumber: 1, ETag: part.CopyPartResult?.ETag }]
  const command = { Bucket, Key: 'm', UploadId, MultipartUpload: { Parts } }
  const whole = await rig.client.send(new sdk.CompleteMultipartUploadCommand(command))
  assert.equal((await rig.bytesOf(Bucket, 'm', { VersionId: whole.VersionId ?? '' })).toString(), 'ld')
})

const copy = (Bucket: string, Key: string, CopySource: string, more = {}): Promise<sdk.CopyObjectCommandOutput> =>
  rig.client.send(new sdk.CopyObjectCommand({ Bucket, Key, CopySource, ...more }))

test('conditions look at the current version; a delete marker is nothing', async () => {
  const Bucket = await rig.makeBucket()
  await keep(Bucket)
  const { ETag = '' } = await rig.put(Bucket, 'k', 'x', { IfNoneMatch: '*' })
  await fails(rig.put(Bucket, 'k', 'y', { IfNoneMatch: '*' }), 'PreconditionFailed', 412)
  await fails(
    copy(Bucket, 'k', `${Bucket}/k`, { IfNoneMatch: '*', MetadataDirective: 'REPLACE' }),
    'PreconditionFailed',
    412,
  )
  await remove(Bucket, 'k')
  await fails(rig.put(Bucket, 'k', 'y', { IfMatch: ETag }), 'NoSuchKey', 404)
  await rig.put(Bucket, 'k', 'y', { IfNoneMatch: '*' })
  const since = new Date(Date.now() + 3_600_000)
  await copy(Bucket, 'c', `${Bucket}/k`, { CopySourceIfModifiedSince: since })
  await rig.put(Bucket, 'u', 'x')
  const { UploadId } = await rig.client.send(new sdk.CreateMultipartUploadCommand({ Bucket, Key: 'u' }))
  const part = { Bucket, Key: 'u', UploadId, PartNumber: 1 }
  const { ETag: one } = await rig.client.send(new sdk.UploadPartCommand({ ...part, Body: 'x' }))
  const complete = { ...part, MultipartUpload: { Parts: [{ PartNumber: 1, ETag: one }] } }
  const refused = rig.client.send(new sdk.CompleteMultipartUploadCommand({ ...complete, IfNoneMatch: '*' }))
  await fails(refused, 'PreconditionFailed', 412)
  await rig.client.send(new sdk.CompleteMultipartUploadCommand({ ...complete, IfMatch: '*' }))
})

interface Held {
  readonly id: string
  readonly body: string | undefined
}

/** What S3 does with versions, in the fewest lines: the newest first. */
class Model {
  versioning: 'Enabled' | 'Suspended' | undefined
  readonly keys = new Map<string, Held[]>()

  at(key: string): Held[] {
    return this.keys.get(key) ?? []
  }

  place(key: string, held: Held): void {
    const left = this.versioning === 'Enabled' ? this.at(key) : this.at(key).filter(({ id }) => id !== 'null')
    this.keys.set(key, [held, ...left])
  }

  remove(key: string, id: string): void {
    this.keys.set(
      key,
      this.at(key).filter((one) => one.id !== id),
    )
  }

  list(): unknown[][] {
    const keys = [...this.keys.keys()].sort()
    return keys.flatMap((key) => this.at(key).map(({ id, body }, index) => [key, id, body?.length, index === 0]))
  }
}

async function step(random: Random, model: Model, Bucket: string, count: number): Promise<void> {
  const key = random.pick(['a', 'a/b', 'b', 'ä', 'z'])
  const held = model.at(key)
  const some = held[random.whole(Math.max(held.length, 1))]
  const kind = random.whole(10)
  if (kind < 4) {
    const body = `body ${count}`.repeat(1 + random.whole(3))
    const { VersionId = 'null' } = await rig.put(Bucket, key, body)
    model.place(key, { id: VersionId, body })
  } else if (kind === 4) {
    const { VersionId = 'null' } = await remove(Bucket, key)
    if (model.versioning === undefined) model.keys.delete(key)
    else model.place(key, { id: VersionId, body: undefined })
  } else if (kind < 7 && some !== undefined) {
    await remove(Bucket, key, some.id)
    model.remove(key, some.id)
  } else if (kind === 7) await compareKey(model, Bucket, key)
  else if (kind === 8) await compareList(model, Bucket, 1 + random.whole(4))
  else if (random.whole(4) === 0) {
    model.versioning = model.versioning === 'Enabled' ? 'Suspended' : 'Enabled'
    await keep(Bucket, model.versioning)
  }
}

async function compareKey(model: Model, Bucket: string, key: string): Promise<void> {
  const read = (query: string): Promise<{ status: number; body: string }> =>
    raw('GET', `${rig.served.endpoint}/${Bucket}/${encodeURIComponent(key)}${query}`)
  const [current] = model.at(key)
  const answer = await read('')
  assert.equal(answer.status, current?.body === undefined ? 404 : 200)
  if (current?.body !== undefined) assert.equal(answer.body, current.body)
  for (const { id, body } of model.at(key)) {
    const one = await read(`?versionId=${id}`)
    assert.deepEqual([one.status, body === undefined || one.body === body], [body === undefined ? 405 : 200, true])
  }
}

async function compareList(model: Model, Bucket: string, MaxKeys: number): Promise<void> {
  const shown: unknown[][] = []
  let more: object = {}
  for (let pages = 0; pages < 1000; pages++) {
    const { Versions = [], DeleteMarkers = [], ...page } = await versionsOf(Bucket, { ...more, MaxKeys })
    const rows = [...Versions, ...DeleteMarkers.map((one) => ({ ...one, Size: undefined }))]
    shown.push(...rows.map(({ Key, VersionId, Size, IsLatest }) => [Key, VersionId, Size, IsLatest]))
    if (!page.IsTruncated) break
    more = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
  }
  // The SDK gives versions and markers apart, so that their order among each other is not seen.
  const parted = (rows: unknown[][]): unknown[] => [
    rows.filter(([, , size]) => size !== undefined),
    rows.filter(([, , size]) => size === undefined),
  ]
  assert.deepEqual(parted(shown), parted(model.list()))
  const { Contents = [] } = await rig.client.send(new sdk.ListObjectsV2Command({ Bucket }))
  const live = [...model.keys.keys()].filter((key) => model.at(key)[0]?.body !== undefined)
  assert.deepEqual(
    Contents.map(({ Key }) => Key),
    live.sort(),
  )
}

test('600 random operations answer as a model of a versioned bucket', async (context) => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)
  context.diagnostic(`SEED=${seed}`)
  const random = seeded(seed)
  const Bucket = await rig.makeBucket()
  const model = new Model()
  for (let count = 0; count < 600; count++) {
    try {
      await step(random, model, Bucket, count)
    } catch (error) {
      throw new Error(`operation ${count} of SEED=${seed}`, { cause: error })
    }
  }
  for (const key of model.keys.keys()) await compareKey(model, Bucket, key)
  await compareList(model, Bucket, 1)
  await rig.reopen()
  await compareList(model, Bucket, 1000)
  for (const [key, held] of model.keys) for (const { id } of held) await remove(Bucket, key, id)
  await rig.client.send(new sdk.DeleteBucketCommand({ Bucket }))
  for (const kind of ['version', 'null'])
    assert.equal(rig.store.count({ start: ['s3', kind, Bucket], end: ['s3', kind, `${Bucket}!`] }), 0, kind)
})
