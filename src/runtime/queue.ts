// `queue(name, options)`: an SQS queue, its triggers and its client.
import type { Context } from '../aws/context.ts'
import type { QueueRecord } from '../aws/events/queue.ts'
import { type Declaration, declare } from './declare.ts'
import type { Pattern } from './filter.ts'
import type { FunctionOptions } from './options.ts'
import { account, arnName, endpoint, type Placement, partition, placed, region } from './place.ts'
import type { Schema, SchemaInput, SchemaOutput } from './schema.ts'

export interface QueueOptions extends Placement {
  /** First in, first out, within each message group. Default: false. */
  fifo?: boolean
  /** FIFO: the body's hash is its deduplication id. Default: true. */
  contentBasedDeduplication?: boolean
  /** Seconds a received message stays hidden. Default: six times the consumer's timeout, as AWS advises, and at least 30. */
  visibility?: number
  /** Seconds a message is kept, 60 to 1,209,600. Default: 345,600 (4 days). */
  retention?: number
  /** Seconds every message waits before it can be received, 0 to 900. Default: 0. */
  delay?: number
  /** Where a message goes after it was received `after` times in vain. */
  deadLetter?: { after: number; queue: Declaration }
  /** Any Standard Schema: messages are checked when they are sent, and again when they arrive. */
  schema?: Schema
}

export interface SendOptions {
  /** Seconds, 0 to 900; not for FIFO queues. */
  delay?: number
  /** FIFO: the message group; default `default`. */
  group?: string
  /** FIFO: the deduplication id, for a queue without content-based deduplication. */
  dedup?: string
  attributes?: Readonly<Record<string, string | number | Uint8Array>>
}

/** Options of a queue's consumer. */
export interface QueueTriggerOptions extends Omit<FunctionOptions, 'concurrency'> {
  /** Messages an invocation takes at most: 1 to 10,000 (FIFO: 10). Default 10; more than 10 needs a window. */
  batchSize?: number
  /** Seconds to wait for a batch to fill, 0 to 300. Default 0. */
  window?: number
  /**
   * Only messages that match are delivered, the others are deleted: `{ body: { kind: ['order'] } }`. Of a list, one must
   * match. Patterns look at the record, with the body parsed. Default: all.
   */
  filter?: Pattern | readonly Pattern[]
  /** Invocations that the queue makes at once at most, 2 to 1000. Default: as many as Lambda gives. */
  concurrency?: number
}

/** A message of a batch: its body, parsed, and the record it came in. */
export interface QueueBatchItem<Message> {
  readonly message: Message
  readonly record: QueueRecord
}

type OnMessage<Message> = (message: Message, record: QueueRecord) => unknown
type OnBatch<Message> = (records: readonly QueueBatchItem<Message>[], context: Context) => unknown

/** A consumer of a queue. */
export interface QueueTrigger extends Declaration {
  readonly queue: string
}

export interface Queue<Sent, Received = Sent> extends Declaration {
  /** The name on AWS. */
  readonly name: string
  readonly arn: string
  readonly url: string
  /** Sends one message, as JSON; resolves with its id once the queue holds it. */
  send(message: Sent, options?: SendOptions): Promise<{ messageId: string }>
  /** Sends any number of messages in batches of ten; rejects with the ones that were refused, if any. */
  sendBatch(messages: readonly Sent[], options?: SendOptions): Promise<{ messageIds: string[] }>
  /** A function called for each message. What throws is tried again, alone. */
  onMessage(handler: OnMessage<Received>): QueueTrigger
  onMessage(options: QueueTriggerOptions, handler: OnMessage<Received>): QueueTrigger
  /** A function called for each batch, without the messages whose body is not JSON. It may return `{ batchItemFailures }`. */
  onBatch(handler: OnBatch<Received>): QueueTrigger
  onBatch(options: QueueTriggerOptions, handler: OnBatch<Received>): QueueTrigger
}

/**
 * Declares a queue. `name` is its identity; an ARN, or `existing: true`, refers to one that is already there.
 *
 * @example
 * export const jobs = queue<{ url: string }>('jobs', { deadLetter: { after: 3, queue: failed } })
 * export const work = jobs.onMessage({ batchSize: 1 }, async ({ url }) => { … })
 * // elsewhere: await jobs.send({ url: 'https://…' })
 */
export function queue<Given extends Schema>(
  name: string,
  options: QueueOptions & { schema: Given },
): Queue<SchemaInput<Given>, SchemaOutput<Given>>
export function queue<Message = unknown>(name: string, options?: QueueOptions): Queue<Message>
export function queue(name: string, options: QueueOptions = {}): Queue<unknown> {
  const handle: Queue<unknown> = declare(
    {
      get name() {
        return placed(name, options, options.fifo === true ? '.fifo' : '')
      },
      get arn() {
        return name.startsWith('arn:') ? name : `arn:${partition().name}:sqs:${region()}:${account()}:${handle.name}`
      },
      get url() {
        const owner = arnName(name) === undefined ? account() : name.split(':')[4]
        return `${endpoint('sqs')}/${owner}/${handle.name}`
      },
      async send(message: unknown, sending: SendOptions = {}) {
        return (await import('./send.ts')).send(handle.url, message, sending, options.schema)
      },
      async sendBatch(messages: readonly unknown[], sending: SendOptions = {}) {
        return (await import('./send.ts')).sendBatch(handle.url, messages, sending, options.schema)
      },
      onMessage: (first: QueueTriggerOptions | OnMessage<unknown>, second?: OnMessage<unknown>) =>
        consumer('onMessage', first, second),
      onBatch: (first: QueueTriggerOptions | OnBatch<unknown>, second?: OnBatch<unknown>) =>
        consumer('onBatch', first, second),
    },
    { role: 'resource', kind: 'queue', name, options },
  )
  const consumer = (subject: string, first: object, second: unknown): QueueTrigger => {
    const [given, handler] = typeof first === 'function' ? [{}, first] : [first, second]
    return declare(
      { queue: name },
      { role: 'function', trigger: 'queue', subject, source: handle, options: given, handler },
    )
  }
  return handle
}
