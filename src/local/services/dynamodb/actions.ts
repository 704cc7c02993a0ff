// The actions by their names on the wire.
import type { Action } from './action.ts'
import { deleteItem } from './actions/delete-item.ts'
import { getItem } from './actions/get-item.ts'
import { putItem } from './actions/put-item.ts'
import { updateItem } from './actions/update-item.ts'

export const actions: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['DeleteItem', deleteItem],
  ['GetItem', getItem],
  ['PutItem', putItem],
  ['UpdateItem', updateItem],
])
