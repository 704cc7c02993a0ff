// GetQueueUrl.
import type { Action } from '../action.ts'
import { requiredText } from '../input.ts'
import { namedQueue, pathOf } from '../queue.ts'

export const getQueueUrl: Action = async ({ room, input, endpoint }) => ({
  QueueUrl: `${endpoint}${pathOf(namedQueue(room.store, requiredText(input, 'QueueName')).name)}`,
})
