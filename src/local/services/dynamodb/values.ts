// Attribute values and items, in the words of the wire: what a client sends is what is kept and what comes back.
import type { TableItem, TableValue } from '../../../aws/events/table.ts'

/** One value, under the letter of its type. N and NS hold numbers as text, B and BS hold base64. */
export type AttributeValue = TableValue

/** Attributes by name. Read them by `attributeOf`: a name may be `constructor` or `__proto__`. */
export type Item = TableItem

export type AttributeType = 'S' | 'N' | 'B' | 'SS' | 'NS' | 'BS' | 'M' | 'L' | 'BOOL' | 'NULL'
export type KeyType = 'S' | 'N' | 'B'

/** The attribute of that name, if the item has it. */
export const attributeOf = (item: Item, name: string): AttributeValue | undefined =>
  Object.hasOwn(item, name) ? item[name] : undefined

/** An item to be filled: without a prototype, so that every name is only a name. */
export const emptyItem = (): Record<string, AttributeValue> => Object.create(null)

export const copyOf = (item: Item): Record<string, AttributeValue> => Object.assign(emptyItem(), item)

/** The letter of a value's type. */
export function typeOf(value: AttributeValue): AttributeType {
  for (const type in value) return type as AttributeType
  return 'NULL'
}

/** What a key is made of, without the letter. */
export function keyText(value: AttributeValue): string {
  if ('S' in value) return value.S
  if ('N' in value) return value.N
  if ('B' in value) return value.B
  throw new Error(`A key attribute cannot have the type ${typeOf(value)}.`)
}
