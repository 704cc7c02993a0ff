// Takes `aws-chunked` framing off a body: docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html.
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
): AsyncGenerator<Uint8Array> {
  const decoder = startDecoder(trailers)
  for await (const chunk of source) yield* decoder.push(chunk)
  if (!decoder.isDone()) throw new S3Error('IncompleteBody')
}

function startDecoder(trailers: Map<string, string>): {
  push: (chunk: Uint8Array) => Uint8Array[]
  isDone: () => boolean
} {
  let state: 'size' | 'data' | 'gap' | 'trailer' | 'done' = 'size'
  let line = ''
  let left = 0

  const onLine = (text: string): void => {
    if (state === 'gap') {
      if (text !== '') throw new S3Error('IncompleteBody')
      state = 'size'
    } else if (state === 'size') {
      const size = /^([\da-fA-F]{1,12})(?:;|$)/.exec(text)?.[1]
      if (size === undefined) throw new S3Error('IncompleteBody')
      left = Number.parseInt(size, 16)
      state = left === 0 ? 'trailer' : 'data'
    } else if (text !== '') {
      const colon = text.indexOf(':')
      if (colon > 0) trailers.set(text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim())
      if (trailers.size > 20) throw new S3Error('IncompleteBody')
    } else state = 'done'
  }

  const push = (chunk: Uint8Array): Uint8Array[] => {
    const bytes: Uint8Array[] = []
    let at = 0
    while (at < chunk.length && state !== 'done') {
      if (state === 'data') {
        const taken = chunk.subarray(at, at + left)
        bytes.push(taken)
        at += taken.length
        left -= taken.length
        if (left === 0) state = 'gap'
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
  // Some clients end the body right after the last chunk or the last trailer, without the empty line.
  return { push, isDone: () => state === 'done' || (state === 'trailer' && line === '') }
}
