// The Range header as S3 reads it: one range; anything it cannot read is ignored, anything outside is 416.
import { S3Error } from './errors.ts'

export interface ByteRange {
  /** Both included. */
  readonly start: number
  readonly end: number
}

export function readRange(header: string | undefined, size: number): ByteRange | undefined {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '')
  if (header === undefined || found === null) return undefined
  const [, first = '', last = ''] = found
  if (first === '' && last === '') return undefined
  if (first === '') {
    if (Number(last) === 0 || size === 0) throw unsatisfiable(header, size)
    return { start: Math.max(size - Number(last), 0), end: size - 1 }
  }
  if (last !== '' && Number(last) < Number(first)) return undefined
  if (Number(first) >= size) throw unsatisfiable(header, size)
  return { start: Number(first), end: last === '' ? size - 1 : Math.min(Number(last), size - 1) }
}

/** Reads `x-amz-copy-source-range`, which must name both ends and lie inside. */
export function readCopyRange(header: string | undefined, size: number): ByteRange {
  if (header === undefined) return { start: 0, end: size - 1 }
  const found = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(header)
  const start = Number(found?.[1])
  const end = Number(found?.[2])
  if (found !== null && start <= end && end < size) return { start, end }
  const words =
    found === null
      ? 'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy'
      : `Range specified is not valid for source object of size: ${size}`
  throw new S3Error('InvalidArgument', { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: header }, words)
}

function unsatisfiable(header: string, size: number): S3Error {
  return new S3Error('InvalidRange', { RangeRequested: header, ActualObjectSize: size }, undefined, {
    'content-range': `bytes */${size}`,
  })
}
