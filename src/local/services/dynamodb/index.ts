// The local DynamoDB: tables for clients over the wire, and streams for the triggers in the same process.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import type { Ground, Service } from '../../service.ts'
import { streamActions } from './actions/streams.ts'
import { actions } from './actions.ts'
import { answer } from './answer.ts'
import { clear, hasGarbage } from './clearing.ts'
import { ensureTable } from './ensure.ts'
import { firstDue, sweepExpired } from './expiry-sweep.ts'
import type { Room } from './room.ts'
import { openSource, type RecordSource } from './source.ts'
import { nextTrim, openSequence, trim } from './streams.ts'
import { openSweeper } from './sweeper.ts'
import { findTable, streamArn } from './table.ts'

export type { RecordSource, SourceRecord } from './source.ts'

export interface DynamoDb extends Service {
  /**
   * Creates the table, or brings an existing one into line (indexes, billing, stream, time to live, tags). `definition` is
   * the input of CreateTable, with `TimeToLiveSpecification` beside it. Throws a ServiceError, also when the keys differ.
   */
  ensureTable(definition: JsonObject): Promise<{ arn: string; stream?: string }>
  find(name: string): boolean
  /** The ARN of the table's stream, if it has one that is switched on. */
  streamOf(name: string): string | undefined
  /** A table's stream as its poller reads it. */
  source(table: string): RecordSource
  /** Calls the listener when a stream has a new record. Answers how to stop that. */
  onRecords(listener: (streamArn: string) => void): () => void
}

const TABLES = { client: 'dynamodb', prefix: 'DynamoDB_20120810', actions }
const STREAMS = { client: 'dynamodb-streams', prefix: 'DynamoDBStreams_20120810', actions: streamActions }

/** Opens DynamoDB on what the store holds: alarms are set anew, and what a crash left half removed is removed. */
export function openDynamoDb({ store, clock }: Ground): DynamoDb {
  const listeners = new Set<(streamArn: string) => void>()
  const room: Room = {
    store,
    clock,
    tables: new Map(),
    expiry: openSweeper(clock, () => sweepExpired(room)),
    trimming: openSweeper(clock, () => trim(room)),
    clearing: openSweeper(clock, () => clear(room)),
    sequence: openSequence(store),
    heard: (arn) => {
      for (const listener of listeners) listener(arn)
    },
  }
  const expires = firstDue(room)
  if (expires !== undefined) room.expiry.by(expires)
  const trims = nextTrim(room)
  if (trims !== undefined) room.trimming.by(trims)
  if (hasGarbage(room)) room.clearing.by(clock.now())
  const onRecords = (listener: (streamArn: string) => void): (() => void) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
  return {
    handle: (request) => {
      const isStreams = request.headers['x-amz-target']?.startsWith(`${STREAMS.prefix}.`) === true
      return answer(room, request, isStreams ? STREAMS : TABLES)
    },
    ensureTable: (definition) => ensureTable(room, definition),
    find: (name) => findTable(store, name) !== undefined,
    streamOf: (name) => {
      const stream = findTable(store, name)?.stream
      return stream?.enabled === true ? streamArn(name, stream.label) : undefined
    },
    source: (table) => openSource(room, table, onRecords),
    onRecords,
  }
}
