// GetQueueAttributes: all of them or those named.
import type { Action } from '../action.ts'
import { isKnown } from '../attributes.ts'
import { countsOf } from '../counts.ts'
import { textsOf } from '../input.ts'
import { invalidAttributeName } from '../problems.ts'
import { arnOf, type Queue, queueOf } from '../queue.ts'
import type { Room } from '../room.ts'

export const getQueueAttributes: Action = async ({ room, input }) => {
  const queue = queueOf(room.store, input)
  const names = textsOf(input, 'AttributeNames')
  const unknown = names.find((name) => !isKnown(name))
  if (unknown !== undefined) throw invalidAttributeName(unknown)
  const everything = Object.entries(attributesOf(room, queue))
  const wanted = names.includes('All') ? everything : everything.filter(([name]) => names.includes(name))
  return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) }
}

function attributesOf({ store, clock }: Room, queue: Queue): Record<string, string> {
  const { visible, hidden, delayed } = countsOf(store, queue, clock.now())
  return {
    QueueArn: arnOf(queue.name),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(hidden),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: String(Math.floor(queue.created / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modified / 1000)),
    ...queue.attributes,
  }
}
