// How many bytes a value counts for, as AWS counts them.
// Source: Developer Guide, "DynamoDB item sizes and formats".
import { toDecimal } from './decimal.ts'
import { type AttributeValue, type Item, keyText } from './values.ts'

/** The largest item, names included. */
export const LARGEST_ITEM = 400 * 1024

export function sizeOfItem(item: Item): number {
  let size = 0
  for (const name of Object.keys(item)) {
    const value = item[name]
    if (value !== undefined) size += Buffer.byteLength(name) + sizeOf(value)
  }
  return size
}

export function sizeOf(value: AttributeValue): number {
  if ('S' in value) return Buffer.byteLength(value.S)
  if ('N' in value) return sizeOfNumber(value.N)
  if ('B' in value) return Buffer.byteLength(value.B, 'base64')
  if ('SS' in value) return value.SS.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  if ('NS' in value) return value.NS.reduce((sum, text) => sum + sizeOfNumber(text), 0)
  if ('BS' in value) return value.BS.reduce((sum, text) => sum + Buffer.byteLength(text, 'base64'), 0)
  if ('M' in value) return 3 + sizeOfItem(value.M) + Object.keys(value.M).length
  if ('L' in value) return value.L.reduce((sum, one) => sum + 1 + sizeOf(one), 3)
  return 1
}

/** A byte for two digits on either side of the point, one byte more, and one for a minus. Source: recorded to the byte. */
function sizeOfNumber(text: string): number {
  const { negative, digits, exponent } = toDecimal(text)
  const whole = Math.min(digits.length, Math.max(exponent, 0))
  return 1 + Math.ceil(whole / 2) + Math.ceil((digits.length - whole) / 2) + (negative ? 1 : 0)
}

/** Bytes of a key attribute. */
export const sizeOfKey = (value: AttributeValue): number =>
  'N' in value ? sizeOfNumber(value.N) : Buffer.byteLength(keyText(value), 'B' in value ? 'base64' : 'utf8')
