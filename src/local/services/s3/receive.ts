// Takes a request body in: its framing off, its length and every digest the client sent checked.
import { createHash, hash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { type Bodies, type Draft, INLINE } from './bodies.ts'
import {
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  checksumHeader,
  type RunningChecksum,
  startChecksum,
} from './checksums.ts'
import { isChunked, unchunk } from './chunked.ts'
import { S3Error } from './errors.ts'
import type { Checksum } from './state.ts'

export type Headers = Readonly<Record<string, string | undefined>>

export interface Received {
  readonly draft: Draft
  readonly size: number
  /** Hex. */
  readonly md5: string
  readonly checksum?: Checksum
}

const LARGEST = 5 * 1024 ** 3

/** Takes in the body of an object or a part. `algorithm` is computed also when the client sent no value for it. */
export async function receive(
  bodies: Bodies,
  headers: Headers,
  body: Readable,
  algorithm?: ChecksumAlgorithm,
): Promise<Received> {
  const meter = startMeter(headers, algorithm)
  if (meter.isSmall) {
    const bytes = await collect(body)
    return { draft: bodies.hold(bytes), ...meter.ofWhole(bytes) }
  }
  const draft = await bodies.write(meter.through(body))
  try {
    return { draft, ...meter.finish(draft.segment.size) }
  } catch (error) {
    await bodies.abandon([draft])
    throw error
  }
}

/** Takes in a body that is a document, up to `limit` bytes. */
export async function receiveText(
  headers: Headers,
  body: Readable,
  limit: number,
  mustBeChecked = false,
): Promise<string> {
  const meter = startMeter(headers)
  if (mustBeChecked && headers['content-md5'] === undefined && meter.algorithm === undefined)
    throw new S3Error('InvalidRequest', {}, 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*')
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of meter.through(body)) {
    size += chunk.length
    if (size > limit) throw new S3Error('MalformedXML')
    chunks.push(chunk)
  }
  meter.finish(size)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))
  } catch {
    throw new S3Error('MalformedXML')
  }
}

// A small body whole, by events: a pipe of generators would cost more than all that is done with it.
function collect(body: Readable): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    if (body.destroyed) reject(new S3Error('IncompleteBody'))
    let first: Buffer | undefined
    let rest: Buffer[] | undefined
    body.on('data', (chunk: Buffer) => {
      if (first === undefined) first = chunk
      else {
        rest ??= [first]
        rest.push(chunk)
      }
    })
    body.once('end', () => resolve(rest === undefined ? (first ?? EMPTY) : Buffer.concat(rest)))
    // The client went away; that is no defect of ours.
    body.once('error', (error) => reject(body.readableAborted ? new S3Error('IncompleteBody') : error))
    body.once('close', () => {
      if (!body.readableEnded) reject(new S3Error('IncompleteBody'))
    })
  })
}

const EMPTY = Buffer.alloc(0)

interface Meter {
  /** Whether the body is announced as one that the store takes. */
  readonly isSmall: boolean
  /** What `finish` gives, of a body that is there at once: half of what hashing few bytes costs is making the hash. */
  ofWhole(bytes: Uint8Array): Measured
  readonly algorithm: ChecksumAlgorithm | undefined
  through(body: Readable): AsyncIterable<Uint8Array>
  finish(size: number): Measured
}

interface Measured {
  readonly size: number
  /** Hex. */
  readonly md5: string
  readonly checksum?: Checksum
}

function startMeter(headers: Headers, fallback?: ChecksumAlgorithm): Meter {
  const chunked = isChunked(headers)
  const length = readLength(headers, chunked)
  const claimed = headers['content-md5']
  if (claimed !== undefined && Buffer.from(claimed, 'base64').length !== 16)
    throw new S3Error('InvalidDigest', { 'Content-MD5': claimed })
  const algorithm = claimedAlgorithm(headers)
  const running = algorithm ?? fallback
  const checksum = running === undefined ? undefined : startChecksum(running)
  const sha256 = /^[\da-f]{64}$/.exec(headers['x-amz-content-sha256'] ?? '')?.[0]
  const isPayloadClaimed = sha256 !== undefined && !chunked
  const trailers = new Map<string, string>()

  const md5 = once(() => createHash('md5'))
  const payload = once(() => createHash('sha256'))

  async function* through(body: Readable): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of chunked ? unchunk(body, trailers, headers) : body) {
        md5().update(chunk)
        checksum?.update(chunk)
        if (isPayloadClaimed) payload().update(chunk)
        yield chunk
      }
    } catch (error) {
      // The client went away; that is no defect of ours.
      throw body.readableAborted && !(error instanceof S3Error) ? new S3Error('IncompleteBody') : error
    }
  }

  const check = (size: number, digest: string, computed: string | undefined): Measured => {
    if (length !== undefined && size !== length) throw new S3Error('IncompleteBody')
    const calculated = claimed === undefined ? undefined : Buffer.from(digest, 'hex').toString('base64')
    if (claimed !== calculated)
      throw new S3Error('BadDigest', { ExpectedDigest: claimed, CalculatedDigest: calculated })
    if (computed !== undefined && computed !== sha256)
      throw new S3Error('XAmzContentSHA256Mismatch', {
        ClientComputedContentSHA256: sha256,
        S3ComputedContentSHA256: computed,
      })
    const done = { size, md5: digest }
    if (running === undefined || checksum === undefined) return done
    const name = checksumHeader(running)
    const value = checkedValue(running, checksum, algorithm && (headers[name] ?? trailers.get(name)))
    return { ...done, checksum: { algorithm: running, value, type: 'FULL_OBJECT' } }
  }
  const finish = (size: number): Measured =>
    check(size, md5().digest('hex'), isPayloadClaimed ? payload().digest('hex') : undefined)
  const ofWhole = (bytes: Uint8Array): Measured => {
    checksum?.update(bytes)
    return check(bytes.length, hash('md5', bytes), isPayloadClaimed ? hash('sha256', bytes) : undefined)
  }
  const isSmall = !chunked && length !== undefined && length <= INLINE
  return { algorithm, isSmall, ofWhole, through, finish }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

function checkedValue(algorithm: ChecksumAlgorithm, running: RunningChecksum, claimed: string | undefined): string {
  const value = running.value()
  if (claimed === undefined || claimed === value) return value
  if (claimed.length !== value.length)
    throw new S3Error('InvalidRequest', {}, `Value for ${checksumHeader(algorithm)} header is invalid.`)
  throw new S3Error('BadDigest', {}, `The ${algorithm} you specified did not match the calculated checksum.`)
}

function claimedAlgorithm(headers: Headers): ChecksumAlgorithm | undefined {
  const trailer = headers['x-amz-trailer']?.toLowerCase()
  const found = CHECKSUM_ALGORITHMS.filter(
    (one) => headers[checksumHeader(one)] !== undefined || trailer === checksumHeader(one),
  )
  if (found.length < 2) return found[0]
  throw new S3Error(
    'InvalidRequest',
    {},
    'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
  )
}

function readLength(headers: Headers, chunked: boolean): number | undefined {
  const text = chunked ? (headers['x-amz-decoded-content-length'] ?? '') : (headers['content-length'] ?? '')
  if (!/^\d{1,15}$/.test(text)) {
    if (!chunked && headers['transfer-encoding'] !== undefined)
      throw new S3Error('NotImplemented', { Header: 'Transfer-Encoding' })
    throw new S3Error('MissingContentLength')
  }
  const length = Number(text)
  if (length > LARGEST) throw new S3Error('EntityTooLarge', { ProposedSize: length, MaxSizeAllowed: LARGEST })
  return length
}
