// What CreateTable and UpdateTable say of keys and indexes: checked in AWS's words, read into what is kept.
// Source: the order and words are recorded by dynalite's tests.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import { type Rule, type Rules, required } from './constraints.ts'
import { invalid, invalidParameter } from './problems.ts'
import type { Index, KeyAttribute, KeySchema, Projection, Throughput } from './table.ts'
import type { KeyType } from './values.ts'

const name: Rule = { is: 'text', required: true, least: 1, most: 255 }
const keySchema: Rule = {
  is: 'list',
  required: true,
  least: 1,
  most: 2,
  each: {
    is: 'structure',
    shape: 'KeySchemaElement',
    members: { AttributeName: name, KeyType: { is: 'text', required: true, choices: ['HASH', 'RANGE'] } },
  },
}
export const attributeDefinitions: Rule = {
  is: 'list',
  each: {
    is: 'structure',
    shape: 'AttributeDefinition',
    members: { AttributeName: name, AttributeType: { is: 'text', required: true, choices: ['B', 'N', 'S'] } },
  },
}
const capacity: Rule = { is: 'number', required: true, least: 1 }
export const provisionedThroughput: Rule = {
  is: 'structure',
  members: { WriteCapacityUnits: capacity, ReadCapacityUnits: capacity },
}
const projection: Rule = {
  is: 'structure',
  required: true,
  members: {
    ProjectionType: { is: 'text', choices: ['ALL', 'INCLUDE', 'KEYS_ONLY'] },
    NonKeyAttributes: { is: 'list', least: 1, most: 20, each: { is: 'text' } },
  },
}
export const namedIndex: Rule = required({ is: 'text', pattern: '[a-zA-Z0-9_.-]+', least: 3, most: 255 })
export const localIndex: Rules = { Projection: projection, IndexName: namedIndex, KeySchema: keySchema }
export const globalIndex: Rules = {
  Projection: projection,
  IndexName: namedIndex,
  ProvisionedThroughput: provisionedThroughput,
  KeySchema: keySchema,
}
export const KEY_SCHEMA = keySchema

export const listOf = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

export function readDefinitions(value: unknown): KeyAttribute[] {
  return listOf(value).map((one) => ({ name: textOf(one.AttributeName), type: toKeyType(one.AttributeType) }))
}

const toKeyType = (value: unknown): KeyType => (value === 'N' || value === 'B' ? value : 'S')

interface Part {
  readonly name: string
  readonly type: string
}

const readParts = (value: unknown): Part[] =>
  listOf(value).map((one) => ({ name: textOf(one.AttributeName), type: textOf(one.KeyType) }))

/** The key of a table. */
export function readTableKey(value: unknown, definitions: readonly KeyAttribute[]): KeySchema {
  const parts = readParts(value)
  const known = definitions.map((one) => one.name)
  const isMissing = parts.some((part) => !known.includes(part.name))
  if (parts.length === 2 && (isMissing || (parts[0]?.name === parts[1]?.name && known.length === 1)))
    throw invalid('Invalid KeySchema: Some index key attribute have no definition')
  if (isMissing) throw undefinedKeys(parts, known)
  return toSchema(parts, definitions)
}

const undefinedKeys = (parts: readonly Part[], known: readonly string[]) =>
  invalidParameter(
    `Some index key attributes are not defined in AttributeDefinitions. Keys: [${parts.map((part) => part.name).join(', ')}], AttributeDefinitions: [${known.join(', ')}]`,
  )

function toSchema(parts: readonly Part[], definitions: readonly KeyAttribute[]): KeySchema {
  const [hash, sort] = parts
  if (hash === undefined || hash.name === sort?.name)
    throw invalid('Both the Hash Key and the Range Key element in the KeySchema have the same name')
  if (hash.type !== 'HASH') throw invalid('Invalid KeySchema: The first KeySchemaElement is not a HASH key type')
  if (sort !== undefined && sort.type !== 'RANGE')
    throw invalid('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type')
  const find = (part: Part): KeyAttribute =>
    definitions.find((one) => one.name === part.name) ?? { name: part.name, type: 'S' }
  return sort === undefined ? { hash: find(hash) } : { hash: find(hash), sort: find(sort) }
}

/** An index's own key, name and projection. */
export function readIndex(value: JsonObject, kind: Index['kind'], definitions: readonly KeyAttribute[]): Index {
  const parts = readParts(value.KeySchema)
  const known = definitions.map((one) => one.name)
  if (parts.some((part) => !known.includes(part.name))) throw undefinedKeys(parts, known)
  const key = toSchema(parts, definitions)
  return { name: textOf(value.IndexName), kind, key, projection: readProjection(value) }
}

function readProjection({ Projection: given }: JsonObject): Projection {
  const { ProjectionType: type, NonKeyAttributes: names } = isObject(given) ? given : {}
  if (type !== 'ALL' && type !== 'KEYS_ONLY' && type !== 'INCLUDE')
    throw invalidParameter('Unknown ProjectionType: null')
  const attributes = Array.isArray(names) ? names.map(textOf) : undefined
  if (attributes !== undefined && type !== 'INCLUDE')
    throw invalidParameter(`ProjectionType is ${type}, but NonKeyAttributes is specified`)
  if (attributes === undefined && type === 'INCLUDE')
    throw invalidParameter('ProjectionType is INCLUDE, but NonKeyAttributes is not specified')
  return attributes === undefined ? { type } : { type, attributes }
}

export function readThroughput(value: unknown): Throughput | undefined {
  if (!isObject(value)) return undefined
  return { read: Number(value.ReadCapacityUnits), write: Number(value.WriteCapacityUnits) }
}

const MOST_CAPACITY = 1_000_000_000_000

export function checkThroughput({ read, write }: Throughput): void {
  if (read > MOST_CAPACITY) throw invalid(`Given value ${read} for ReadCapacityUnits is out of bounds`)
  if (write > MOST_CAPACITY) throw invalid(`Given value ${write} for WriteCapacityUnits is out of bounds`)
}
