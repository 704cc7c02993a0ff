// Opens a local DynamoDB of its own for a test, on a virtual clock, behind a real socket.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CreateTableCommandInput, DynamoDB } from '@aws-sdk/client-dynamodb'
import { type Clock, startClock } from '../../src/local/clock.ts'
import { type DynamoDb, openDynamoDb } from '../../src/local/services/dynamodb/index.ts'
import { openStore } from '../../src/local/store.ts'
import { serve } from './serve.ts'

export interface RawAnswer {
  readonly status: number
  /** The error's name without its namespace; empty when it went well. */
  readonly type: string
  readonly message: string
  readonly body: Readonly<Record<string, unknown>>
  readonly headers: Headers
  readonly text: string
}

export interface OpenedDynamoDb {
  readonly service: DynamoDb
  readonly clock: Clock
  readonly endpoint: string
  readonly client: DynamoDB
  /** Sends what no client would let through. `input` may be text. */
  raw(operation: string, input: unknown): Promise<RawAnswer>
  /** Creates a table, on demand unless it says otherwise. Keys are written `name:type`, the sort key second. */
  create(name: string, keys: readonly string[], more?: Partial<CreateTableCommandInput>): Promise<void>
  readonly directory: string
  /** Closes it, and leaves its files. */
  stop(): Promise<void>
  /** Closes and opens it again on the same files, as a new process would. */
  reopen(later?: number): Promise<OpenedDynamoDb>
  close(): Promise<void>
}

export async function openTables(directory?: string, start = Date.UTC(2026, 0, 1)): Promise<OpenedDynamoDb> {
  const place = directory ?? (await mkdtemp(join(tmpdir(), 'dynamodb-')))
  const store = openStore(place)
  const clock = startClock('virtual', start)
  const service = openDynamoDb({ store, clock, directory: place })
  const served = await serve(service)
  const credentials = { accessKeyId: 'goblet', secretAccessKey: 'goblet' }
  const client = new DynamoDB({ region: 'us-east-1', endpoint: served.endpoint, credentials, maxAttempts: 1 })
  const stop = async (): Promise<void> => {
    client.destroy()
    await served.close()
    clock.stop()
    await store.close()
  }
  return {
    service,
    clock,
    endpoint: served.endpoint,
    client,
    directory: place,
    stop,
    raw: (operation, input) => send(served.endpoint, operation, input),
    create: (name, keys, more) => create(client, clock, name, keys, more),
    reopen: async (later = 0) => {
      const now = clock.now()
      await stop()
      return openTables(place, now + later)
    },
    close: async () => {
      await stop()
      await rm(place, { recursive: true, force: true })
    },
  }
}

async function send(endpoint: string, operation: string, input: unknown): Promise<RawAnswer> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` },
    body: typeof input === 'string' ? input : JSON.stringify(input),
  })
  const text = await response.text()
  const body = JSON.parse(text)
  return {
    status: response.status,
    type: String(body.__type ?? '').replace(/^.*#/, ''),
    message: String(body.message ?? body.Message ?? ''),
    body,
    headers: response.headers,
    text,
  }
}

async function create(
  client: DynamoDB,
  clock: Clock,
  name: string,
  keys: readonly string[],
  more: Partial<CreateTableCommandInput> = {},
): Promise<void> {
  const parts = keys.map((key) => key.split(':'))
  const input: CreateTableCommandInput = {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: parts.map(([attribute, type]) => ({
      AttributeName: attribute,
      AttributeType: type === 'N' || type === 'B' ? type : 'S',
    })),
    KeySchema: parts.map(([attribute], index) => ({
      AttributeName: attribute,
      KeyType: index === 0 ? 'HASH' : 'RANGE',
    })),
    ...more,
  }
  await client.createTable(input)
  for (let wait = 0; wait < 100; wait++) {
    const { Table } = await client.describeTable({ TableName: name })
    if (Table?.TableStatus === 'ACTIVE') return
    await clock.advance(1000)
  }
  throw new Error(`${name} does not become active.`)
}
