// Puts a new object in the place of what has its key, in one commit: the end of PutObject, CopyObject and a form's upload.
import type { Draft } from './bodies.ts'
import { checkWrite, isConditional } from './conditions.ts'
import type { Call, ObjectChange } from './dispatch.ts'
import { findBucket, type StoredObject } from './state.ts'
import { liveObject, putCurrent } from './versions.ts'

type Made = Omit<StoredObject, 'modified' | 'segments' | 'checksum' | 'version' | 'order'> & {
  readonly checksum: StoredObject['checksum'] | undefined
}

/** Commits an object whose bytes are written. The bucket and the request's conditions are looked at again within the commit. */
export async function placeObject(
  call: Pick<Call, 'bucket' | 'key' | 'headers' | 'clock' | 'bodies' | 'tell'>,
  event: ObjectChange['event'],
  draft: Draft,
  { checksum, ...made }: Made,
): Promise<StoredObject> {
  const { bucket, key, headers, clock, bodies, tell } = call
  const object: StoredObject = {
    modified: clock.now(),
    segments: [draft.segment],
    ...made,
    ...(checksum === undefined ? {} : { checksum }),
  }
  return bodies.commit([draft], (writer, drop) => {
    const found = findBucket(writer, bucket)
    if (isConditional(headers)) checkWrite(headers, key, liveObject(writer, call))
    const placed = putCurrent(writer, drop, call, found, object)
    tell(writer, { event, bucket, key, size: placed.size, etag: placed.etag, ...changedVersion(placed) })
    return placed
  })
}

/** The version of a change, where there is one. */
export function changedVersion({ version }: Pick<StoredObject, 'version'>): { readonly versionId?: string } {
  return version === undefined ? {} : { versionId: version }
}
