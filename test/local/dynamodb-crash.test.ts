// What the local DynamoDB acknowledged survives SIGKILL: items, index rows and stream records together or not at all.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openStore, under } from '../../src/local/store.ts'
import { type OpenedDynamoDb, openTables } from '../support/dynamodb.ts'

const at = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href)
const SERVER = `
  const { openTables } = await import(${at('../support/dynamodb.ts')})
  const [root] = process.argv.slice(-1)
  process.send((await openTables(root)).endpoint)
`
const ROUNDS = 3

/** Writes until the server is gone, and answers what it said was written. */
async function writeUntilKilled(root: string, round: number): Promise<string[]> {
  const args = ['--import', 'tsx', '--input-type=module', '-e', SERVER, root]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'ignore', 'ipc'] })
  const [endpoint] = await once(child, 'message')
  const acknowledged: string[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    for (;;) {
      const id = `${round}-${next++}`
      if (!(await putPair(String(endpoint), id))) return
      acknowledged.push(id)
      if (acknowledged.length === 100 + 37 * round) child.kill('SIGKILL')
    }
  }
  await Promise.all(Array.from({ length: 8 }, worker))
  return acknowledged
}

async function putPair(endpoint: string, id: string): Promise<boolean> {
  const item = { id: { S: id }, by: { S: 'ann' } }
  const headers = { 'x-amz-target': 'DynamoDB_20120810.TransactWriteItems' }
  const TransactItems = ['left', 'right'].map((TableName) => ({ Put: { TableName, Item: item } }))
  const body = JSON.stringify({ TransactItems, ClientRequestToken: id })
  return await fetch(endpoint, { method: 'POST', headers, body }).then(
    ({ status }) => status === 200,
    () => false,
  )
}

async function idsOf(cloud: OpenedDynamoDb, TableName: string, IndexName?: string): Promise<string[]> {
  const { Items = [] } = await cloud.client.scan({ TableName, ...(IndexName === undefined ? {} : { IndexName }) })
  return Items.map(({ id }) => id?.S ?? '').sort()
}

function recordedIds(cloud: OpenedDynamoDb, table: string): string[] {
  const source = cloud.service.source(table)
  const records = source.read(source.shards()[0] ?? '', undefined, 100_000)
  assert.ok(records.every(({ sequence }, index) => index === 0 || sequence > (records[index - 1]?.sequence ?? '')))
  return records.map(({ record }) => record.dynamodb.Keys.id).map((id) => (id !== undefined && 'S' in id ? id.S : ''))
}

test('two tables, an index and two streams tell the same after every SIGKILL', async () => {
  const root = await mkdtemp(join(tmpdir(), 'dynamodb-crash-'))
  let cloud = await openTables(root)
  for (const name of ['left', 'right'])
    await cloud.create(name, ['id'], {
      AttributeDefinitions: ['id', 'by'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byUser',
          KeySchema: [{ AttributeName: 'by', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'KEYS_ONLY' },
    })
  const expected: string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await cloud.stop()
    const acknowledged = await writeUntilKilled(root, round)
    cloud = await openTables(root)
    const left = await idsOf(cloud, 'left')
    expected.push(...acknowledged)
    for (const id of expected) assert.ok(left.includes(id), id)
    for (const found of [
      await idsOf(cloud, 'right'),
      await idsOf(cloud, 'left', 'byUser'),
      await idsOf(cloud, 'right', 'byUser'),
      recordedIds(cloud, 'left').sort(),
      recordedIds(cloud, 'right').sort(),
    ])
      assert.deepEqual(found, left)
  }
  await cloud.close()
})

test('what a deleted table leaves behind is cleared, also at the next start', async () => {
  const cloud = await openTables()
  await cloud.create('things', ['id'])
  for (let at = 0; at < 100; at += 25)
    await cloud.client.batchWriteItem({
      RequestItems: {
        things: Array.from({ length: 25 }, (_, index) => ({ PutRequest: { Item: { id: { S: `${at + index}` } } } })),
      },
    })
  await cloud.client.deleteTable({ TableName: 'things' })
  await cloud.stop()
  const again = await openTables(cloud.directory)
  await again.clock.advance(1)
  await again.stop()
  const store = openStore(cloud.directory)
  const left = ['item', 'garbage', 'index'].map((kind) => store.count(under('dynamodb', kind)))
  await store.close()
  assert.deepEqual(left, [0, 0, 0])
  await (await openTables(cloud.directory)).close()
})
