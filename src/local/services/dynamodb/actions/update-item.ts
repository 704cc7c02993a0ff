// UpdateItem.
import type { Action } from '../action.ts'
import { toWriteAnswer } from '../item-answer.ts'
import { checkInput, enveloped } from '../item-input.ts'
import { prepareUpdate, runWrite } from '../item-writes.ts'
import { change, tableOf } from '../room.ts'

export const updateItem: Action = async ({ room, input }) => {
  checkInput('UpdateItem', input)
  const write = enveloped(() => prepareUpdate(input, 'current'))
  const table = tableOf(room, write.table)
  const changed = await change(room, (one) => runWrite(one, tableOf(room, write.table), write))
  return toWriteAnswer(input, table, write, changed)
}
