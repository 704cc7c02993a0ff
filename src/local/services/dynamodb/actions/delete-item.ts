// DeleteItem.
import type { Action } from '../action.ts'
import { toWriteAnswer } from '../item-answer.ts'
import { checkInput, enveloped } from '../item-input.ts'
import { prepareDelete, runWrite } from '../item-writes.ts'
import { change, tableOf } from '../room.ts'

export const deleteItem: Action = async ({ room, input }) => {
  checkInput('DeleteItem', input)
  const write = enveloped(() => prepareDelete(input, 'current'))
  const table = tableOf(room, write.table)
  const changed = await change(room, (one) => runWrite(one, tableOf(room, write.table), write))
  return toWriteAnswer(input, table, write, changed)
}
