// Message move tasks: what lies in a dead-letter queue goes back to where it came from, or elsewhere, at a given rate on the clock.
// Sources: recorded tasks; SQS Developer Guide, "Dead-letter queue redrive".
import { randomUUID } from 'node:crypto'
import type { Key } from '../../store.ts'
import { allLine, allMoves, dueUntil, messageKey, queueKey, stateKey, turnUntil } from './keys.ts'
import { drop, insert } from './lane.ts'
import type { Message, State } from './message.ts'
import { nameOfArn, type Queue } from './queue.ts'
import { type Change, change, type Room } from './room.ts'
import { sequenceOf } from './send.ts'
import { anyVisible } from './take.ts'

export interface Move {
  readonly id: string
  /** Names of queues; without a target every message goes back to the queue it came from. */
  readonly source: string
  readonly target?: string
  /** Messages a second; without it as fast as it goes. */
  readonly rate?: number
  readonly status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED'
  readonly moved: number
  readonly total: number
  readonly started: number
  readonly failure?: string
}

// What one transaction moves at most without a rate: other writers wait for it.
const PIECE = 500
// The rate is kept in steps no shorter than this many to a second.
const STEPS = 10

/** Goes on with a task, until it has ended. */
export function runMove(room: Room, key: Key): void {
  // Stopped halfway by a close, it goes on at the next start.
  room.clock.hold(step(room, key).catch(() => undefined))
}

/** Goes on with every task that a close or a crash stopped. */
export function resumeMoves(room: Room): void {
  for (const { key, value } of room.store.range<Move>(allMoves)) if (value.status === 'RUNNING') runMove(room, key)
}

async function step(room: Room, key: Key): Promise<void> {
  for (;;) {
    const wait = await change(room, (one) => movePiece(one, key))
    if (wait === undefined) return
    if (wait > 0) {
      room.clock.after(wait, () => step(room, key).catch(() => undefined))
      return
    }
  }
}

// Answers when to go on, in milliseconds; undefined at the end.
function movePiece(one: Change, key: Key): number | undefined {
  const { writer } = one
  const task = writer.get<Move>(key)
  if (task?.status !== 'RUNNING') return undefined
  const source = writer.get<Queue>(queueKey(task.source))
  if (source === undefined) {
    writer.put(key, { ...task, status: 'FAILED', failure: GONE } satisfies Move)
    return undefined
  }
  const { rate } = task
  const most = rate === undefined ? PIECE : Math.ceil(rate / STEPS)
  const { moved, failure } = moveSome(one, source, task.target, most)
  const next: Move = { ...task, moved: task.moved + moved }
  if (failure !== undefined) writer.put(key, { ...next, status: 'FAILED', failure } satisfies Move)
  else if (anyVisible(writer, source, one.now)) {
    writer.put(key, next)
    return rate === undefined ? 0 : (1000 * most) / rate
  } else writer.put(key, { ...next, status: 'COMPLETED' } satisfies Move)
  return undefined
}

const GONE = 'AWS.SimpleQueueService.NonExistentQueue'

function moveSome(one: Change, source: Queue, target: string | undefined, most: number) {
  let moved = 0
  for (const number of visible(one, source, most)) {
    const state = one.writer.get<State>(stateKey(source.lane, number))
    const message = one.writer.get<Message>(messageKey(source.lane, number))
    if (state === undefined || message === undefined) continue
    const name = target ?? nameOfArn(message.source ?? '')
    if (name === undefined) return { moved, failure: 'CouldNotDetermineMessageSource' }
    const queue = one.writer.get<Queue>(queueKey(name))
    if (queue === undefined) return { moved, failure: GONE }
    drop(one, source, number, state)
    arrive(one, queue, message)
    moved += 1
  }
  return { moved, failure: undefined }
}

// The oldest first; of a FIFO queue whole groups, so that none of them is torn out of its order.
function visible({ writer, now }: Change, { lane, fifo }: Queue, most: number): number[] {
  const numberOf = ({ key }: { key: Key }): number => Number(key.at(-1))
  if (!fifo) return [...writer.range({ ...dueUntil(lane, now), limit: most })].map(numberOf)
  const numbers: number[] = []
  for (const { value: group } of writer.range<string>(turnUntil(lane, now))) {
    if (numbers.length >= most) break
    for (const entry of writer.range({ ...allLine(lane, group), limit: most - numbers.length })) {
      if ((writer.get<State>(stateKey(lane, numberOf(entry)))?.at ?? now) > now) break
      numbers.push(numberOf(entry))
    }
  }
  return numbers
}

// A moved message counts as a new one: another id, another age, never received.
function arrive(one: Change, queue: Queue, { source: _, carried: __, first: ___, ...message }: Message): void {
  const number = one.number()
  const fresh: Message = { ...message, id: randomUUID(), sent: one.now, entered: one.now }
  insert(one, queue, number, queue.fifo ? { ...fresh, number: sequenceOf(number) } : fresh, one.now)
}
