// The keys of a table and of its indexes: how users write them, and what DynamoDB takes.
import { type Complaint, complaint } from '../errors.ts'
import type { Options, Plain } from './describe.ts'
import { flagOf, isObject, objectOf, type Rule, show, textOf } from './options.ts'
import type { AttributeType, TableIndexModel, TableKeyModel, TableModel } from './resources.ts'

const KEY = "It is an attribute, or a partition and a sort key: 'id', ['room', 'at']."
const isName = (value: Plain): value is string => typeof value === 'string' && value !== '' && value.length <= 255

export const key: Rule = (value) =>
  keyOf(value) === undefined ? { problem: `is ${show(value)}`, mend: KEY } : undefined

function keyOf(value: Plain | undefined): TableKeyModel | undefined {
  const parts: readonly Plain[] = Array.isArray(value) ? value : [value ?? null]
  const [partition, sort] = parts
  if (parts.length > 2 || partition === undefined || !isName(partition)) return undefined
  if (sort === undefined) return { partition, sort: undefined }
  return isName(sort) && sort !== partition ? { partition, sort } : undefined
}

const TYPES: readonly AttributeType[] = ['S', 'N', 'B']
const typeOf = (value: Plain | undefined): AttributeType | undefined => TYPES.find((one) => one === value)

export const attributeTypes: Rule = (value) => {
  const mend = "It says which attributes of keys are no texts: { at: 'N', digest: 'B' }."
  if (!isObject(value) || value.$ !== undefined) return { problem: `is ${show(value)}`, mend }
  const [name, wrong] = Object.entries(value).find(([, one]) => typeOf(one) === undefined) ?? []
  return name === undefined ? undefined : { problem: `has ${show(wrong ?? null)} as the type of ${name}`, mend }
}

const INDEX = "An index reads like ['user', 'at'] or { key: ['user', 'at'], projection: ['title'], local: true }."
const isProjection = (value: Plain): boolean =>
  value === 'all' || value === 'keys' || (Array.isArray(value) && value.length > 0 && value.every(isName))
const PARTS: Readonly<Record<string, (value: Plain) => boolean>> = {
  key: (value) => keyOf(value) !== undefined,
  projection: isProjection,
  local: (value) => typeof value === 'boolean',
}

function indexProblem(value: Plain): string | undefined {
  if (!isObject(value)) return keyOf(value) === undefined ? `is ${show(value)}` : undefined
  if (value.key === undefined) return 'has no `key`'
  const [part, wrong] = Object.entries(value).find(([name, one]) => PARTS[name]?.(one) !== true) ?? []
  return part === undefined ? undefined : `has ${show(wrong ?? null)} as \`${part}\``
}

// Source: CreateTable: names of 3 to 255; 20 global and 5 local indexes.
export const indexes: Rule = (value) => {
  if (!isObject(value) || value.$ !== undefined) return { problem: `is ${show(value)}`, mend: INDEX }
  for (const [name, one] of Object.entries(value)) {
    if (!/^[A-Za-z0-9_.-]{3,255}$/.test(name))
      return {
        problem: `has an index called ${show(name)}`,
        mend: 'Letters, digits, _, - and . are allowed, 3 to 255.',
      }
    const problem = indexProblem(one)
    if (problem !== undefined) return { problem: `has the index ${name}, which ${problem}`, mend: INDEX }
  }
  return undefined
}

const NONE: TableKeyModel = { partition: '', sort: undefined }
export const tableKeyOf = (options: Options): TableKeyModel => keyOf(options.key) ?? NONE

export const indexesOf = (options: Options): TableIndexModel[] =>
  Object.entries(objectOf(options, 'indexes')).flatMap(([name, value]): TableIndexModel[] => {
    const given = isObject(value) ? value : { key: value }
    const made = keyOf(given.key)
    return made === undefined
      ? []
      : [{ name, ...made, local: flagOf(given, 'local'), projection: projectionOf(given.projection) }]
  })

function projectionOf(value: Plain | undefined): TableIndexModel['projection'] {
  if (value === 'keys') return 'KEYS_ONLY'
  return Array.isArray(value) ? value.filter(isName) : 'ALL'
}

/** The type of each attribute that is in a key: text, unless `types` says otherwise. */
export function attributesOf(options: Options, keys: readonly TableKeyModel[]): Record<string, AttributeType> {
  const types = objectOf(options, 'types')
  const named = keys.flatMap(({ partition, sort }) => (sort === undefined ? [partition] : [partition, sort]))
  return Object.fromEntries([...new Set(named)].map((name) => [name, typeOf(types[name]) ?? 'S']))
}

/** Complains of what DynamoDB would refuse of keys that are well-formed each by itself. */
export function checkKeys(made: TableModel, options: Options): Complaint[] {
  const { name: table, key: own, indexes: all, attributes, where } = made
  const bad = (option: string, problem: string, mend: string): Complaint =>
    complaint('GOBLET_BAD_OPTION', { option, what: `the table ${table}`, problem, mend }, where)
  const complaints: Complaint[] = []
  for (const name of Object.keys(objectOf(options, 'types'))) {
    if (Object.hasOwn(attributes, name)) continue
    const problem = `says the type of ${name}, which is in no key`
    complaints.push(bad('types', problem, 'DynamoDB takes attributes of keys alone; all others may hold anything.'))
  }
  const local = all.filter((one) => one.local)
  for (const one of local) {
    if (one.partition === own.partition && own.sort !== undefined && one.sort !== undefined) continue
    const problem = `has the local index ${one.name}, whose key is none for one`
    const mend = `A local index has the table's partition key, ${textOf(options, 'key', own.partition)}, and another sort key; the table has a sort key too.`
    complaints.push(bad('indexes', problem, mend))
  }
  if (local.length > 5 || all.length - local.length > 20) {
    const problem = `has ${local.length} local indexes and ${all.length - local.length} others`
    complaints.push(bad('indexes', problem, 'DynamoDB takes 5 local ones and 20 others.'))
  }
  return complaints
}
