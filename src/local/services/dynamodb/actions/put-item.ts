// PutItem.
import type { Action } from '../action.ts'
import { toWriteAnswer } from '../item-answer.ts'
import { checkInput, enveloped } from '../item-input.ts'
import { isBlind, preparePut, runWrite } from '../item-writes.ts'
import { change, tableOf } from '../room.ts'

export const putItem: Action = async ({ room, input }) => {
  checkInput('PutItem', input)
  const write = enveloped(() => preparePut(input, 'current'))
  const table = tableOf(room, write.table)
  const changed = await change(room, (one) => runWrite(one, tableOf(room, write.table), write, isBlind(input)))
  return toWriteAnswer(input, table, write, changed)
}
