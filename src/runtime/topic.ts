// `topic(name, options)`: an SNS topic, its subscribers and its client.

import type { TopicRecord } from '../aws/events/topic.ts'
import { type Declaration, declare } from './declare.ts'
import type { Pattern } from './filter.ts'
import type { FunctionOptions } from './options.ts'
import { account, type Placement, partition, placed, region } from './place.ts'
import type { Queue } from './queue.ts'
import type { Schema, SchemaInput, SchemaOutput } from './schema.ts'

export interface TopicOptions extends Placement {
  /** First in, first out, within each message group. Only queues can be subscribed to such a topic. Default: false. */
  fifo?: boolean
  /** FIFO: the message's hash is its deduplication id. Default: true. */
  contentBasedDeduplication?: boolean
  /** Any Standard Schema: messages are checked when they are published, and again when they arrive. */
  schema?: Schema
}

export interface PublishOptions {
  /** At most 100 characters; e-mails show it. */
  subject?: string
  /** What filters look at, unless they look at the body. A list becomes a `String.Array`. */
  attributes?: Readonly<Record<string, string | number | Uint8Array | readonly (string | number | boolean | null)[]>>
  /** FIFO: the message group; default `default`. */
  group?: string
  /** FIFO: the deduplication id, for a topic without content-based deduplication. */
  dedup?: string
}

interface Filtered {
  /** Only messages that match are delivered: `{ kind: ['order'] }`. Default: all. */
  filter?: Pattern
  /** What the filter looks at. Default `MessageAttributes`. */
  filterScope?: 'MessageAttributes' | 'MessageBody'
}

/** Options of a function that is subscribed to a topic. */
export interface TopicTriggerOptions extends Omit<FunctionOptions, 'deadLetter'>, Filtered {
  /** A queue for messages that could not be handed to the function. */
  deadLetter?: Declaration
}

/** Options of a queue that is subscribed to a topic. */
export interface SubscriptionOptions extends Filtered {
  /** The queue gets the message as it was published. False: wrapped in SNS's envelope. Default: true. */
  raw?: boolean
}

/** A function that is subscribed to a topic. */
export interface TopicTrigger extends Declaration {
  readonly topic: string
}

/** A queue that is subscribed to a topic. */
export interface Subscription extends Declaration {
  readonly topic: string
}

type OnMessage<Message> = (message: Message, record: TopicRecord) => unknown

export interface Topic<Sent, Received = Sent> extends Declaration {
  /** The name on AWS. */
  readonly name: string
  readonly arn: string
  /** Publishes one message, as JSON; resolves with its id once the topic holds it. */
  publish(message: Sent, options?: PublishOptions): Promise<{ messageId: string }>
  /** Publishes any number of messages in batches of ten; rejects with the ones that were refused, if any. */
  publishBatch(messages: readonly Sent[], options?: PublishOptions): Promise<{ messageIds: string[] }>
  /** A function called for each message. What throws is tried again by Lambda, twice. */
  onMessage(handler: OnMessage<Received>): TopicTrigger
  onMessage(options: TopicTriggerOptions, handler: OnMessage<Received>): TopicTrigger
  /** Subscribes a queue: export what this returns. */
  to(
    queue: Pick<Queue<Sent>, 'send' | 'url'> & Declaration,
    options?: SubscriptionOptions & { raw?: true },
  ): Subscription
  to(queue: Pick<Queue<never>, 'url'> & Declaration, options: SubscriptionOptions): Subscription
}

/**
 * Declares a topic. `name` is its identity; an ARN, or `existing: true`, refers to one that is already there.
 *
 * @example
 * export const orders = topic<{ id: string; total: number }>('orders')
 * export const mail = orders.onMessage(async ({ id }) => { … })
 * export const large = orders.to(audits, { filter: { total: [{ numeric: ['>', 1000] }] }, filterScope: 'MessageBody' })
 * // elsewhere: await orders.publish({ id: 'o-1', total: 30 })
 */
export function topic<Given extends Schema>(
  name: string,
  options: TopicOptions & { schema: Given },
): Topic<SchemaInput<Given>, SchemaOutput<Given>>
export function topic<Message = unknown>(name: string, options?: TopicOptions): Topic<Message>
export function topic(name: string, options: TopicOptions = {}): Topic<unknown> {
  const handle: Topic<unknown> = declare(
    {
      get name() {
        return placed(name, options, options.fifo === true ? '.fifo' : '')
      },
      get arn() {
        return name.startsWith('arn:') ? name : `arn:${partition().name}:sns:${region()}:${account()}:${handle.name}`
      },
      async publish(message: unknown, publishing: PublishOptions = {}) {
        return (await import('./publish.ts')).publish(handle.arn, message, publishing, options.schema)
      },
      async publishBatch(messages: readonly unknown[], publishing: PublishOptions = {}) {
        return (await import('./publish.ts')).publishBatch(handle.arn, messages, publishing, options.schema)
      },
      onMessage: (first: TopicTriggerOptions | OnMessage<unknown>, second?: OnMessage<unknown>): TopicTrigger => {
        const [given, handler] = typeof first === 'function' ? [{}, first] : [first, second]
        return declare(
          { topic: name },
          { role: 'function', trigger: 'topic', subject: 'onMessage', source: handle, options: given, handler },
        )
      },
      to: (queue: Declaration, given: SubscriptionOptions = {}): Subscription =>
        declare({ topic: name }, { role: 'subscription', source: handle, options: { ...given, queue } }),
    },
    { role: 'resource', kind: 'topic', name, options },
  )
  return handle
}
