// Takes `aws-chunked` framing off a body: docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html.
import { createHash, type Hash } from 'node:crypto'
import { chunkSigner, readSignature } from '../../../aws/signer.ts'
import { LOCAL_CREDENTIALS } from '../../service.ts'
import { digest } from './digest.ts'
import { S3Error } from './errors.ts'

const LONGEST_LINE = 4096

/** Whether a body is framed in chunks; SDK v3, boto3 and the CLI frame what they stream. */
export function isChunked(headers: Readonly<Record<string, string | undefined>>): boolean {
  const framed = headers['content-encoding']?.split(',').some((one) => one.trim() === 'aws-chunked') ?? false
  return framed || (headers['x-amz-content-sha256']?.startsWith('STREAMING-') ?? false)
}

/** Yields the bytes inside the chunks; trailing headers land in `trailers`. */
export async function* unchunk(
  source: AsyncIterable<Uint8Array>,
  trailers: Map<string, string>,
  headers: Readonly<Record<string, string | undefined>> = {},
): AsyncGenerator<Uint8Array> {
  const decoder = startDecoder(trailers, toChecker(headers))
  for await (const chunk of source) yield* decoder.push(chunk)
  if (!decoder.isDone()) throw new S3Error('IncompleteBody')
}

/** Checks the signatures of chunks, which stand on that of the request. */
interface Checker {
  /** Of the chunk that begins. */
  begin(signature: string | undefined): void
  update(bytes: Uint8Array): void
  /** Throws SignatureDoesNotMatch at a chunk that nobody signed. */
  end(): void
  endTrailers(lines: string, signature: string | undefined): void
}

// Only what the local key signed can be checked.
function toChecker(headers: Readonly<Record<string, string | undefined>>): Checker | undefined {
  if (headers['x-amz-content-sha256']?.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD') !== true) return undefined
  const seed = readSignature({ method: '', path: '', query: '', headers })
  if (seed === undefined || seed.accessKeyId !== LOCAL_CREDENTIALS.accessKeyId) return undefined
  const next = chunkSigner({ ...seed, credentials: LOCAL_CREDENTIALS, digest }, seed.signature)
  const compare = (made: string, given: string | undefined): void => {
    const details = { AWSAccessKeyId: seed.accessKeyId, SignatureProvided: given }
    if (made !== given) throw new S3Error('SignatureDoesNotMatch', details)
  }
  let expected: string | undefined
  let hash: Hash | undefined
  return {
    begin: (signature) => {
      expected = signature
      hash = createHash('sha256')
    },
    update: (bytes) => void hash?.update(bytes),
    end: () => compare(next({ hash: hash?.digest('hex') ?? '' }), expected),
    endTrailers: (lines, signature) => {
      if (headers['x-amz-content-sha256']?.endsWith('-TRAILER') === true) compare(next(lines, 'TRAILER'), signature)
    },
  }
}

function startDecoder(
  trailers: Map<string, string>,
  checker: Checker | undefined,
): {
  push: (chunk: Uint8Array) => Uint8Array[]
  isDone: () => boolean
} {
  let state: 'size' | 'data' | 'gap' | 'trailer' | 'done' = 'size'
  let line = ''
  let left = 0
  let signed = ''

  const onLine = (text: string): void => {
    if (state === 'gap') {
      if (text !== '') throw new S3Error('IncompleteBody')
      state = 'size'
    } else if (state === 'size') {
      const size = /^([\da-fA-F]{1,12})(?:;|$)/.exec(text)?.[1]
      if (size === undefined) throw new S3Error('IncompleteBody')
      left = Number.parseInt(size, 16)
      state = left === 0 ? 'trailer' : 'data'
      checker?.begin(/;chunk-signature=([\da-f]{64})(?:;|$)/.exec(text)?.[1])
      if (left === 0) checker?.end()
    } else if (text !== '') {
      const colon = text.indexOf(':')
      if (!text.startsWith('x-amz-trailer-signature:')) signed += `${text}\n`
      if (colon > 0) trailers.set(text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim())
      if (trailers.size > 20) throw new S3Error('IncompleteBody')
    } else state = 'done'
  }

  // Some clients end the body right after the last chunk or the last trailer, without the empty line.
  const isDone = (): boolean => {
    if (state !== 'done' && (state !== 'trailer' || line !== '')) return false
    checker?.endTrailers(signed, trailers.get('x-amz-trailer-signature'))
    return true
  }

  const push = (chunk: Uint8Array): Uint8Array[] => {
    const bytes: Uint8Array[] = []
    let at = 0
    while (at < chunk.length && state !== 'done') {
      if (state === 'data') {
        const taken = chunk.subarray(at, at + left)
        bytes.push(taken)
        checker?.update(taken)
        at += taken.length
        left -= taken.length
        if (left > 0) continue
        state = 'gap'
        checker?.end()
        continue
      }
      const end = chunk.indexOf(10, at)
      line += Buffer.from(chunk.subarray(at, end < 0 ? undefined : end)).toString('latin1')
      if (line.length > LONGEST_LINE) throw new S3Error('IncompleteBody')
      at = end < 0 ? chunk.length : end + 1
      if (end < 0) continue
      const whole = line.endsWith('\r') ? line.slice(0, -1) : line
      line = ''
      onLine(whole)
    }
    return bytes
  }
  return { push, isDone }
}
