// StartMessageMoveTask: one at a time for a source, which must be a dead-letter queue. Errors as recorded.
import { randomUUID } from 'node:crypto'
import type { Reader } from '../../../store.ts'
import type { Action } from '../action.ts'
import { countsOf } from '../counts.ts'
import { integerOf, requiredText, textOf } from '../input.ts'
import { allQueues, moveKey, movesOf, queueKey } from '../keys.ts'
import { type Move, runMove } from '../moves.ts'
import { invalidParameter, resourceNotFound } from '../problems.ts'
import { arnOf, nameOfArn, type Queue, redriveOf } from '../queue.ts'
import { change } from '../room.ts'
import { toTaskHandle } from '../task-handle.ts'

// ListMessageMoveTasks tells of this many.
const KEPT = 10

export const startMessageMoveTask: Action = async ({ room, input }) => {
  const sourceArn = requiredText(input, 'SourceArn')
  const targetArn = textOf(input, 'DestinationArn')
  const rate = integerOf(input, 'MaxNumberOfMessagesPerSecond', 1, 500)
  const id = randomUUID()
  await change(room, ({ writer, now, number }) => {
    const source = queueOfArn(writer, sourceArn, 'SourceArn')
    const isDeadLetters = [...writer.range<Queue>(allQueues())].some(
      ({ value }) => redriveOf(value)?.target === source.name,
    )
    if (!isDeadLetters) throw invalidParameter('Source queue must be configured as a Dead Letter Queue.')
    const target = targetArn === undefined ? undefined : queueOfArn(writer, targetArn, 'DestinationArn')
    if (target !== undefined && target.fifo !== source.fifo)
      throw invalidParameter('Source and destination queue must be of the same type.')
    const tasks = [...writer.range<Move>(movesOf(source.name))]
    if (tasks.some(({ value }) => value.status === 'RUNNING'))
      throw invalidParameter(
        'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
      )
    for (const { key } of tasks.slice(0, Math.max(0, tasks.length - KEPT + 1))) writer.remove(key)
    const task: Move = {
      id,
      source: source.name,
      ...(target === undefined ? {} : { target: target.name }),
      ...(rate === undefined ? {} : { rate }),
      status: 'RUNNING',
      moved: 0,
      total: countsOf(writer, source, now).visible,
      started: now,
    }
    const key = moveKey(source.name, number())
    writer.put(key, task)
    writer.after(() => runMove(room, key))
  })
  return { TaskHandle: toTaskHandle(id, arnOf(nameOfArn(sourceArn) ?? '')) }
}

export function queueOfArn(reader: Reader, arn: string, parameter: string): Queue {
  const name = nameOfArn(arn)
  const queue = name === undefined ? undefined : reader.get<Queue>(queueKey(name))
  if (queue === undefined)
    throw resourceNotFound(`The resource that you specified for the ${parameter} parameter doesn't exist.`)
  return queue
}
