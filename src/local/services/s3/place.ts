// Puts a new object in the place of what has its key, in one commit: the end of PutObject, CopyObject and a form's upload.
import type { Draft } from './bodies.ts'
import { checkWrite } from './conditions.ts'
import type { Call, ObjectChange } from './dispatch.ts'
import { findBucket, objectAt, type StoredObject } from './state.ts'

type Made = Omit<StoredObject, 'modified' | 'segments' | 'checksum'> & {
  readonly checksum: StoredObject['checksum'] | undefined
}

/** Commits an object whose bytes are written. The bucket and the request's conditions are looked at again within the commit. */
export async function placeObject(
  call: Call,
  event: ObjectChange['event'],
  draft: Draft,
  { checksum, ...made }: Made,
): Promise<StoredObject> {
  const { bucket, key, headers, clock, bodies, tell } = call
  const object: StoredObject = {
    ...made,
    modified: clock.now(),
    segments: [draft.segment],
    ...(checksum === undefined ? {} : { checksum }),
  }
  await bodies.commit([draft], (writer, drop) => {
    findBucket(writer, bucket)
    const existing = writer.get<StoredObject>(objectAt(bucket, key))
    checkWrite(headers, key, existing)
    if (existing !== undefined) drop(existing.segments)
    writer.put(objectAt(bucket, key), object)
    tell(writer, { event, bucket, key, size: object.size, etag: object.etag })
  })
  return object
}
