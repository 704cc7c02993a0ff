// `table(name, options)`: a DynamoDB table, the functions that get its changes, and its client.
import type { Context } from '../aws/context.ts'
import type { TableRecord } from '../aws/events/table.ts'
import { DECLARATION, type Declaration, declare } from './declare.ts'
import { arnOf, type Placement, placed } from './place.ts'
import type { Schema, SchemaInput, SchemaOutput } from './schema.ts'
import type { ShardBatchOptions, ShardOptions, TumblingWindow } from './shards.ts'
import type { TransactWrite } from './table-batches.ts'
import type { TablePlace, Updating } from './table-client.ts'
import type { Reading } from './table-reads.ts'
import type {
  Changes,
  Conditional,
  Found,
  ItemKey,
  KeyNames,
  KeyOf,
  KeyQuery,
  OtherWrite,
  QueryOptions,
  ReadOptions,
  ScanOptions,
  TableChange,
  TransactOptions,
  UpdateOptions,
  Write,
} from './table-words.ts'

/** An index: its key, or that with what the index holds of an item besides keys. */
export type IndexOption<Key extends KeyNames = KeyNames> =
  | Key
  | {
      readonly key: Key
      /** Default `'all'`; `'keys'` alone, or these attributes besides. */
      readonly projection?: 'all' | 'keys' | readonly string[]
      /** It has the table's partition key, can be read consistently, and lives and dies with the table. Default: false. */
      readonly local?: boolean
    }

type Types = { readonly [attribute: string]: 'S' | 'N' | 'B' }
type Indexes = { readonly [name: string]: IndexOption }

export interface TableOptions<
  Key extends KeyNames = KeyNames,
  Kinds extends Types = Types,
  Named extends Indexes = Indexes,
> extends Placement {
  /** The partition key: `'id'`; or that and the sort key: `['room', 'at']`. */
  key: Key
  /** Attributes of keys that are no texts: `{ at: 'N' }`. */
  types?: Kinds
  /** Other ways to find items: `{ byUser: ['user', 'at'] }`. */
  indexes?: Named
  /** The attribute that says when an item expires, in seconds since 1970. */
  ttl?: string
  /** Changes are told to functions; what of an item is told. Default: both images where there is an `onChange`, else nothing. */
  stream?: boolean | 'keys' | 'new' | 'old' | 'both'
  /** Capacity units a second, paid for beforehand. Default: every request is paid by itself. */
  provisioned?: { read: number; write: number }
  /** It cannot be deleted until that is taken back. Default: false. */
  deletionProtection?: boolean
  /** It can be restored to any second of the last 35 days. Default: false. */
  recovery?: boolean
  /** Any Standard Schema: items are checked when they are put, and stored as the schema gives them. */
  schema?: Schema
}

/** A function that gets a table's changes. */
export interface TableTrigger extends Declaration {
  readonly table: string
}

export interface TableTriggerOptions extends ShardOptions {
  /** Which changes a new function gets first: those from now on, or all that are still there (24 hours). Default `'latest'`. */
  from?: 'latest' | 'horizon'
}
type BatchOptions = ShardBatchOptions & Pick<TableTriggerOptions, 'from'>

type OnChange<Item, Key> = (change: TableChange<Item, Key>, record: TableRecord) => unknown
type OnBatch<Item, Key> = (
  changes: readonly { readonly change: TableChange<Item, Key>; readonly record: TableRecord }[],
  context: Context,
  window: TumblingWindow | undefined,
) => unknown

type KeyIn<Option> = Option extends KeyNames ? Option : Option extends { key: infer Key } ? Key : never

export interface Table<Put, Item = Put, Key = KeyNames, Named = Indexes> extends Declaration {
  /** The name on AWS. */
  readonly name: string
  readonly arn: string
  /** The item of a key, or undefined when there is none. */
  get(key: ItemKey<Item, Key>, options?: ReadOptions): Promise<Item | undefined>
  /** Stores an item, in place of one with the same key. */
  put(item: Put, options?: Conditional<Item>): Promise<void>
  /** Sets attributes of an item, which is made if it is not there. Resolves with the item as it is then. */
  update(key: ItemKey<Item, Key>, changes: Changes<Item>, options?: UpdateOptions<Item>): Promise<Item>
  /** Resolves with the item that was there; deleting what is not there is fine. */
  delete(key: ItemKey<Item, Key>, options?: Conditional<Item>): Promise<Item | undefined>
  /** Items of one partition key, in the order of their sort keys. */
  query(key: KeyQuery<Item, Key>, options?: QueryOptions<Item, never>): Found<Item>
  query<Index extends keyof Named & string>(
    key: KeyQuery<Item, KeyIn<Named[Index]>>,
    options: QueryOptions<Item, Index> & { readonly index: Index },
  ): Found<Item>
  /** Every item, in no order. */
  scan(options?: ScanOptions<Item>): Found<Item>
  /** The items of these keys, in their order; undefined for those that are not there. */
  batchGet(keys: readonly ItemKey<Item, Key>[], options?: ReadOptions): Promise<(Item | undefined)[]>
  /** Puts and deletes any number of items, each by itself and under no condition. */
  batchWrite(writes: { readonly put?: readonly Put[]; readonly delete?: readonly ItemKey<Item, Key>[] }): Promise<void>
  /** Does all of up to 100 writes or none; throws a TransactionError that says why. */
  transact(writes: readonly (Write<Put, ItemKey<Item, Key>> | OtherWrite)[], options?: TransactOptions): Promise<void>
  /** Up to 100 items as they are at one moment. */
  transactGet(keys: readonly ItemKey<Item, Key>[]): Promise<(Item | undefined)[]>
  /** A function called for each change, in order. What throws is tried again, and what comes after it waits. */
  onChange(handler: OnChange<Item, KeyOf<Item, Key>>): TableTrigger
  onChange(options: TableTriggerOptions, handler: OnChange<Item, KeyOf<Item, Key>>): TableTrigger
  /** A function called for each batch of changes. It may return `{ batchItemFailures }`, and `{ state }` of its window. */
  onBatch(handler: OnBatch<Item, KeyOf<Item, Key>>): TableTrigger
  onBatch(options: BatchOptions, handler: OnBatch<Item, KeyOf<Item, Key>>): TableTrigger
}

type Attribute<Kinds, Name> = Name extends keyof Kinds
  ? Kinds[Name] extends 'N'
    ? number
    : Kinds[Name] extends 'B'
      ? Uint8Array
      : string
  : string

type Names<Key> = Key extends readonly string[] ? Key[number] : Key & string

/** An item of which nothing but its key is known. */
type Loose<Key, Kinds> = { [Name in Names<Key>]: Attribute<Kinds, Name> } & { [attribute: string]: unknown }

/**
 * Declares a table. `name` is its identity; an ARN, or `existing: true`, refers to one that is already there. Items are
 * typed by a schema, or by what is given in `<…>`; keys and indexes by the options.
 *
 * @example
 * export const messages = table<Message, ['room', 'at']>('messages', { key: ['room', 'at'], types: { at: 'N' } })
 * export const log = messages.onChange(async ({ type, keys }) => console.log(type, keys.room))
 * // elsewhere: for await (const message of messages.query({ room: 'a', at: { after: 3 } })) …
 */
export function table<
  const Given extends Schema,
  const Key extends KeyNames,
  const Kinds extends Types = Types,
  const Named extends Indexes = Indexes,
>(
  name: string,
  options: TableOptions<Key, Kinds, Named> & { schema: Given },
): Table<SchemaInput<Given>, SchemaOutput<Given>, Key, Named>
export function table<const Key extends KeyNames, const Kinds extends Types, const Named extends Indexes>(
  name: string,
  options: TableOptions<Key, Kinds, Named>,
): Table<Loose<Key, Kinds>, Loose<Key, Kinds>, Key, Named>
export function table<Item extends object, Key extends KeyNames = KeyNames, Named extends Indexes = Indexes>(
  name: string,
  options: TableOptions<Key, Types, Named>,
): Table<Item, Item, Key, Named>
export function table(name: string, options: TableOptions): Table<object> {
  const handle: Table<object> = declare(
    {
      get name() {
        return placed(name, options)
      },
      get arn() {
        return arnOf(name, 'dynamodb', `table/${handle.name}`)
      },
      async get(key: unknown, { consistent = false }: ReadOptions = {}) {
        return (await client()).get(place(), key, consistent)
      },
      async put(item: object, writing: Conditional<object> = {}) {
        return (await client()).put(place(), item, writing.if)
      },
      async update(key: unknown, changes: object, updating: Updating = {}) {
        return (await client()).update(place(), key, { ...changes }, updating)
      },
      async delete(key: unknown, writing: Conditional<object> = {}) {
        return (await client()).remove(place(), key, writing.if)
      },
      query: (key: object, reading: object = {}) => found({ ...reading, key: { ...key } }),
      scan: (reading: object = {}) => found(reading),
      async batchGet(keys: readonly unknown[], { consistent = false }: ReadOptions = {}) {
        return (await batches()).batchGet(place(), keys, consistent)
      },
      async batchWrite({ put = [], delete: gone = [] }: { put?: readonly unknown[]; delete?: readonly unknown[] }) {
        return (await batches()).batchWrite(place(), put, gone)
      },
      async transact(writes: readonly (TransactWrite & { table?: Declaration })[], { token }: TransactOptions = {}) {
        const all = writes.map((write) => [placeOf(write.table) ?? place(), write] as const)
        return (await batches()).transact(all, token)
      },
      async transactGet(keys: readonly unknown[]) {
        return (await batches()).transactGet(place(), keys)
      },
      onChange: (first: object, second?: unknown) => trigger('onChange', first, second),
      onBatch: (first: object, second?: unknown) => trigger('onBatch', first, second),
    } as Omit<Table<object>, typeof DECLARATION>,
    { role: 'resource', kind: 'table', name, options },
  )
  const place = (): TablePlace => toPlace(handle.name, options)
  const found = (reading: Reading): Found<object> => ({
    async *[Symbol.asyncIterator]() {
      yield* (await reads()).read(place(), reading)
    },
    all: async () => {
      const items: object[] = []
      for await (const item of (await reads()).read(place(), reading)) items.push(item)
      return items
    },
    first: async () => {
      const { value } = await (await reads()).read(place(), { ...reading, limit: 1 }).next()
      return value ?? undefined
    },
    count: async () => (await reads()).count(place(), reading),
    page: async (next) => (await reads()).page(place(), reading, next),
  })
  const trigger = (subject: string, first: object, second: unknown): TableTrigger => {
    const [given, handler] = typeof first === 'function' ? [{}, first] : [first, second]
    return declare(
      { table: name },
      { role: 'function', trigger: 'table', subject, source: handle, options: given, handler },
    )
  }
  return handle
}

const client = () => import('./table-client.ts')
const reads = () => import('./table-reads.ts')
const batches = () => import('./table-batches.ts')

const namesOf = (option: IndexOption): readonly string[] => {
  if (typeof option === 'string') return [option]
  return 'key' in option ? namesOf(option.key) : option
}

const toPlace = (name: string, { key, indexes = {}, schema }: TableOptions): TablePlace => ({
  name,
  key: namesOf(key),
  indexes: Object.fromEntries(Object.entries(indexes).map(([index, option]) => [index, namesOf(option)])),
  schema,
})

// Of another table than the one that is asked.
function placeOf(other: Declaration | undefined): TablePlace | undefined {
  const declared = other?.[DECLARATION]
  if (declared === undefined) return undefined
  if (declared.role !== 'resource' || declared.kind !== 'table')
    throw new TypeError('`table` of a write in a transaction is the handle of a table.')
  const { name, options } = declared
  return toPlace(placed(name, options), options as TableOptions)
}
