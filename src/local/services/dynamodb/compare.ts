// Equality, order, and what one value contains of another.
import { compareNumbers } from './decimal.ts'
import { type AttributeValue, attributeOf, type Item } from './values.ts'

export function areEqual(left: AttributeValue, right: AttributeValue): boolean {
  if ('S' in left) return 'S' in right && left.S === right.S
  // Numbers and binaries are kept in one form each.
  if ('N' in left) return 'N' in right && left.N === right.N
  if ('B' in left) return 'B' in right && left.B === right.B
  if ('BOOL' in left) return 'BOOL' in right && left.BOOL === right.BOOL
  if ('NULL' in left) return 'NULL' in right
  if ('L' in left) return 'L' in right && areListsEqual(left.L, right.L)
  if ('M' in left) return 'M' in right && areItemsEqual(left.M, right.M)
  if ('SS' in left) return 'SS' in right && areSetsEqual(left.SS, right.SS)
  if ('NS' in left) return 'NS' in right && areSetsEqual(left.NS, right.NS)
  return 'BS' in right && areSetsEqual(left.BS, right.BS)
}

export function areItemsEqual(left: Item, right: Item): boolean {
  const names = Object.keys(left)
  if (names.length !== Object.keys(right).length) return false
  return names.every((name) => {
    const one = attributeOf(left, name)
    const other = attributeOf(right, name)
    return one !== undefined && other !== undefined && areEqual(one, other)
  })
}

function areListsEqual(left: readonly AttributeValue[], right: readonly AttributeValue[]): boolean {
  if (left.length !== right.length) return false
  return left.every((one, index) => {
    const other = right[index]
    return other !== undefined && areEqual(one, other)
  })
}

function areSetsEqual(left: readonly string[], right: readonly string[]): boolean {
  if (left.length !== right.length) return false
  // The members of a set are kept in order.
  return left.every((one, index) => one === right[index])
}

/** Negative, zero or positive; undefined when the two have no order between them. */
export function orderOf(left: AttributeValue, right: AttributeValue): number | undefined {
  if ('S' in left && 'S' in right) return compareText(left.S, right.S)
  if ('N' in left && 'N' in right) return compareNumbers(left.N, right.N)
  return 'B' in left && 'B' in right ? compareBinaries(left.B, right.B) : undefined
}

/** Compares base64 by the bytes it stands for. */
export const compareBinaries = (left: string, right: string): number =>
  Buffer.from(left, 'base64').compare(Buffer.from(right, 'base64'))

/** By UTF-8 bytes; UTF-16 orders them alike but for characters from U+E000 on beside surrogates. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0
  if (!HIGH.test(left) && !HIGH.test(right)) return left < right ? -1 : 1
  return Buffer.from(left).compare(Buffer.from(right))
}
const HIGH = /[\ud800-\uffff]/

export function beginsWith(value: AttributeValue, start: AttributeValue): boolean {
  if ('S' in value && 'S' in start) return value.S.startsWith(start.S)
  if (!('B' in value && 'B' in start)) return false
  const bytes = Buffer.from(start.B, 'base64')
  return Buffer.from(value.B, 'base64').subarray(0, bytes.length).equals(bytes)
}

export function contains(value: AttributeValue, part: AttributeValue): boolean {
  if ('L' in value) return value.L.some((one) => areEqual(one, part))
  if ('S' in part) return 'S' in value ? value.S.includes(part.S) : 'SS' in value && value.SS.includes(part.S)
  if ('N' in part) return 'NS' in value && value.NS.includes(part.N)
  if (!('B' in part)) return false
  if ('BS' in value) return value.BS.includes(part.B)
  return 'B' in value && Buffer.from(value.B, 'base64').includes(Buffer.from(part.B, 'base64'))
}

/** What the function `size` answers; undefined for what has no size. */
export function countOf(value: AttributeValue): number | undefined {
  if ('S' in value) return value.S.length
  if ('B' in value) return Buffer.byteLength(value.B, 'base64')
  if ('SS' in value) return value.SS.length
  if ('NS' in value) return value.NS.length
  if ('BS' in value) return value.BS.length
  if ('L' in value) return value.L.length
  return 'M' in value ? Object.keys(value.M).length : undefined
}
