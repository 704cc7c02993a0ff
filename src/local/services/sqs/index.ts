// The local SQS: queues for clients over the wire, and for the event-source poller in the same process.
import type { ReceivedMessage } from '../../../aws/events/queue.ts'
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import type { Ground, Service } from '../../service.ts'
import { create } from './actions/create-queue.ts'
import { remove } from './actions/delete-message.ts'
import { receive } from './actions/receive-message.ts'
import { sendMessage } from './actions/send-message.ts'
import { setQueueAttributes } from './actions/set-queue-attributes.ts'
import { answer } from './answer.ts'
import { openArrivals } from './arrivals.ts'
import { openAttempts } from './attempts.ts'
import { type Counts, countsOf } from './counts.ts'
import { openFlights } from './flight.ts'
import { fromHandle } from './handle.ts'
import { queueKey } from './keys.ts'
import { giveBack } from './lane.ts'
import { armAll, look, sweep } from './look.ts'
import { resumeMoves } from './moves.ts'
import { arnOf, namedQueue, pathOf, type Queue } from './queue.ts'
import { toRecord } from './record.ts'
import { type Change, change, openNumbers, type Room } from './room.ts'

export interface SendOptions {
  readonly delaySeconds?: number
  readonly groupId?: string
  readonly deduplicationId?: string
  /** By name, in the words of the wire: `{ DataType, StringValue | BinaryValue }`. */
  readonly attributes?: JsonObject
  readonly traceHeader?: string
}

export interface Sqs extends Service {
  /** Creates the queue, or gives an existing one these attributes. A dead-letter queue must be there before its source. */
  ensureQueue(name: string, attributes: Record<string, string>): Promise<{ url: string; arn: string }>
  find(name: string): boolean
  send(queueName: string, body: string, options?: SendOptions): Promise<{ messageId: string; sequenceNumber?: string }>
  /** What is visible now, at once; hidden and counted exactly as ReceiveMessage does it. */
  receive(queueName: string, options: { max: number; visibilitySeconds?: number }): Promise<ReceivedMessage[]>
  /** Deletes what is still there; handles that expired or are not this queue's are passed over. */
  delete(queueName: string, receiptHandles: readonly string[]): Promise<void>
  /** Takes the receiving back: the messages are visible at once, as if nobody had had them. */
  release(queueName: string, receiptHandles: readonly string[]): Promise<void>
  /** Calls the listener when a message is or becomes visible. Answers how to stop that. */
  onArrival(listener: (queueName: string) => void): () => void
  counts(queueName: string): Counts
}

/** Opens SQS on what the store holds: alarms are set anew, and what a crash left half removed is removed. */
export function openSqs({ store, clock }: Ground): Sqs {
  const room: Room = {
    store,
    clock,
    numbers: openNumbers(store),
    flights: openFlights(),
    attempts: openAttempts(),
    queues: new Map(),
    ahead: new Map(),
    busy: new Set(),
    arrivals: openArrivals(clock, (queue) => look(room, queue)),
  }
  armAll(room)
  // Stopped halfway by a close, it goes on at the next start.
  sweep(room).catch(() => undefined)
  resumeMoves(room)
  return {
    handle: (request) => answer(room, request),
    ensureQueue: (name, attributes) => ensureQueue(room, name, attributes),
    find: (name) => store.get<Queue>(queueKey(name)) !== undefined,
    send: (queueName, body, options) => send(room, queueName, body, options),
    receive: async (queueName, { max, visibilitySeconds }) =>
      (await receive(room, queueName, { most: max, visibility: visibilitySeconds })).map(toRecord),
    delete: (queueName, receiptHandles) => eachHandle(room, queueName, receiptHandles, remove),
    release: (queueName, receiptHandles) => eachHandle(room, queueName, receiptHandles, release),
    onArrival: (listener) => room.arrivals.listen(listener),
    counts: (queueName) => countsOf(store, namedQueue(store, queueName), clock.now()),
  }
}

async function ensureQueue(
  room: Room,
  name: string,
  attributes: Record<string, string>,
): Promise<{ url: string; arn: string }> {
  const there = room.store.get<Queue>(queueKey(name)) !== undefined
  const { FifoQueue: _, ...settable } = attributes
  if (!there) await create(room, { name, pairs: Object.entries(attributes), tags: [], again: true })
  else if (Object.keys(settable).length > 0)
    await setQueueAttributes({ room, endpoint: '', input: { QueueUrl: pathOf(name), Attributes: settable } })
  return { url: pathOf(name), arn: arnOf(name) }
}

async function send(
  room: Room,
  queueName: string,
  body: string,
  options: SendOptions = {},
): Promise<{ messageId: string; sequenceNumber?: string }> {
  const { delaySeconds, groupId, deduplicationId, attributes, traceHeader } = options
  const input = {
    QueueUrl: pathOf(queueName),
    MessageBody: body,
    DelaySeconds: delaySeconds,
    MessageGroupId: groupId,
    MessageDeduplicationId: deduplicationId,
    MessageAttributes: attributes,
    MessageSystemAttributes:
      traceHeader === undefined ? undefined : { AWSTraceHeader: { DataType: 'String', StringValue: traceHeader } },
  }
  const { MessageId, SequenceNumber } = (await sendMessage({ room, endpoint: '', input })) ?? {}
  return {
    messageId: String(MessageId),
    ...(SequenceNumber === undefined ? {} : { sequenceNumber: String(SequenceNumber) }),
  }
}

function release(one: Change, queue: Queue, handle: string): void {
  const { lane, number, count } = fromHandle(queue, handle)
  if (lane === queue.lane) giveBack(one, queue, number, count)
}

function eachHandle(
  room: Room,
  queueName: string,
  handles: readonly string[],
  work: (one: Change, queue: Queue, handle: string) => void,
): Promise<void> {
  return change(room, (one) => {
    const queue = namedQueue(one.writer, queueName)
    for (const handle of handles) {
      try {
        work(one, queue, handle)
      } catch (problem) {
        if (!(problem instanceof ServiceError)) throw problem
      }
    }
  })
}
