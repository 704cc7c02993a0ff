// A queue as it is kept, and how a request finds it.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { ACCOUNT, REGION } from '../../service.ts'
import type { Reader } from '../../store.ts'
import { requiredText } from './input.ts'
import { queueKey } from './keys.ts'
import { noSuchQueue } from './problems.ts'
import type { Room } from './room.ts'

export interface Queue {
  readonly name: string
  readonly id: number
  /** The number of its present filling; a purge starts a new one. */
  readonly lane: number
  readonly fifo: boolean
  readonly attributes: Readonly<Record<string, string>>
  readonly tags: readonly (readonly [string, string])[]
  readonly created: number
  readonly modified: number
  readonly purged?: number
}

export interface Redrive {
  readonly target: string
  readonly after: number
}

/** The queue of the request's QueueUrl: any host will do, the last part of the path is the name. */
export function queueOf(reader: Reader, input: JsonObject): Queue {
  return namedQueue(reader, nameOf(input))
}

/** The queue of a request, from memory where it was asked for before. */
export function knownQueue(room: Pick<Room, 'store' | 'queues'>, name: string, reader: Reader = room.store): Queue {
  const known = room.queues.get(name)
  if (known !== undefined) return known
  const queue = namedQueue(reader, name)
  room.queues.set(name, queue)
  return queue
}

export function namedQueue(reader: Reader, name: string): Queue {
  // A name longer than any queue's could be longer than the store's longest key.
  const queue = name.length > 80 ? undefined : reader.get<Queue>(queueKey(name))
  if (queue === undefined) throw noSuchQueue()
  return queue
}

export const nameOf = (input: JsonObject): string => nameIn(requiredText(input, 'QueueUrl'))
const nameIn = (url: string): string => url.replace(/\/+$/, '').split('/').at(-1) ?? ''

export const pathOf = (queue: string): string => `/${ACCOUNT}/${queue}`
export const arnOf = (queue: string): string => `arn:aws:sqs:${REGION}:${ACCOUNT}:${queue}`

/** The queue an ARN names, when it is one of ours. */
export const nameOfArn = (arn: string): string | undefined =>
  /^arn:aws[\w-]*:sqs:[a-z0-9-]+:\d{12}:([\w.-]{1,80})$/.exec(arn)?.[1]

/** A number among the queue's attributes; all of them are there, by default or as set. */
export const numberOf = (queue: Queue, attribute: string): number => Number(queue.attributes[attribute] ?? 0)

/** Milliseconds the queue keeps a message. */
export const retentionOf = (queue: Queue): number => numberOf(queue, 'MessageRetentionPeriod') * 1000

export function redriveOf(queue: Queue): Redrive | undefined {
  const policy = queue.attributes.RedrivePolicy
  if (policy === undefined) return undefined
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy)
  const target = nameOfArn(String(deadLetterTargetArn))
  return target === undefined ? undefined : { target, after: Number(maxReceiveCount) }
}
