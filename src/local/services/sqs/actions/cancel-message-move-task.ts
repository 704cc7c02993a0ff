// CancelMessageMoveTask: what was moved stays moved. Errors as recorded.
import type { Action } from '../action.ts'
import { requiredText } from '../input.ts'
import { movesOf } from '../keys.ts'
import type { Move } from '../moves.ts'
import { invalidParameter, resourceNotFound } from '../problems.ts'
import { change } from '../room.ts'
import { fromTaskHandle } from '../task-handle.ts'
import { queueOfArn } from './start-message-move-task.ts'

export const cancelMessageMoveTask: Action = async ({ room, input }) => {
  const { taskId, sourceArn } = fromTaskHandle(requiredText(input, 'TaskHandle'))
  return change(room, ({ writer }) => {
    const { name } = queueOfArn(writer, sourceArn, 'SourceArn')
    const found = [...writer.range<Move>(movesOf(name))].find(({ value }) => value.id === taskId)
    if (found === undefined) throw resourceNotFound('Task does not exist.')
    if (found.value.status !== 'RUNNING') throw invalidParameter('Only active tasks can be cancelled.')
    writer.put(found.key, { ...found.value, status: 'CANCELLED' } satisfies Move)
    return { ApproximateNumberOfMessagesMoved: found.value.moved }
  })
}
