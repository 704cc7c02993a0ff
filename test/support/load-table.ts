// Load on a table with a stream that keeps book of what was acknowledged: an item and its stream record are there together, or not at all.
import assert from 'node:assert/strict'
import { callJson } from './dev.ts'

const TABLE = 'items'
const KEYS = 4
const BATCH = 3

type Image = Readonly<Record<string, Readonly<Record<string, string>>>>
type Items = Readonly<Record<string, string>>

interface StreamRecord {
  readonly dynamodb: {
    readonly Keys: { readonly pk: { readonly S: string } }
    readonly NewImage?: Image
    readonly OldImage?: Image
  }
}

/** What items hold, by their keys: what was acknowledged last, and what was under way when the process died. */
interface Worker {
  held: Items
  tried: Items | undefined
}

const image = (pk: string, text: string) => ({ pk: { S: pk }, text: { S: text } })

export class TableLoad {
  readonly #workers = new Map<number, Worker>()
  #count = 0

  async prepare(aws: string): Promise<void> {
    await callJson(aws, 'DynamoDB_20120810.CreateTable', {
      TableName: TABLE,
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    })
    for (let tries = 0; tries < 100; tries++) {
      const told = JSON.stringify(await callJson(aws, 'DynamoDB_20120810.DescribeTable', { TableName: TABLE }))
      if (told.includes('"TableStatus":"ACTIVE"')) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    assert.fail('the table was not made')
  }

  /** One change: an item, or several in a transaction. Each worker has keys of its own, and one change at most under way. */
  async write(aws: string, number: number): Promise<void> {
    const worker = this.#workers.get(number) ?? { held: {}, tried: undefined }
    this.#workers.set(number, worker)
    const count = this.#count++
    const keys = Array.from({ length: KEYS }, (_, at) => `${number}/${at}`)
    const key = keys[count % KEYS] ?? ''
    if (count % 3 === 0) {
      const written = Object.fromEntries(keys.slice(0, BATCH).map((one) => [one, `${count} together`]))
      worker.tried = { ...worker.held, ...written }
      const puts = Object.entries(written).map(([pk, text]) => ({ Put: { TableName: TABLE, Item: image(pk, text) } }))
      await callJson(aws, 'DynamoDB_20120810.TransactWriteItems', { TransactItems: puts })
    } else if (count % 7 === 0) {
      const { [key]: _, ...others } = worker.held
      worker.tried = others
      await callJson(aws, 'DynamoDB_20120810.DeleteItem', { TableName: TABLE, Key: { pk: { S: key } } })
    } else {
      worker.tried = { ...worker.held, [key]: `${count} alone` }
      await callJson(aws, 'DynamoDB_20120810.PutItem', { TableName: TABLE, Item: image(key, `${count} alone`) })
    }
    worker.held = worker.tried
    worker.tried = undefined
  }

  /** Fails when an item is neither what was acknowledged nor what was under way, or when the stream tells another story. */
  async audit(aws: string): Promise<void> {
    const { Items = [] } = await callJson<{ Items?: Image[] }>(aws, 'DynamoDB_20120810.Scan', { TableName: TABLE })
    const found = Object.fromEntries(Items.map((item) => [item.pk?.S ?? '', item.text?.S ?? '']))
    for (const [number, worker] of this.#workers) {
      const own = Object.fromEntries(Object.entries(found).filter(([key]) => key.startsWith(`${number}/`)))
      const wanted = [worker.held, ...(worker.tried === undefined ? [] : [worker.tried])]
      const isKnown = wanted.some((one) => same(one, own))
      assert.ok(isKnown, `${JSON.stringify(own)}, not ${wanted.map((one) => JSON.stringify(one)).join(' or ')}`)
      worker.held = own
      worker.tried = undefined
    }
    assert.deepEqual(sorted(await replay(aws)), sorted(found), 'what the stream tells, and what the table holds')
  }
}

const sorted = (items: Items) => Object.entries(items).toSorted(([one], [other]) => (one < other ? -1 : 1))
const same = (one: Items, other: Items): boolean => JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))

/** The items as the records of the stream make them, each following what was there before it. */
async function replay(aws: string): Promise<Items> {
  const items = new Map<string, string>()
  for await (const { dynamodb } of records(aws)) {
    const key = dynamodb.Keys.pk.S
    assert.equal(dynamodb.OldImage?.text?.S, items.get(key), `the record before of ${key}`)
    const text = dynamodb.NewImage?.text?.S
    if (text === undefined) items.delete(key)
    else items.set(key, text)
  }
  return Object.fromEntries(items)
}

async function* records(aws: string): AsyncGenerator<StreamRecord> {
  const { Table } = await callJson<{ Table: { LatestStreamArn: string } }>(aws, 'DynamoDB_20120810.DescribeTable', {
    TableName: TABLE,
  })
  const StreamArn = Table.LatestStreamArn
  const { StreamDescription } = await callJson<{ StreamDescription: { Shards: { ShardId: string }[] } }>(
    aws,
    'DynamoDBStreams_20120810.DescribeStream',
    { StreamArn },
  )
  for (const { ShardId } of StreamDescription.Shards) {
    const begin = { StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }
    const { ShardIterator } = await callJson<{ ShardIterator: string }>(
      aws,
      'DynamoDBStreams_20120810.GetShardIterator',
      begin,
    )
    for (let next: string | undefined = ShardIterator; next !== undefined; ) {
      const page: { Records: StreamRecord[]; NextShardIterator?: string } = await callJson(
        aws,
        'DynamoDBStreams_20120810.GetRecords',
        { ShardIterator: next },
      )
      yield* page.Records
      next = page.Records.length === 0 ? undefined : page.NextShardIterator
    }
  }
}
