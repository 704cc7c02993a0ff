// ListMessageMoveTasks: the latest first, one unless more are asked for.
import type { JsonObject } from '../../../../aws/protocol/json.ts'
import type { Action } from '../action.ts'
import { integerOf, requiredText } from '../input.ts'
import { movesOf } from '../keys.ts'
import type { Move } from '../moves.ts'
import { arnOf } from '../queue.ts'
import { toTaskHandle } from '../task-handle.ts'
import { queueOfArn } from './start-message-move-task.ts'

export const listMessageMoveTasks: Action = async ({ room, input }) => {
  const sourceArn = requiredText(input, 'SourceArn')
  const most = integerOf(input, 'MaxResults', 1, 10) ?? 1
  const { name } = queueOfArn(room.store, sourceArn, 'SourceArn')
  const tasks = [...room.store.range<Move>({ ...movesOf(name), reverse: true, limit: most })]
  return { Results: tasks.map(({ value }) => toResult(value)) }
}

// Only a running task has its handle in the list (recorded).
const toResult = ({ id, source, target, rate, status, moved, total, started, failure }: Move): JsonObject => ({
  ...(status === 'RUNNING' ? { TaskHandle: toTaskHandle(id, arnOf(source)) } : {}),
  Status: status,
  SourceArn: arnOf(source),
  ...(target === undefined ? {} : { DestinationArn: arnOf(target) }),
  ...(rate === undefined ? {} : { MaxNumberOfMessagesPerSecond: rate }),
  ApproximateNumberOfMessagesMoved: moved,
  ApproximateNumberOfMessagesToMove: total,
  ...(failure === undefined ? {} : { FailureReason: failure }),
  StartedTimestamp: started,
})
