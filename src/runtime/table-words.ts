// What users say to a table: conditions, queries, updates, transactions; typed by its items and keys.
import type { Declaration } from './declare.ts'

type Scalar = string | number | bigint | Uint8Array

/** What must hold of one attribute: a value that it equals, or tests that it passes all. */
export type Test<Value> =
  | Value
  | {
      readonly equals?: Value
      readonly not?: Value
      /** Greater than. */
      readonly after?: Value
      /** Greater than, or equal. */
      readonly from?: Value
      /** Less than. */
      readonly before?: Value
      /** Less than, or equal. */
      readonly to?: Value
      readonly in?: readonly Value[]
      readonly beginsWith?: string
      /** Of a text, a part; of a set or a list, a member. */
      readonly contains?: unknown
      readonly exists?: boolean
    }

type Tests<Item> = { readonly [Name in keyof Item]?: Test<Item[Name]> } & {
  readonly [path: `${string}.${string}`]: unknown
}

/** A condition: of an object all must hold, of a list of them one. `address.city` looks into a map. */
export type Condition<Item> = Tests<Item> | readonly Tests<Item>[]

export interface Conditional<Item> {
  /** The write is done only where this holds of the item that is there; else it throws a ConditionError. */
  readonly if?: Condition<Item>
}

/** What becomes of a sort key in a query: one test, or `from` and `to` together. */
export type SortTest<Value> =
  | Value
  | Alone<{ readonly after: Value }>
  | Alone<{ readonly before: Value }>
  | Alone<{ readonly from: Value; readonly to?: Value }>
  | Alone<{ readonly to: Value }>
  | Alone<{ readonly beginsWith: string }>

/** These tests and no others. */
type Alone<Tests> = Tests & { readonly [Name in Exclude<SortWord, keyof Tests>]?: never }
type SortWord = 'after' | 'before' | 'from' | 'to' | 'beginsWith'

/** The attributes of a key, by their names in the declaration: `'id'`, or `['room', 'at']`. */
export type KeyNames = string | readonly [string] | readonly [string, string]

type Partition<Key> = Key extends string
  ? Key
  : Key extends readonly [infer First extends string, ...unknown[]]
    ? First
    : never
type Sort<Key> = Key extends readonly [string, infer Second extends string] ? Second : never

type ValueOf<Item, Name> = Name extends keyof Item ? Item[Name] : Scalar

/** The values of a key. Where its names are not known, any attributes of the item. */
export type KeyOf<Item, Key> =
  string extends Partition<Key>
    ? { readonly [Name in keyof Item]?: Item[Name] }
    : { readonly [Name in Partition<Key> | Sort<Key>]: ValueOf<Item, Name> }

/** What a query asks of a key. */
export type KeyQuery<Item, Key> =
  string extends Partition<Key>
    ? { readonly [Name in keyof Item]?: SortTest<Item[Name]> }
    : { readonly [Name in Partition<Key>]: ValueOf<Item, Name> } & {
        readonly [Name in Sort<Key>]?: SortTest<ValueOf<Item, Name>>
      }

/** What identifies an item: its key's attributes; where there is but one, also its value. */
export type ItemKey<Item, Key> = KeyOf<Item, Key> | (Key extends string ? ValueOf<Item, Key> : never)

export interface ReadOptions {
  /** What was written before is seen for certain, at twice the price. Default: false. */
  readonly consistent?: boolean
}

export interface ScanOptions<Item> extends ReadOptions {
  readonly index?: string
  /** Items that do not match are read and paid for, but not given. */
  readonly filter?: Condition<Item>
  /** The attributes that are given. Default: all. */
  readonly only?: readonly (keyof Item & string)[]
  /** Items at most. Of a page: items that are read for it at most. */
  readonly limit?: number
}

export interface QueryOptions<Item, Index extends string = string> extends Omit<ScanOptions<Item>, 'index'> {
  readonly index?: Index
  /** The greatest sort key first. */
  readonly reverse?: boolean
}

/** One page, and what to ask for the next one with; undefined after the last. */
export interface Page<Item> {
  readonly items: Item[]
  readonly next: string | undefined
}

/** What a query or a scan finds, read page after page as it is asked for. */
export interface Found<Item> extends AsyncIterable<Item> {
  all(): Promise<Item[]>
  first(): Promise<Item | undefined>
  count(): Promise<number>
  /** One page; `next` of the page before. A text from outside can name no other items than the query's own. */
  page(next?: string): Promise<Page<Item>>
}

/** How an update changes an item, besides the attributes that it sets. */
export interface UpdateOptions<Item> extends Conditional<Item> {
  /** Added to numbers, which are 0 where there are none; members added to sets. */
  readonly add?: { readonly [Name in keyof Item]?: Item[Name] & (number | bigint | ReadonlySet<unknown>) }
  /** Attributes that the item loses. */
  readonly remove?: readonly ((keyof Item & string) | `${string}.${string}`)[]
  /** Put at the end of lists, which are empty where there are none. */
  readonly append?: { readonly [Name in keyof Item]?: Item[Name] & readonly unknown[] }
  /** Members taken out of sets. */
  readonly subtract?: { readonly [Name in keyof Item]?: Item[Name] & ReadonlySet<unknown> }
  /** Set where the item has no such attribute. */
  readonly default?: Partial<Item>
}

/** Attributes and their new values; `address.city` sets one of a map. What is undefined is left as it is. */
export type Changes<Item> = { readonly [Name in keyof Item]?: Item[Name] } & {
  readonly [path: `${string}.${string}`]: unknown
}

/** One write of a transaction: exactly one of `put`, `update`, `delete` and `check`. */
export type Write<Item, Key> = Conditional<Item> &
  (
    | { readonly put: Item }
    | ({ readonly update: Key; readonly set?: Changes<Item> } & Omit<UpdateOptions<Item>, 'if'>)
    | { readonly delete: Key }
    /** Nothing is written; the whole transaction depends on the condition. */
    | { readonly check: Key; readonly if: Condition<Item> }
  )

/** A write to another table than the one that is asked. */
export type OtherWrite = { readonly table: Declaration } & Write<{ readonly [attribute: string]: unknown }, unknown>

export interface TransactOptions {
  /** The same token within ten minutes is the same transaction, done once. */
  readonly token?: string
}

/** What happened to an item. */
export type TableChange<Item, Key> = {
  readonly keys: Key
  readonly time: Date
  /** It was removed because its time had come. */
  readonly expired: boolean
} & (
  | { readonly type: 'insert'; readonly old: undefined; readonly new: Item }
  | { readonly type: 'modify'; readonly old: Item; readonly new: Item }
  | { readonly type: 'remove'; readonly old: Item; readonly new: undefined }
)
