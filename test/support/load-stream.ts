// Load on a Kinesis stream that keeps book of what was acknowledged: each record is there once, under its number, in the order of its key.
import assert from 'node:assert/strict'
import { callJson } from './dev.ts'

const StreamName = 'lines'
const BATCH = 4

interface Read {
  readonly Data: string
  readonly PartitionKey: string
  readonly SequenceNumber: string
}

interface Put {
  readonly ShardId: string
  readonly SequenceNumber: string
}

const toData = (text: string): string => Buffer.from(text).toString('base64')

export class StreamLoad {
  /** By what a record holds: where it was acknowledged to be. */
  readonly #acknowledged = new Map<string, Put>()
  /** What was under way when the process died: each of it may be there or not. */
  readonly #tried = new Set<string>()
  #count = 0

  async prepare(aws: string): Promise<void> {
    await call(aws, 'CreateStream', { StreamName, ShardCount: 2 })
    for (let tries = 0; tries < 100; tries++) {
      const told = await call<{ StreamDescriptionSummary: { StreamStatus: string } }>(aws, 'DescribeStreamSummary', {
        StreamName,
      })
      if (told.StreamDescriptionSummary.StreamStatus === 'ACTIVE') return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    assert.fail('the stream was not made')
  }

  /** Puts one record, or several at once, under the worker's own key. */
  async write(aws: string, worker: number): Promise<void> {
    const PartitionKey = `worker-${worker}`
    const size = this.#count % 3 === 0 ? BATCH : 1
    const texts = Array.from({ length: size }, () => `${worker}:${String(this.#count++).padStart(9, '0')}`)
    for (const text of texts) this.#tried.add(text)
    const puts =
      size === 1
        ? [await call<Put>(aws, 'PutRecord', { StreamName, PartitionKey, Data: toData(texts[0] ?? '') })]
        : await this.#putAll(aws, PartitionKey, texts)
    for (const [index, text] of texts.entries()) {
      this.#tried.delete(text)
      this.#acknowledged.set(text, puts[index] ?? assert.fail('a record without an answer'))
    }
  }

  async #putAll(aws: string, PartitionKey: string, texts: readonly string[]): Promise<readonly Put[]> {
    const records = texts.map((text) => ({ PartitionKey, Data: toData(text) }))
    const told = await call<{ FailedRecordCount: number; Records: Put[] }>(aws, 'PutRecords', {
      StreamName,
      Records: records,
    })
    assert.equal(told.FailedRecordCount, 0)
    return told.Records
  }

  /** Fails when a record that was acknowledged is not there as it was, is there twice, or out of order, or when nobody put it. */
  async audit(aws: string): Promise<void> {
    const found = new Map<string, Put>()
    const last = new Map<string, string>()
    for await (const { shard, record } of records(aws)) {
      const text = Buffer.from(record.Data, 'base64').toString()
      assert.ok(!found.has(text), `${text} is there twice`)
      assert.ok((last.get(record.PartitionKey) ?? '') < text, `${text} after ${last.get(record.PartitionKey)}`)
      last.set(record.PartitionKey, text)
      found.set(text, { ShardId: shard, SequenceNumber: record.SequenceNumber })
    }
    for (const [text, { ShardId, SequenceNumber }] of this.#acknowledged)
      assert.deepEqual(found.get(text), { ShardId, SequenceNumber }, `${text} was acknowledged`)
    for (const [text, put] of found) {
      assert.ok(this.#acknowledged.has(text) || this.#tried.has(text), `nobody put ${text}`)
      this.#acknowledged.set(text, put)
    }
    this.#tried.clear()
  }
}

async function* records(aws: string): AsyncGenerator<{ shard: string; record: Read }> {
  const { Shards } = await call<{ Shards: { ShardId: string }[] }>(aws, 'ListShards', { StreamName })
  assert.equal(Shards.length, 2)
  for (const { ShardId: shard } of Shards) {
    const begin = { StreamName, ShardId: shard, ShardIteratorType: 'TRIM_HORIZON' }
    const { ShardIterator } = await call<{ ShardIterator: string }>(aws, 'GetShardIterator', begin)
    for (let next: string | undefined = ShardIterator; next !== undefined; ) {
      const page: { Records: Read[]; NextShardIterator?: string } = await call(aws, 'GetRecords', {
        ShardIterator: next,
      })
      for (const record of page.Records) yield { shard, record }
      next = page.Records.length === 0 ? undefined : page.NextShardIterator
    }
  }
}

const call = <Answer>(aws: string, operation: string, input: object): Promise<Answer> =>
  callJson(aws, `Kinesis_20131202.${operation}`, input)
