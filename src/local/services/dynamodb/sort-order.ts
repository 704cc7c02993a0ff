// Sort keys as text that the store orders as DynamoDB orders the keys: strings by UTF-8 bytes, numbers by value, binaries by bytes.
import { orderText } from './decimal.ts'
import type { AttributeValue } from './values.ts'

/** At most 1,536 bytes for the 1,024 a sort key may have. */
export function encodeSort(value: AttributeValue): string {
  if ('S' in value) return LOW.test(value.S) ? escapeLow(value.S) : value.S
  if ('N' in value) return orderText(value.N)
  if ('B' in value) return encodeBinary(Buffer.from(value.B, 'base64'))
  throw new Error('A sort key is a string, a number or a binary.')
}

/** From `start` (included) to `end` (excluded): the encodings of all keys that begin with this one. Not for numbers. */
export function beginningWith(value: AttributeValue): { start: string; end: string } {
  const start = encodeSort(value)
  if ('B' in value) return { start, end: binaryEnd(Buffer.from(value.B, 'base64')) }
  // The last low character of an odd run is written together with what follows it.
  const isOpen = start.at(-2) === ESCAPE && ((start.charCodeAt(start.length - 1) - BASE) & 7) === END
  const shared = isOpen ? start.slice(0, -1) + String.fromCharCode(start.charCodeAt(start.length - 1) + OTHER) : start
  return { start, end: `${shared}${HIGHEST}` }
}

const HIGHEST = '\u{10ffff}'

// The store's own encoding has a use for the characters up to U+0004, not the same in short and in long strings: they are
// written two by two, behind a character below all that are left. One byte for a character would be too little, two bytes
// for each too long for the store.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped.
const LOW = /[\u0000-\u0005]/
const ESCAPE = '\u0005'
const BASE = 0x20
const END = 0
const OTHER = 7

function escapeLow(text: string): string {
  let result = ''
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code > 5) {
      result += text[at]
      continue
    }
    const next = at + 1 < text.length ? text.charCodeAt(at + 1) : -1
    const second = next < 0 ? END : next > 5 ? OTHER : next + 1
    if (second !== END && second !== OTHER) at++
    result += ESCAPE + String.fromCharCode(BASE + (code + 1) * 8 + second)
  }
  return result
}

const DIGITS = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'

// Base64 with its characters in the order of ASCII: compares as the bytes do. Latin-1 text would be up to 2,048 bytes.
function encodeBinary(bytes: Uint8Array): string {
  let result = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    bits = (bits << 8) | byte
    held += 8
    while (held >= 6) {
      held -= 6
      result += DIGITS[(bits >> held) & 63]
    }
    bits &= (1 << held) - 1
  }
  return held > 0 ? result + DIGITS[(bits << (6 - held)) & 63] : result
}

function binaryEnd(bytes: Uint8Array): string {
  const next = Buffer.from(bytes)
  for (let at = next.length - 1; at >= 0; at--) {
    const byte = next[at] ?? 0
    if (byte < 255) {
      next[at] = byte + 1
      return encodeBinary(next.subarray(0, at + 1))
    }
  }
  return HIGHEST
}
