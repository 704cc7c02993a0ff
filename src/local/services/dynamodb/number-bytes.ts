// A number as bytes, as DynamoDB hashes it.
import { toDecimal } from './decimal.ts'

// Source: dynalite's `numToBuffer`, found from the order of scans: sign and exponent, then two digits in a byte.
export function toNumberBytes(text: string): Uint8Array {
  const { negative, digits, exponent } = toDecimal(text)
  if (digits === '') return Uint8Array.of(0x80)
  const point = Math.ceil(exponent / 2)
  const aligned = (exponent & 1) === 0 ? digits : `0${digits}`
  const pairs = aligned.length % 2 === 0 ? aligned : `${aligned}0`
  const bytes = [negative ? 0x3f - point : point + 0xc0]
  for (let at = 0; at < pairs.length; at += 2) {
    const pair = Number(pairs.slice(at, at + 2))
    bytes.push(negative ? 101 - pair : pair + 1)
  }
  if (negative && digits.length < 38) bytes.push(102)
  return Uint8Array.from(bytes)
}
