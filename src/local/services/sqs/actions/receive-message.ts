// ReceiveMessage: at once, or waiting for the first arrival (long polling).
import type { JsonObject } from '../../../../aws/protocol/json.ts'
import type { Action } from '../action.ts'
import { md5OfAttributes } from '../digest.ts'
import { integerOf, textsOf } from '../input.ts'
import type { Attribute } from '../message.ts'
import { namedQueue, numberOf, type Queue, queueOf } from '../queue.ts'
import { change, type Room } from '../room.ts'
import { systemAttributes } from '../system-attributes.ts'
import { anyVisible, type Received, take } from '../take.ts'

export const receiveMessage: Action = async ({ room, input }) => {
  const queue = queueOf(room.store, input)
  const most = integerOf(input, 'MaxNumberOfMessages', 1, 10) ?? 1
  const visibility = integerOf(input, 'VisibilityTimeout', 0, 43_200)
  const wait = integerOf(input, 'WaitTimeSeconds', 0, 20) ?? numberOf(queue, 'ReceiveMessageWaitTimeSeconds')
  const system = [...textsOf(input, 'MessageSystemAttributeNames'), ...textsOf(input, 'AttributeNames')]
  const names = textsOf(input, 'MessageAttributeNames')
  const attempt = () => receive(room, queue.name, most, visibility)
  let received = await attempt()
  if (received.length === 0 && wait > 0) {
    const until = room.clock.now() + wait * 1000
    const some = async () => {
      const messages = await attempt()
      return messages.length === 0 ? undefined : messages
    }
    received = (await room.arrivals.wait(queue.name, until, some)) ?? []
  }
  return received.length === 0 ? {} : { Messages: received.map((one) => toOutput(one, system, names)) }
}

/** Takes messages at once. An empty queue is only read, never written to. */
export async function receive(
  room: Room,
  name: string,
  most: number,
  visibility: number | undefined,
): Promise<Received[]> {
  if (!anyVisible(room.store, namedQueue(room.store, name), room.clock.now())) return []
  return change(room, (one) => {
    const queue: Queue = namedQueue(one.writer, name)
    return take(one, queue, most, (visibility ?? numberOf(queue, 'VisibilityTimeout')) * 1000)
  })
}

function toOutput(received: Received, system: readonly string[], names: readonly string[]): JsonObject {
  const { message, handle } = received
  const attributes = message.attributes.filter(({ name }) => names.some((wanted) => matches(wanted, name)))
  const all = Object.entries(systemAttributes(received))
  const chosen = system.includes('All') ? all : all.filter(([name]) => system.includes(name))
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

// `All`, `.*`, a whole name, or a prefix as `bar.*`. A bare `*` takes everything too (recorded).
function matches(wanted: string, name: string): boolean {
  if (wanted === 'All' || wanted === '.*' || wanted === '*') return true
  return wanted.endsWith('.*') ? name.startsWith(wanted.slice(0, -2)) : wanted === name
}

const toValue = ({ type, text, binary }: Attribute): JsonObject =>
  binary === undefined ? { StringValue: text ?? '', DataType: type } : { BinaryValue: binary, DataType: type }
