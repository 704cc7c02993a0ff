// The local S3: takes wire requests, answers as S3 does, keeps everything in the store and its own folder.
import { readQuery } from '../../../aws/signer.ts'
import { ACCOUNT, type Ground, REGION, type Service, type WireRequest, type WireResponse } from '../../service.ts'
import type { Writer } from '../../store.ts'
import { readAddress } from './address.ts'
import { openBodies } from './bodies.ts'
import { type Call, type Level, makeDispatch, type ObjectChange } from './dispatch.ts'
import { badArgument, S3Error, toErrorResponse } from './errors.ts'
import { operations } from './operations/index.ts'
import { checkPresigned } from './presigned.ts'
import type { Headers } from './receive.ts'
import { type Bucket, bucketAt } from './state.ts'

/** An object was written or removed, and that is committed. */
export interface ObjectEvent extends ObjectChange {
  readonly time: number
  /** Later changes of one key have the greater sequencer, compared as text. */
  readonly sequencer: string
  readonly requestId: string
}

export interface S3 extends Service {
  /** Makes the bucket unless it is there. */
  ensureBucket(name: string): Promise<void>
  /** Calls the listener after every commit that writes or removes an object. Returns how to stop it. */
  onObject(listener: (event: ObjectEvent) => void): () => void
}

export function openS3(ground: Ground): S3 {
  const { store, clock } = ground
  const bodies = openBodies(ground)
  const dispatch = makeDispatch(operations)
  const listeners = new Set<(event: ObjectEvent) => void>()
  let count = 0

  const tell = (writer: Writer, change: ObjectChange, requestId: string): void => {
    const time = clock.now()
    // Microseconds: ordered across restarts too, as long as the clock is.
    count = Math.max(count + 1, time * 1000)
    const sequencer = count.toString(16).toUpperCase().padStart(18, '0')
    const event: ObjectEvent = { ...change, time, sequencer, requestId }
    writer.after(() => {
      for (const listener of listeners) listener(event)
    })
  }

  const run = async (request: WireRequest): Promise<WireResponse> => {
    const { bucket, key, inHost } = readAddress(request.headers.host ?? '', request.path)
    const query = new Map(readQuery(request.query))
    const presigned = checkPresigned(request, query, inHost ? bucket : undefined, clock.now())
    const headers = presigned ? withQueryHeaders(request.headers, query) : request.headers
    const owner = headers['x-amz-expected-bucket-owner']
    if (owner !== undefined && owner !== ACCOUNT) throw new S3Error('AccessDenied')
    const level: Level = key !== undefined ? 'object' : bucket !== undefined ? 'bucket' : 'service'
    const copies = level === 'object' && headers['x-amz-copy-source'] !== undefined
    const operation = dispatch({ method: request.method, level, query, copies })
    const call: Call = {
      request,
      bucket: bucket ?? '',
      key: key ?? '',
      query,
      headers,
      signed: presigned || headers.authorization !== undefined,
      store,
      clock,
      bodies,
      tell: (writer, change) => tell(writer, change, request.id),
    }
    return operation.run(call)
  }

  return {
    handle: async (request) => {
      const hostId = toHostId(request.id)
      const response = await run(request).catch((error: unknown) => {
        if (error instanceof S3Error) return toErrorResponse(error, request.method, request.id, hostId)
        throw error
      })
      const ids = { 'x-amz-request-id': request.id, 'x-amz-id-2': hostId }
      return { ...response, headers: { ...ids, ...response.headers, server: 'AmazonS3' } }
    },
    ensureBucket: (name) =>
      store.commit((writer) => {
        const bucket: Bucket = { created: clock.now(), location: REGION }
        if (writer.get(bucketAt(name)) === undefined) writer.put(bucketAt(name), bucket)
      }),
    onObject: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

const toHostId = (id: string): string => Buffer.from(`goblet local cloud, request ${id}`).toString('base64')

// A presigned URL may carry headers as parameters; SDK v3 hoists them. Checksums in a query are not checked by S3
// (aws-sdk-go-v2 issue 2610): SDK v3 puts that of an empty body there. What could not have been sent as a header is refused,
// as it would be sent as one when the object is read: a decoded CR or LF would split that response.
function withQueryHeaders(headers: Headers, query: ReadonlyMap<string, string>): Headers {
  const merged: Record<string, string | undefined> = Object.assign(Object.create(null), headers)
  for (const [name, value] of query) {
    const lower = name.toLowerCase()
    if (!lower.startsWith('x-amz-') || lower.startsWith('x-amz-checksum-') || lower === 'x-amz-sdk-checksum-algorithm')
      continue
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
    if (!/^[\w.-]+$/.test(lower) || /[\u0000-\u001f\u007f]/.test(value)) throw badArgument(name, value)
    merged[lower] ??= Buffer.from(value).toString('latin1')
  }
  return merged
}
