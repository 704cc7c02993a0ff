// Reading an object: GetObject and HeadObject.
import type { WireResponse } from '../../../service.ts'
import { checkRead } from '../conditions.ts'
import type { Call, Operation } from '../dispatch.ts'
import { badArgument, S3Error } from '../errors.ts'
import { showHeaders } from '../headers.ts'
import { type ByteRange, readRange } from '../range.ts'
import type { StoredObject } from '../state.ts'
import { findObject, showVersion } from '../versions.ts'

const OVERRIDES = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
]
const LATIN = 'Header value cannot be represented using ISO-8859-1.'
const OVERRIDING = OVERRIDES.map((name) => [`response-${name}`, name] as const)
const parameters = ['versionId', 'partNumber', ...OVERRIDING.map(([asked]) => asked)]

export const reads: readonly Operation[] = [
  { name: 'GetObject', method: 'GET', level: 'object', parameters, run: (call) => readObject(call, true) },
  { name: 'HeadObject', method: 'HEAD', level: 'object', parameters, run: (call) => readObject(call, false) },
]

function readObject(call: Call, withBody: boolean): WireResponse {
  const { query, headers, signed, store, bodies } = call
  const { object, bucket } = findObject(store, call, query.get('versionId'), withBody ? 'GET' : 'HEAD')
  checkRead(headers, object)
  const number = query.get('partNumber')
  const range = number === undefined ? readRange(headers.range, object.size) : partRange(object, number)
  const { start, end } = range ?? { start: 0, end: object.size - 1 }
  const shown = showHeaders(object, headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED' && range === undefined)
  if (bucket.versioning !== undefined) Object.assign(shown, showVersion(object, bucket))
  if (query.size > 0) override(shown, query, signed)
  shown['content-length'] = String(end - start + 1)
  if (range !== undefined && object.size > 0) shown['content-range'] = `bytes ${start}-${end}/${object.size}`
  if (number !== undefined && object.parts !== undefined) shown['x-amz-mp-parts-count'] = String(object.parts)
  const status = range === undefined ? 200 : 206
  return withBody
    ? { status, headers: shown, body: bodies.read(object.segments, start, end) }
    : { status, headers: shown }
}

// A part of an object uploaded in parts; any other object is its own part 1.
function partRange(object: StoredObject, text: string): ByteRange {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (number < 1 || number > 10_000)
    throw badArgument('partNumber', text, 'Part number must be an integer between 1 and 10000, inclusive')
  const count = object.parts ?? 1
  if (number > count) throw new S3Error('InvalidPartNumber', { PartNumberRequested: number, ActualPartCount: count })
  let start = 0
  for (const segment of object.segments.slice(0, number - 1)) start += segment.size
  return { start, end: start + (object.segments[number - 1]?.size ?? object.size) - 1 }
}

function override(shown: Record<string, string>, query: ReadonlyMap<string, string>, signed: boolean): void {
  for (const [asked, name] of OVERRIDING) {
    const value = query.get(asked)
    if (value === undefined) continue
    if (!signed)
      throw new S3Error(
        'InvalidRequest',
        {},
        'Request specific response headers cannot be used for anonymous GET requests.',
      )
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a decoded CR or LF would split the response header.
    if (/[\u0000-\u001f\u007f]/.test(value)) throw badArgument(asked, value)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ISO-8859-1.
    if (/[^\u0000-\u00ff]/.test(value)) throw badArgument(asked, value, LATIN)
    shown[name] = value
  }
}
