// DeleteMessage. A deleted message's handle is no error; a standard queue takes an old handle, a FIFO queue does not (recorded).
import type { Action } from '../action.ts'
import { fromHandle } from '../handle.ts'
import { requiredText } from '../input.ts'
import { stateKey } from '../keys.ts'
import { drop } from '../lane.ts'
import type { State } from '../message.ts'
import { invalidValue } from '../problems.ts'
import { knownQueue, nameOf, type Queue } from '../queue.ts'
import { type Change, change } from '../room.ts'

export const deleteMessage: Action = async ({ room, input }) => {
  await change(room, (one) => {
    const queue = knownQueue(room, nameOf(input), one.writer)
    remove(one, queue, requiredText(input, 'ReceiptHandle'))
  })
  return undefined
}

/** Deletes the message of a handle, if it is still there. */
export function remove(one: Change, queue: Queue, handle: string): void {
  const receipt = fromHandle(queue, handle)
  const state = receipt.lane === queue.lane ? one.writer.get<State>(stateKey(queue.lane, receipt.number)) : undefined
  if (state === undefined) return
  if (queue.fifo && (state.at <= one.now || state.count !== receipt.count))
    throw invalidValue('ReceiptHandle', handle, 'The receipt handle has expired.')
  drop(one, queue, receipt.number, state)
}
