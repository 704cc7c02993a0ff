// Whether keys, items and updates fit the key schema of a table and of its indexes.
// Source: recorded answers (dynalite's tests; dynamodb-conformance).
import type { Place } from './expressions/placeholders.ts'
import { invalid, invalidParameter } from './problems.ts'
import { sizeOfKey } from './size.ts'
import type { Index, KeyAttribute, KeySchema, Table } from './table.ts'
import {
  type AttributeType,
  type AttributeValue,
  attributeOf,
  emptyItem,
  type Item,
  keyText,
  typeOf,
} from './values.ts'

const LONGEST_HASH = 2048
const LONGEST_SORT = 1024

const partsOf = ({ hash, sort }: KeySchema): readonly KeyAttribute[] => (sort === undefined ? [hash] : [hash, sort])

/** Global indexes first, as AWS looks at them. */
const indexesOf = ({ indexes }: Table): readonly Index[] =>
  indexes.length < 2 ? indexes : [...indexes].sort((left, right) => left.kind.localeCompare(right.kind))

/** The `Key` of a request: these attributes and no others. */
export function checkKey(schema: KeySchema, key: Item): void {
  const parts = partsOf(schema)
  if (Object.keys(key).length !== parts.length) throw noMatch()
  for (const part of parts) {
    const value = attributeOf(key, part.name)
    if (value === undefined || typeOf(value) !== part.type) throw noMatch()
  }
  for (const part of parts) checkPart(part, attributeOf(key, part.name), part === schema.hash)
}

const noMatch = () => invalid('The provided key element does not match the schema')

/** The key attributes of an item. */
export function keyOf({ key }: Pick<Table, 'key'>, item: Item): Item {
  const found = emptyItem()
  for (const { name } of partsOf(key)) {
    const value = attributeOf(item, name)
    if (value !== undefined) found[name] = value
  }
  return found
}

/** A whole item that is to be written. */
export function checkItem(table: Table, item: Item): void {
  for (const part of partsOf(table.key)) {
    const value = attributeOf(item, part.name)
    if (value === undefined) throw invalidParameter(`Missing the key ${part.name} in the item`)
    if (typeOf(value) !== part.type)
      throw invalidParameter(`Type mismatch for key ${part.name} expected: ${part.type} actual: ${typeOf(value)}`)
    checkPart(part, value, part === table.key.hash)
  }
  checkIndexKeys(table, item)
}

function checkPart({ name }: KeyAttribute, value: AttributeValue | undefined, isHash: boolean): void {
  if (value === undefined) return
  const empty = emptyWord(value)
  if (empty !== undefined)
    throw invalid(
      `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${empty} value. Key: ${name}`,
    )
  checkLength(value, isHash)
}

function checkLength(value: AttributeValue, isHash: boolean): void {
  const size = sizeOfKey(value)
  if (isHash && size > LONGEST_HASH)
    throw invalidParameter('Size of hashkey has exceeded the maximum size limit of2048 bytes')
  if (!isHash && size > LONGEST_SORT)
    throw invalidParameter('Aggregated size of all range keys has exceeded the size limit of 1024 bytes')
}

function emptyWord(value: AttributeValue): string | undefined {
  if ('N' in value || keyText(value) !== '') return undefined
  return 'S' in value ? 'string' : 'binary'
}

function checkIndexKeys(table: Table, item: Item): void {
  for (const index of indexesOf(table)) {
    for (const part of partsOf(index.key)) {
      const value = attributeOf(item, part.name)
      if (value === undefined) continue
      if (typeOf(value) !== part.type) throw indexMismatch(index, part, typeOf(value))
      const empty = emptyWord(value)
      if (empty !== undefined)
        throw invalid(
          `One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty ${empty} value. IndexName: ${index.name}, IndexKey: ${part.name}`,
        )
      checkLength(value, part === index.key.hash)
    }
  }
}

const indexMismatch = (index: Index, { name, type }: KeyAttribute, actual: AttributeType) =>
  invalidParameter(`Type mismatch for Index Key ${name} Expected: ${type} Actual: ${actual} IndexName: ${index.name}`)

/** What an update writes to, before any item is looked at. */
export function checkUpdated(
  table: Table,
  writes: readonly { readonly place: Place; readonly type: AttributeType | undefined }[],
): void {
  for (const { name } of partsOf(table.key))
    if (writes.some(({ place }) => place[0] === name))
      throw invalidParameter(`Cannot update attribute ${name}. This attribute is part of the key`)
  for (const index of indexesOf(table)) {
    for (const part of partsOf(index.key)) {
      const type = writes.find(({ place }) => place.length === 1 && place[0] === part.name)?.type
      if (type !== undefined && type !== part.type) throw indexMismatch(index, part, type)
    }
  }
}

/** Nothing lies within a key attribute. */
export function checkPlaces(table: Table, places: readonly Place[]): void {
  const nested = places.filter((place) => place.length > 1)
  if (nested.length === 0) return
  const refuse = (kind: string, { name }: KeyAttribute): void => {
    if (nested.some(([first]) => first === name))
      throw invalid(
        `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ${kind}: ${name}`,
      )
  }
  for (const part of partsOf(table.key)) refuse('Key', part)
  for (const index of indexesOf(table)) for (const part of partsOf(index.key)) refuse('IndexKey', part)
}

/** What an update has left under the names of index keys. */
export function checkUpdatedIndexes(table: Table, item: Item): void {
  for (const index of indexesOf(table)) {
    for (const part of partsOf(index.key)) {
      const value = attributeOf(item, part.name)
      if (value !== undefined && typeOf(value) !== part.type)
        throw invalid('The update expression attempted to update the secondary index key to unsupported type')
    }
  }
  checkIndexKeys(table, item)
}
