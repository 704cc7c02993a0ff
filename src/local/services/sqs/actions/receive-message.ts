// ReceiveMessage: at once, or waiting for the first arrival (long polling).
import type { JsonObject } from '../../../../aws/protocol/json.ts'
import type { Action } from '../action.ts'
import { rememberAttempt, repeatAttempt } from '../attempts.ts'
import { md5OfAttributes } from '../digest.ts'
import { roomFor, tooManyInFlight } from '../flight.ts'
import { integerOf, textOf, textsOf } from '../input.ts'
import { giveBack } from '../lane.ts'
import { type Attribute, IDENTIFIER } from '../message.ts'
import { invalidValue } from '../problems.ts'
import { knownQueue, namedQueue, nameOf, numberOf, type Queue } from '../queue.ts'
import { change, type Room } from '../room.ts'
import { systemAttributes } from '../system-attributes.ts'
import { anyVisible, type Received, take } from '../take.ts'

export const receiveMessage: Action = async ({ room, input, signal }) => {
  const queue = knownQueue(room, nameOf(input))
  const wait = integerOf(input, 'WaitTimeSeconds', 0, 20) ?? numberOf(queue, 'ReceiveMessageWaitTimeSeconds')
  const wanted: Wanted = {
    most: integerOf(input, 'MaxNumberOfMessages', 1, 10) ?? 1,
    visibility: integerOf(input, 'VisibilityTimeout', 0, 43_200),
    attempt: queue.fifo ? readAttempt(input) : undefined,
    isShort: wait === 0,
  }
  const system = [...textsOf(input, 'MessageSystemAttributeNames'), ...textsOf(input, 'AttributeNames')]
  const names = textsOf(input, 'MessageAttributeNames')
  let received = await receive(room, queue.name, wanted)
  if (received.length === 0 && wait > 0) received = await poll(room, queue.name, wanted, wait, signal?.())
  return received.length === 0 ? {} : { Messages: received.map((one) => toOutput(one, system, names)) }
}

interface Wanted {
  readonly most: number
  readonly visibility: number | undefined
  /** FIFO: the id of a receive that may have been made before. */
  readonly attempt?: string | undefined
  /** Nobody waits for messages: a queue with too many in flight is refused. */
  readonly isShort?: boolean
}

const readAttempt = (input: JsonObject): string | undefined => {
  const id = textOf(input, 'ReceiveRequestAttemptId')
  if (id !== undefined && !IDENTIFIER.test(id))
    throw invalidValue(
      'ReceiveRequestAttemptId',
      id,
      'ReceiveRequestAttemptId can only include alphanumeric and punctuation characters. 1 to 128 in length.',
    )
  return id
}

// What a client that went away meanwhile was to get is there for the others at once.
async function poll(
  room: Room,
  name: string,
  wanted: Wanted,
  wait: number,
  signal: AbortSignal | undefined,
): Promise<Received[]> {
  const some = async () => {
    const messages = await receive(room, name, wanted)
    if (signal?.aborted === true) await returnAll(room, name, messages)
    return messages.length === 0 || signal?.aborted === true ? undefined : messages
  }
  return (await room.arrivals.wait(name, room.clock.now() + wait * 1000, some, signal)) ?? []
}

function returnAll(room: Room, name: string, received: readonly Received[]): Promise<void> {
  return change(room, (one) => {
    const queue = namedQueue(one.writer, name)
    for (const { number, count, message } of received) giveBack(one, queue, number, count - (message.carried ?? 0))
  })
}

/** Takes messages at once. An empty queue is only read, never written to. */
export async function receive(room: Room, name: string, wanted: Wanted): Promise<Received[]> {
  const { attempt, most } = wanted
  const { lane, fifo } = knownQueue(room, name)
  if (!room.busy.has(lane) && attempt === undefined && !anyVisible(room.store, { lane, fifo }, room.clock.now()))
    return []
  return change(room, (one) => {
    const queue: Queue = knownQueue(room, name, one.writer)
    const hide = (wanted.visibility ?? numberOf(queue, 'VisibilityTimeout')) * 1000
    const again = attempt === undefined ? undefined : repeatAttempt(room.attempts, one, queue, attempt, hide)
    if (again !== undefined) return again
    const allowed = roomFor(room.flights, one, queue, most)
    if (allowed === 0 && wanted.isShort === true && !queue.fifo) throw tooManyInFlight()
    const taken = take(one, queue, allowed, hide)
    if (taken.length > 0) room.busy.add(queue.lane)
    else room.busy.delete(queue.lane)
    if (attempt !== undefined) rememberAttempt(room.attempts, one, queue, attempt, taken)
    return taken
  })
}

function toOutput(received: Received, system: readonly string[], names: readonly string[]): JsonObject {
  const { message, handle } = received
  const attributes = message.attributes.filter(({ name }) => names.some((wanted) => matches(wanted, name)))
  const chosen = system.length === 0 ? [] : choose(systemAttributes(received), system)
  return {
    MessageId: message.id,
    ReceiptHandle: handle,
    MD5OfBody: message.md5,
    Body: message.body,
    ...(chosen.length === 0 ? {} : { Attributes: Object.fromEntries(chosen) }),
    ...(attributes.length === 0
      ? {}
      : {
          // The digest covers what is handed out, not what was sent (recorded).
          MD5OfMessageAttributes: md5OfAttributes(attributes),
          MessageAttributes: Object.fromEntries(attributes.map((one) => [one.name, toValue(one)])),
        }),
  }
}

function choose(attributes: object, wanted: readonly string[]): [string, unknown][] {
  const all = Object.entries(attributes)
  return wanted.includes('All') ? all : all.filter(([name]) => wanted.includes(name))
}

// `All`, `.*`, a whole name, or a prefix as `bar.*`. A bare `*` takes everything too (recorded).
function matches(wanted: string, name: string): boolean {
  if (wanted === 'All' || wanted === '.*' || wanted === '*') return true
  return wanted.endsWith('.*') ? name.startsWith(wanted.slice(0, -2)) : wanted === name
}

const toValue = ({ type, text, binary }: Attribute): JsonObject =>
  binary === undefined ? { StringValue: text ?? '', DataType: type } : { BinaryValue: binary, DataType: type }
