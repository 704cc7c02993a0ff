// What happened in a bucket enters here, object by object.
import type { Context } from '../../aws/context.ts'
import { type BucketEvent, type BucketRecord, readObjectKey } from '../../aws/events/bucket.ts'
import type { ChangedObject } from '../bucket.ts'
import type { Declaration } from '../declare.ts'
import { each } from '../each.ts'
import type { TriggerInput } from '../middleware.ts'
import { around, opened } from '../wake.ts'

type Input = Extract<TriggerInput, { kind: 'bucket' }>
type Handler = (object: ChangedObject, record: BucketRecord) => unknown

/** The Lambda handler of one `bucket.on…`. */
export function wakeBucket(
  app: Declaration,
  declaration: Declaration,
): (event: BucketEvent, context: Context) => Promise<unknown> {
  const { handler } = opened<Handler>(declaration)
  const run = around<Input>(app, declaration, ({ event: { Records } }) =>
    each(Records, (record) => handler(toObject(record), record)),
  )
  return (event, context) => run({ kind: 'bucket', event, context })
}

function toObject({ eventName, eventTime, s3 }: BucketRecord): ChangedObject {
  const { key: encoded, size, eTag, versionId } = s3.object
  const bucket = s3.bucket.name
  const key = readObjectKey(encoded)
  return {
    bucket,
    key,
    size,
    etag: eTag,
    versionId,
    event: eventName,
    time: new Date(eventTime),
    get: async () => (await import('../objects.ts')).get(bucket, key, versionId),
  }
}
