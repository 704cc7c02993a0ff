// A table as it is kept, and how requests and other actions find it.
import { ACCOUNT, REGION } from '../../service.ts'
import type { Reader } from '../../store.ts'
import { tableKey } from './keys.ts'
import type { KeyType } from './values.ts'

export interface KeyAttribute {
  readonly name: string
  readonly type: KeyType
}

/** The key schema of a table or an index. */
export interface KeySchema {
  readonly hash: KeyAttribute
  readonly sort?: KeyAttribute
}

export interface Throughput {
  readonly read: number
  readonly write: number
}

export interface Projection {
  readonly type: 'ALL' | 'KEYS_ONLY' | 'INCLUDE'
  readonly attributes?: readonly string[]
}

export interface Index {
  readonly name: string
  readonly kind: 'global' | 'local'
  readonly key: KeySchema
  readonly projection: Projection
  /** Of a global index of a provisioned table. */
  readonly throughput?: Throughput
  /** Of a global index; a local one is always active. */
  readonly status?: 'CREATING' | 'UPDATING' | 'DELETING' | 'ACTIVE'
}

export type StreamViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES'

export interface StreamFacts {
  /** The last part of the stream's ARN: when it was made, such as `2026-11-21T09:00:00.000`. */
  readonly label: string
  readonly view: StreamViewType
  readonly enabled: boolean
}

export interface Table {
  readonly name: string
  /** A UUID, as DescribeTable shows it; a table made again has another. */
  readonly id: string
  /** Short, unique among all tables ever made: rows lie under it, so that a table is deleted by forgetting it. */
  readonly serial: number
  readonly status: 'CREATING' | 'UPDATING' | 'DELETING' | 'ACTIVE'
  /** Milliseconds since 1970. */
  readonly created: number
  readonly key: KeySchema
  /** In the order the client gave them. */
  readonly definitions: readonly KeyAttribute[]
  readonly indexes: readonly Index[]
  readonly billing: 'PROVISIONED' | 'PAY_PER_REQUEST'
  readonly throughput: Throughput
  readonly stream?: StreamFacts
  readonly ttl?: { readonly attribute: string; readonly enabled: boolean }
  readonly tags: Readonly<Record<string, string>>
  readonly deletionProtection: boolean
  /** What is kept only to be described again (SSESpecification, TableClass, OnDemandThroughput, …), as the client gave it. */
  readonly described: Readonly<Record<string, unknown>>
}

/** The table's name, where a request names it by its ARN. */
export const nameOfTable = (name: unknown): string => {
  const text = typeof name === 'string' ? name : ''
  return /^arn:aws:dynamodb:[^:]+:\d{12}:table\/([^/]+)$/.exec(text)?.[1] ?? text
}

export const arnOf = (name: string): string => `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`
export const indexArn = (table: string, index: string): string => `${arnOf(table)}/index/${index}`
export const streamArn = (table: string, label: string): string => `${arnOf(table)}/stream/${label}`

/** The table of that name, whatever its status. */
export function findTable(reader: Reader, name: string): Table | undefined {
  // A longer name could be longer than the store's longest key.
  return name.length > 255 ? undefined : reader.get<Table>(tableKey(name))
}

/** Names of the key attributes, hash first. */
export const keyNames = ({ hash, sort }: KeySchema): string[] =>
  sort === undefined ? [hash.name] : [hash.name, sort.name]

/** Whether anything follows from a write that depends on what was there before: rows of indexes, expiry, stream records. */
export const isFollowed = ({ indexes, ttl, stream }: Table): boolean =>
  indexes.length > 0 || ttl?.enabled === true || stream?.enabled === true
