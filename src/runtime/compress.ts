// Answers made smaller by Brotli or gzip, where the client takes it and it is worth it.
import { toMediaType } from './body.ts'
import { withVary } from './cors.ts'
import type { Draft } from './response.ts'

type Encoding = 'br' | 'gzip'

/** Compresses an answer of `above` bytes or more. A promise only where there is something to do. */
export function compress(draft: Draft, accepted: string | undefined, above: number): Draft | Promise<Draft> {
  const { statusCode, headers = {}, body = '', isBase64Encoded } = draft
  // Base64 is a third longer than what it holds; counting characters spares decoding what stays as it is.
  const size = isBase64Encoded ? (body.length * 3) / 4 : body.length
  if (size < above || statusCode === 206 || !isCompressible(headers)) return draft
  const vary = withVary(headers.vary, 'Accept-Encoding')
  const encoding = choose(accepted)
  if (encoding === undefined) return { ...draft, headers: { ...headers, vary } }
  return shrink(draft, encoding, { ...headers, vary })
}

const COMPRESSIBLE =
  /^(?:text\/.+|.+\+(?:json|xml|text)|application\/(?:json|javascript|xml|wasm|x-ndjson|graphql|x-www-form-urlencoded|rtf|manifest)|font\/(?:ttf|otf)|image\/(?:bmp|x-icon))$/

function isCompressible(headers: Readonly<Record<string, string>>): boolean {
  if (headers['content-encoding'] !== undefined || headers['content-range'] !== undefined) return false
  if (/(?:^|[,\s])no-transform(?:$|[,\s])/i.test(headers['cache-control'] ?? '')) return false
  return COMPRESSIBLE.test(toMediaType(headers['content-type']).name)
}

// RFC 9110, 12.5.3: the higher weight wins, 0 refuses, `*` is every other encoding. Brotli where both are as welcome.
function choose(accepted = ''): Encoding | undefined {
  const weights = new Map<string, number>()
  for (const part of accepted.split(',')) {
    const [name = '', ...parameters] = part.split(';').map((one) => one.trim().toLowerCase())
    const weight = parameters.find((one) => one.startsWith('q='))
    weights.set(name, weight === undefined ? 1 : Number(weight.slice(2)) || 0)
  }
  const weigh = (name: Encoding): number => weights.get(name) ?? weights.get('*') ?? 0
  const [br, gzip] = [weigh('br'), weigh('gzip')]
  if (br === 0 && gzip === 0) return undefined
  return br >= gzip ? 'br' : 'gzip'
}

// Brotli's default of 11 takes a hundred times as long as 4 for a few per cent.
const BROTLI_QUALITY = 4

async function shrink(draft: Draft, encoding: Encoding, headers: Record<string, string>): Promise<Draft> {
  const { brotliCompress, constants, gzip } = await import('node:zlib')
  const bytes = Buffer.from(draft.body ?? '', draft.isBase64Encoded ? 'base64' : 'utf8')
  const shrunk = await new Promise<Uint8Array>((resolve, reject) => {
    const done = (error: Error | null, made: Uint8Array): void => (error === null ? resolve(made) : reject(error))
    const options = {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: bytes.byteLength,
      },
    }
    if (encoding === 'br') brotliCompress(bytes, options, done)
    else gzip(bytes, done)
  })
  headers['content-encoding'] = encoding
  delete headers['content-length']
  // The tag named other bytes: it may still say that they mean the same.
  if (headers.etag !== undefined && !headers.etag.startsWith('W/')) headers.etag = `W/${headers.etag}`
  const body = Buffer.from(shrunk.buffer, shrunk.byteOffset, shrunk.byteLength).toString('base64')
  return { ...draft, headers, body, isBase64Encoded: true }
}
