// `queue(name, options)`: an SQS queue, its triggers and its client.

import type { Context } from '../aws/context.ts'
import type { QueueRecord } from '../aws/events/queue.ts'
import { type Declaration, declare } from './declare.ts'
import type { FunctionOptions } from './options.ts'
import { account, arnName, endpoint, type Placement, partition, placed, region } from './place.ts'

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
export interface QueueTriggerOptions extends FunctionOptions {
  /** Messages an invocation takes at most: 1 to 10,000 (FIFO: 10). Default 10; more than 10 needs a window. */
  batchSize?: number
  /** Seconds to wait for a batch to fill, 0 to 300. Default 0. */
  window?: number
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

export interface Queue<Message> extends Declaration {
  /** The name on AWS. */
  readonly name: string
  readonly arn: string
  readonly url: string
  /** Sends one message, as JSON; resolves with its id once the queue holds it. */
  send(message: Message, options?: SendOptions): Promise<{ messageId: string }>
  /** Sends any number of messages in batches of ten; rejects with the ones that were refused, if any. */
  sendBatch(messages: readonly Message[], options?: SendOptions): Promise<{ messageIds: string[] }>
  /** A function called for each message. What throws is tried again, alone. */
  onMessage(handler: OnMessage<Message>): QueueTrigger
  onMessage(options: QueueTriggerOptions, handler: OnMessage<Message>): QueueTrigger
  /** A function called for each batch, without the messages whose body is not JSON. It may return `{ batchItemFailures }`. */
  onBatch(handler: OnBatch<Message>): QueueTrigger
  onBatch(options: QueueTriggerOptions, handler: OnBatch<Message>): QueueTrigger
}

/**
 * Declares a queue. `name` is its identity; an ARN, or `existing: true`, refers to one that is already there.
 *
 * @example
 * export const jobs = queue<{ url: string }>('jobs', { deadLetter: { after: 3, queue: failed } })
 * export const work = jobs.onMessage({ batchSize: 1 }, async ({ url }) => { … })
 * // elsewhere: await jobs.send({ url: 'https://…' })
 */
export function queue<Message = unknown>(name: string, options: QueueOptions = {}): Queue<Message> {
  const handle: Queue<Message> = declare(
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
      async send(message: Message, sending: SendOptions = {}) {
        return (await import('./send.ts')).send(handle.url, message, sending)
      },
      async sendBatch(messages: readonly Message[], sending: SendOptions = {}) {
        return (await import('./send.ts')).sendBatch(handle.url, messages, sending)
      },
      onMessage: (first: QueueTriggerOptions | OnMessage<Message>, second?: OnMessage<Message>) =>
        consumer('onMessage', first, second),
      onBatch: (first: QueueTriggerOptions | OnBatch<Message>, second?: OnBatch<Message>) =>
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
