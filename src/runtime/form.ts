// Forms: urlencoded and multipart (RFC 7578), files included.
import { queryPairs } from '../aws/events/http.ts'
import { type MediaType, toMediaType, toText } from './body.ts'
import { BadRequestError, PayloadTooLargeError, UnsupportedMediaTypeError } from './http-error.ts'

/** A file that came in a form. */
export interface FormFile {
  /** As the client calls it, without any folders. It is the client's word: never use it as a path as it is. */
  readonly name: string
  /** As the client says; `application/octet-stream` when it does not. */
  readonly type: string
  /** Bytes. */
  readonly size: number
  readonly bytes: Uint8Array
  readonly text: string
}

export type FormValue = string | FormFile

/** All values by field name, in the order they came. */
export type FormValues = Record<string, FormValue[]>

/** Reads a body as the form that its content type says it is. */
export function readForm(type: MediaType, bytes: Uint8Array): FormValues {
  const values: FormValues = Object.create(null)
  if (type.name === 'application/x-www-form-urlencoded') {
    for (const [name, value] of queryPairs(toText(bytes, type.parameters.charset))) add(values, name, value)
  } else if (type.name === 'multipart/form-data') {
    const { boundary } = type.parameters
    if (boundary === undefined || boundary === '') throw malformed('it names no boundary')
    readParts(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), boundary, values)
  } else throw new UnsupportedMediaTypeError(`This is no form: ${type.name === '' ? 'no media type' : type.name}`)
  return values
}

export const isForm = (name: string): boolean =>
  name === 'application/x-www-form-urlencoded' || name === 'multipart/form-data'

function add(values: FormValues, name: string, value: FormValue): void {
  const before = values[name]
  if (before === undefined) values[name] = [value]
  else before.push(value)
}

const malformed = (problem: string): Error => new BadRequestError(`Error Parsing Form: ${problem}`)

// Each part costs an object, so a body of nothing but boundaries would cost far more than its bytes.
const PARTS = 1000
const HEAD_BYTES = 16_384

/** As much of a Buffer as is used here. */
interface Bytes extends Uint8Array {
  toString(encoding?: 'utf8' | 'latin1', start?: number, end?: number): string
  indexOf(part: string | number, from?: number): number
}

function readParts(body: Bytes, boundary: string, values: FormValues): void {
  const opening = `--${boundary}`
  let at = body.indexOf(opening)
  if (at < 0) throw malformed('its boundary is not there')
  at += opening.length
  for (let parts = 0; ; parts++) {
    if (body.toString('latin1', at, at + 2) === '--') return
    if (parts === PARTS) throw new PayloadTooLargeError(`A form holds at most ${PARTS} parts.`)
    // Spaces may follow a boundary (RFC 2046, 5.1.1).
    while (body[at] === 0x20 || body[at] === 0x09) at++
    if (body.toString('latin1', at, at + 2) !== '\r\n') throw malformed('a boundary does not end its line')
    const end = body.indexOf(`\r\n${opening}`, at)
    if (end < 0) throw malformed('it ends within a part')
    readPart(body, at, end, values)
    at = end + 2 + opening.length
  }
}

function readPart(body: Bytes, start: number, end: number, values: FormValues): void {
  // From the line break before the first header, so that a part without headers is seen as one.
  const blank = body.indexOf('\r\n\r\n', start)
  if (blank < 0 || blank > end) throw malformed('a part has no headers')
  if (blank - start > HEAD_BYTES) throw new PayloadTooLargeError('The headers of a part are too long.')
  const { disposition, type } = readHead(body.toString('utf8', start, blank))
  const name = disposition.parameters.name
  if (disposition.name !== 'form-data' || name === undefined) throw malformed('a part has no name')
  const bytes = body.subarray(Math.min(blank + 4, end), end)
  const filename = disposition.parameters.filename
  const media = toMediaType(type)
  if (filename === undefined) add(values, unescaped(name), toText(bytes, media.parameters.charset))
  else add(values, unescaped(name), toFile(unescaped(filename), type, bytes))
}

function readHead(head: string): { disposition: MediaType; type: string | undefined } {
  let disposition: string | undefined
  let type: string | undefined
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(colon, 0)).trim().toLowerCase()
    if (name === 'content-disposition') disposition = line.slice(colon + 1).trim()
    else if (name === 'content-type') type = line.slice(colon + 1).trim()
  }
  return { disposition: toMediaType(disposition), type }
}

const toFile = (path: string, type: string | undefined, bytes: Uint8Array): FormFile => ({
  name: path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1),
  type: type ?? 'application/octet-stream',
  size: bytes.byteLength,
  bytes,
  get text() {
    return toText(bytes, toMediaType(type).parameters.charset)
  },
})

// What browsers escape in names, and nothing else. Source: the HTML standard, "multipart/form-data encoding".
const unescaped = (text: string): string =>
  text.replace(/%(22|0D|0A)/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
