// Writing an object whole: PutObject.
import { checkWrite, isConditional } from '../conditions.ts'
import type { Operation } from '../dispatch.ts'
import { keepHeaders, showChecksum, showEncryption, showMade } from '../headers.ts'
import { placeObject } from '../place.ts'
import { receive } from '../receive.ts'
import { findBucket } from '../state.ts'
import { liveObject } from '../versions.ts'

export const writes: readonly Operation[] = [
  {
    name: 'PutObject',
    method: 'PUT',
    level: 'object',
    run: async (call) => {
      const { bucket, key, headers, request, store, bodies } = call
      findBucket(store, bucket)
      const kept = keepHeaders(headers)
      // Before the body is taken in, so that a large one is not sent for nothing; the commit checks again.
      if (isConditional(headers)) checkWrite(headers, key, liveObject(store, call))
      const { draft, size, md5, checksum } = await receive(bodies, headers, request.body)
      const object = await placeObject(call, 'ObjectCreated:Put', draft, { size, etag: md5, headers: kept, checksum })
      return {
        status: 200,
        headers: { etag: `"${md5}"`, ...showEncryption(kept), ...showChecksum(object), ...showMade(object) },
      }
    },
  },
]
