// The local S3: takes wire requests, answers as S3 does, keeps everything in the store and its own folder.
import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { readQuery } from '../../../aws/signer.ts'
import { ACCOUNT, type Ground, type Mail, type Service, type WireRequest, type WireResponse } from '../../service.ts'
import type { Writer } from '../../store.ts'
import { type Address, readAddress } from './address.ts'
import { openBodies } from './bodies.ts'
import { admitsPage, answerPreflight, corsHeaders } from './cors.ts'
import { type Call, type Level, makeDispatch, type ObjectChange } from './dispatch.ts'
import { type BucketSettings, ensureBucket } from './ensure.ts'
import { S3Error, toErrorResponse, toHostId } from './errors.ts'
import { withExpiration } from './lifecycle.ts'
import { postChange, serveNotifications } from './notifications.ts'
import { operations } from './operations/index.ts'
import { checkAllowed, hideMissing, toInput } from './permission.ts'
import { placeObject } from './place.ts'
import { checkPresigned, withQueryHeaders } from './presigned.ts'
import { receive } from './receive.ts'
import { bucketAt } from './state.ts'
import { startLifecycle } from './sweep.ts'

/** An object was written or removed, and that is committed. */
export interface ObjectEvent extends ObjectChange {
  readonly time: number
  /** Later changes of one key have the greater sequencer, compared as text. */
  readonly sequencer: string
  readonly requestId: string
}

export interface S3 extends Service {
  /** Makes the bucket unless it is there, and tells it what the app says of it. */
  ensureBucket(name: string, settings?: BucketSettings): Promise<void>
  find(bucket: string): boolean
  /** Puts what another service keeps in a bucket that is there. */
  put(bucket: string, key: string, text: string): Promise<void>
  /** Calls the listener after every commit that writes or removes an object. Returns how to stop it. */
  onObject(listener: (event: ObjectEvent) => void): () => void
  /** Whether a bucket lets a page of another origin send this: see the guard. */
  admitsPage(request: Pick<WireRequest, 'method' | 'path' | 'query' | 'headers'>): boolean
}

export function openS3(ground: Ground, mail: Mail): S3 {
  const { store, clock } = ground
  const bodies = openBodies(ground)
  const dispatch = makeDispatch(operations)
  const listeners = new Set<(event: ObjectEvent) => void>()
  let count = 0

  const tell = (writer: Writer, change: ObjectChange, requestId: string, isOurs = false): void => {
    const time = clock.now()
    // Microseconds: ordered across restarts too, as long as the clock is.
    count = Math.max(count + 1, time * 1000)
    const sequencer = count.toString(16).toUpperCase().padStart(18, '0')
    const event: ObjectEvent = { time, sequencer, requestId, ...change }
    postChange(mail, writer, event, isOurs)
    writer.after(() => {
      for (const listener of listeners) listener(event)
    })
  }
  serveNotifications(mail, clock.now)
  startLifecycle({ store, clock, bodies, tell: (writer, change, id) => tell(writer, change, id, true) })

  const run = async (request: WireRequest, { bucket, key, inHost }: Address): Promise<WireResponse> => {
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
      mail,
      tell: (writer, change) => tell(writer, change, request.id),
    }
    if (operation.asks !== true) checkAllowed(call, { operation: operation.name, input: toInput(call) })
    try {
      return withExpiration(call, operation.name, await operation.run(call))
    } catch (error) {
      throw hideMissing(call, operation, error)
    }
  }

  const put = async (bucket: string, key: string, text: string): Promise<void> => {
    const bytes = Buffer.from(text)
    const headers = { 'content-length': String(bytes.length) }
    const { draft, size, md5, checksum } = await receive(bodies, headers, Readable.from([bytes]))
    const id = randomUUID()
    const place = {
      bucket,
      key,
      headers,
      clock,
      bodies,
      tell: (writer: Writer, change: ObjectChange) => tell(writer, change, id),
    }
    await placeObject(place, 'ObjectCreated:Put', draft, { size, etag: md5, headers: {}, checksum })
  }

  return {
    handle: async (request) => {
      const hostId = toHostId(request.id)
      let address: Address | undefined
      const answer = async (): Promise<WireResponse> => {
        address = readAddress(request.headers.host ?? '', request.path)
        return request.method === 'OPTIONS' ? answerPreflight(store, address, request) : await run(request, address)
      }
      const response = await answer().catch((error: unknown) => {
        if (error instanceof S3Error) return toErrorResponse(error, request.method, request.id, hostId)
        throw error
      })
      const shared = request.headers.origin === undefined ? undefined : corsHeaders(store, address?.bucket, request)
      // Not spread: V8 takes thirty times as long for what is added to what was spread.
      const own = { 'x-amz-request-id': request.id, 'x-amz-id-2': hostId, server: 'AmazonS3' }
      const { status, body } = response
      const headers = Object.assign(own, shared, response.headers)
      return body === undefined ? { status, headers } : { status, headers, body }
    },
    ensureBucket: (name, settings = {}) => store.commit((writer) => ensureBucket(writer, name, settings, clock.now())),
    find: (bucket) => store.get(bucketAt(bucket)) !== undefined,
    put,
    onObject: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    admitsPage: (request) => admitsPage(store, request),
  }
}
