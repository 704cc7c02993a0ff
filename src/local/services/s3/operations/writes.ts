// Writing an object whole: PutObject.
import { checkWrite, isConditional } from '../conditions.ts'
import type { Operation } from '../dispatch.ts'
import { keepHeaders, showChecksum, showEncryption } from '../headers.ts'
import { receive } from '../receive.ts'
import { findBucket, objectAt, type StoredObject } from '../state.ts'

export const writes: readonly Operation[] = [
  {
    name: 'PutObject',
    method: 'PUT',
    level: 'object',
    run: async ({ bucket, key, headers, request, store, clock, bodies, tell }) => {
      findBucket(store, bucket)
      const kept = keepHeaders(headers)
      // Before the body is taken in, so that a large one is not sent for nothing; the commit checks again.
      if (isConditional(headers)) checkWrite(headers, key, store.get<StoredObject>(objectAt(bucket, key)))
      const { draft, size, md5, checksum } = await receive(bodies, headers, request.body)
      const object: StoredObject = {
        size,
        etag: md5,
        modified: clock.now(),
        headers: kept,
        segments: [draft.segment],
        ...(checksum === undefined ? {} : { checksum }),
      }
      await bodies.commit([draft], (writer, drop) => {
        findBucket(writer, bucket)
        const existing = writer.get<StoredObject>(objectAt(bucket, key))
        checkWrite(headers, key, existing)
        if (existing !== undefined) drop(existing.segments)
        writer.put(objectAt(bucket, key), object)
      })
      tell({ event: 'ObjectCreated:Put', bucket, key, size, etag: md5 })
      return { status: 200, headers: { etag: `"${md5}"`, ...showEncryption(kept), ...showChecksum(object) } }
    },
  },
]
