// Items of tables, between plain JavaScript values and DynamoDB's own form of them.

import type { TableItem, TableValue } from '../aws/events/table.ts'

/** An object as an item. What is undefined is left out, as JSON does. Throws a TypeError that names what cannot be held. */
export function toItem(value: object, path = 'item'): TableItem {
  const item: Record<string, TableValue> = Object.create(null)
  for (const [name, one] of Object.entries(value))
    if (one !== undefined) item[name] = toAttribute(one, `${path}.${name}`)
  return item
}

/** Any value that a table can hold. */
export function toAttribute(value: unknown, path = 'value'): TableValue {
  if (typeof value === 'string') return { S: value }
  if (typeof value === 'number' || typeof value === 'bigint') return { N: toNumber(value, path) }
  if (typeof value === 'boolean') return { BOOL: value }
  if (value === null) return { NULL: true }
  if (value instanceof Uint8Array) return { B: toBase64(value) }
  if (value instanceof Set) return toSet([...value], path)
  if (Array.isArray(value))
    return { L: value.map((one, index) => toAttribute(one === undefined ? null : one, `${path}[${index}]`)) }
  if (typeof value === 'object' && isDictionary(value)) return { M: toItem(value, path) }
  throw new TypeError(`${path} is ${named(value)}, which a table cannot hold: ${mend(value)}`)
}

function toNumber(value: number | bigint, path: string): string {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new TypeError(`${path} is ${value}, which a table cannot hold: it takes numbers that are finite.`)
  return String(value)
}

function toSet(members: readonly unknown[], path: string): TableValue {
  if (members.length === 0)
    throw new TypeError(`${path} is an empty set, which a table cannot hold: leave the attribute out.`)
  if (members.every((one) => typeof one === 'string')) return { SS: members }
  if (members.every((one) => typeof one === 'number' || typeof one === 'bigint'))
    return { NS: members.map((one) => toNumber(one, path)) }
  if (members.every((one) => one instanceof Uint8Array)) return { BS: members.map(toBase64) }
  throw new TypeError(`${path} is a set of other things than texts, numbers or bytes, or of several of them.`)
}

function isDictionary(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

const named = (value: unknown): string =>
  typeof value === 'object' && value !== null ? `a ${value.constructor?.name ?? 'strange object'}` : `a ${typeof value}`

const mend = (value: unknown): string =>
  value instanceof Date
    ? 'store its `toISOString()` or `getTime()`.'
    : 'it takes texts, numbers, bigints, booleans, null, bytes, sets, lists and plain objects.'

const toBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')

/** An item as a plain object. */
export function fromItem(item: TableItem): Record<string, unknown> {
  const plain: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(item)) put(plain, name, fromAttribute(value))
  return plain
}

function fromAttribute(value: TableValue): unknown {
  if ('S' in value) return value.S
  if ('N' in value) return fromNumber(value.N)
  if ('BOOL' in value) return value.BOOL
  if ('NULL' in value) return null
  if ('M' in value) return fromItem(value.M)
  if ('L' in value) return value.L.map(fromAttribute)
  if ('B' in value) return fromBase64(value.B)
  if ('SS' in value) return new Set(value.SS)
  return 'NS' in value ? new Set(value.NS.map(fromNumber)) : new Set(value.BS.map(fromBase64))
}

// A whole number that a double would round is a bigint, so that ids and counters keep their last digits.
function fromNumber(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) || !/^-?\d+$/.test(text) ? value : BigInt(text)
}

// Not a view of Node's pool: what else lies there is nobody's business.
const fromBase64 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'))

// An attribute is only a name, `__proto__` too.
function put(plain: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__')
    Object.defineProperty(plain, name, { value, enumerable: true, configurable: true, writable: true })
  else plain[name] = value
}
