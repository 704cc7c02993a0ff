// ChangeMessageVisibility. A message that is no longer hidden stays as it is, without an error (recorded).
import type { JsonObject } from '../../../../aws/protocol/json.ts'
import type { Action } from '../action.ts'
import { fromHandle } from '../handle.ts'
import { integerOf, requiredText } from '../input.ts'
import { stateKey } from '../keys.ts'
import { reschedule } from '../lane.ts'
import type { State } from '../message.ts'
import { invalidValue, missingParameter } from '../problems.ts'
import { type Queue, queueOf } from '../queue.ts'
import { type Change, change } from '../room.ts'

const LONGEST = 43_200

export const changeMessageVisibility: Action = async ({ room, input }) => {
  await change(room, (one) => changeVisibility(one, queueOf(one.writer, input), input))
  return undefined
}

export function changeVisibility(one: Change, queue: Queue, input: JsonObject): void {
  const handle = requiredText(input, 'ReceiptHandle')
  const seconds = integerOf(input, 'VisibilityTimeout', 0, LONGEST)
  if (seconds === undefined) throw missingParameter('VisibilityTimeout')
  const receipt = fromHandle(queue, handle)
  const state = receipt.lane === queue.lane ? one.writer.get<State>(stateKey(queue.lane, receipt.number)) : undefined
  if (state === undefined)
    throw invalidValue(
      'ReceiptHandle',
      handle,
      'Message does not exist or is not available for visibility timeout change.',
    )
  if (state.at <= one.now || state.count !== receipt.count) return
  const at = one.now + seconds * 1000
  if (at - state.last > LONGEST * 1000)
    throw invalidValue(
      'VisibilityTimeout',
      seconds,
      `Total VisibilityTimeout for the message is beyond the limit [${LONGEST} seconds].`,
    )
  reschedule(one, queue, receipt.number, state, at)
}
