// The client behind a table's `get`, `put`, `update` and `delete`: DynamoDB's JSON protocol.
import type { TableItem } from '../aws/events/table.ts'
import { AwsError, callJson } from './call.ts'
import { Expression, toCondition } from './condition.ts'
import { ConditionError } from './condition-error.ts'
import { fromItem, toItem } from './items.ts'
import { checked } from './message.ts'
import { endpoint } from './place.ts'
import type { Schema } from './schema.ts'

/** What the client must know of a table. */
export interface TablePlace {
  /** On AWS. */
  readonly name: string
  /** The partition key, and the sort key. */
  readonly key: readonly string[]
  readonly indexes: Readonly<Record<string, readonly string[]>>
  readonly schema: Schema | undefined
}

type Plain = Readonly<Record<string, unknown>>
export type Output = Readonly<Record<string, unknown>>

/** Calls one operation of DynamoDB. */
export const ask = (operation: string, input: object): Promise<Output> =>
  callJson('dynamodb', endpoint('dynamodb'), `DynamoDB_20120810.${operation}`, input)

/** The item in an output or an error; undefined where there is none. */
export function itemIn(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? fromItem(value as TableItem) : undefined
}

/** The key alone of what may be a whole item, or the partition key's value by itself. Throws a TypeError where one is missing. */
export function keyOf(given: unknown, { key, name }: TablePlace): TableItem {
  const isObject = typeof given === 'object' && given !== null && !(given instanceof Uint8Array)
  const values: Plain = isObject ? (given as Plain) : { [key[0] ?? '']: given }
  const own: Record<string, unknown> = {}
  for (const attribute of key) {
    if (values[attribute] === undefined)
      throw new TypeError(`A key of the table ${name} has ${key.join(' and ')}: ${attribute} is missing.`)
    own[attribute] = values[attribute]
  }
  return toItem(own, 'key')
}

/** The item as it is stored: what the schema makes of it. */
export async function itemOf(given: unknown, { schema }: TablePlace): Promise<TableItem> {
  const made = await checked(schema, given)
  if (typeof made !== 'object' || made === null)
    throw new TypeError(`An item is an object, and this is a ${typeof made}.`)
  return toItem(made)
}

export async function get(place: TablePlace, key: unknown, consistent: boolean): Promise<unknown> {
  const { Item } = await ask('GetItem', { TableName: place.name, Key: keyOf(key, place), ConsistentRead: consistent })
  return itemIn(Item)
}

/** The condition of a write, and what its expressions name. */
export function conditioned(asked: unknown, bag: Expression): { ConditionExpression?: string } {
  const condition = asked === undefined ? '' : toCondition(asked, bag)
  return condition === '' ? {} : { ConditionExpression: condition }
}

export async function put(place: TablePlace, given: unknown, condition: unknown): Promise<void> {
  const bag = new Expression()
  const Item = await itemOf(given, place)
  await write('PutItem', { TableName: place.name, Item, ...conditioned(condition, bag), ...bag.fields() })
}

/** Resolves with the item that was there. */
export async function remove(place: TablePlace, key: unknown, condition: unknown): Promise<unknown> {
  const bag = new Expression()
  const Key = keyOf(key, place)
  const own = conditioned(condition, bag)
  const { Attributes } = await write('DeleteItem', {
    TableName: place.name,
    Key,
    ...own,
    ...bag.fields(),
    ReturnValues: 'ALL_OLD',
  })
  return itemIn(Attributes)
}

export interface Updating {
  readonly if?: unknown
  readonly add?: Plain
  readonly remove?: readonly string[]
  readonly append?: Plain
  readonly subtract?: Plain
  readonly default?: Plain
}

/** Resolves with the item as it is then. */
export async function update(place: TablePlace, key: unknown, changes: Plain, options: Updating): Promise<unknown> {
  const bag = new Expression()
  const Key = keyOf(key, place)
  const changing = toUpdate(changes, options, bag)
  const { Attributes } = await write('UpdateItem', {
    TableName: place.name,
    Key,
    ...(changing === '' ? {} : { UpdateExpression: changing }),
    ...conditioned(options.if, bag),
    ...bag.fields(),
    ReturnValues: 'ALL_NEW',
  })
  return itemIn(Attributes) ?? {}
}

/** An update as an expression; empty where nothing is changed. */
export function toUpdate(changes: Plain, options: Updating, bag: Expression): string {
  const given = (all: Plain = {}): [string, unknown][] => Object.entries(all).filter(([, value]) => value !== undefined)
  const sets = [
    ...given(changes).map(([path, value]) => `${bag.path(path)} = ${bag.value(value, path)}`),
    ...given(options.default).map(([path, value]) => {
      const at = bag.path(path)
      return `${at} = if_not_exists(${at}, ${bag.value(value, path)})`
    }),
    ...given(options.append).map(([path, value]) => {
      const at = bag.path(path)
      return `${at} = list_append(if_not_exists(${at}, ${bag.value([], path)}), ${bag.value(value, path)})`
    }),
  ]
  const each = (all?: Plain): string[] =>
    given(all).map(([path, value]) => `${bag.path(path)} ${bag.value(value, path)}`)
  const clauses: [string, string[]][] = [
    ['SET', sets],
    ['REMOVE', (options.remove ?? []).map((path) => bag.path(path))],
    ['ADD', each(options.add)],
    ['DELETE', each(options.subtract)],
  ]
  return clauses.flatMap(([word, parts]) => (parts.length === 0 ? [] : [`${word} ${parts.join(', ')}`])).join(' ')
}

async function write(operation: string, input: object): Promise<Output> {
  try {
    return await ask(operation, { ...input, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' })
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ConditionalCheckFailedException')
      throw new ConditionError(itemIn(error.details.Item))
    throw error
  }
}
