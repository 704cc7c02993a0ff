// ReceiveRequestAttemptId: a receive of a FIFO queue whose answer was lost is answered again, with the same messages.
// Source: API reference of ReceiveMessage. Kept in memory: after a restart the messages come back when their visibility ends.
import { toHandle } from './handle.ts'
import { messageKey, stateKey } from './keys.ts'
import { reschedule } from './lane.ts'
import type { Message, State } from './message.ts'
import type { Queue } from './queue.ts'
import type { Change } from './room.ts'
import type { Received } from './take.ts'

const WINDOW = 5 * 60_000

interface Attempt {
  readonly ends: number
  readonly taken: readonly { readonly number: number; readonly state: State }[]
}

export type Attempts = Map<string, Attempt>

export const openAttempts = (): Attempts => new Map()

const nameOf = (queue: Queue, id: string): string => `${queue.lane} ${id}`

/** Remembers what an attempt was given. */
export function rememberAttempt(attempts: Attempts, one: Change, queue: Queue, id: string, received: Received[]): void {
  // In the order of their ends: the old ones stand first.
  for (const [name, { ends }] of attempts) {
    if (ends > one.now) break
    attempts.delete(name)
  }
  const taken = received.flatMap(({ number }) => {
    const state = one.writer.get<State>(stateKey(queue.lane, number))
    return state === undefined ? [] : [{ number, state }]
  })
  attempts.set(nameOf(queue, id), { ends: one.now + WINDOW, taken })
}

/** The same again, hidden anew; undefined when any of it was deleted, changed or became visible meanwhile. */
export function repeatAttempt(
  attempts: Attempts,
  one: Change,
  queue: Queue,
  id: string,
  hide: number,
): Received[] | undefined {
  const attempt = attempts.get(nameOf(queue, id))
  if (attempt === undefined || attempt.ends <= one.now || attempt.taken.length === 0) return undefined
  const again: Received[] = []
  for (const { number, state } of attempt.taken) {
    const now = one.writer.get<State>(stateKey(queue.lane, number))
    const message = one.writer.get<Message>(messageKey(queue.lane, number))
    const isSame = now?.at === state.at && now.count === state.count && now.at > one.now
    if (message === undefined || !isSame) return undefined
    const count = state.count + (message.carried ?? 0)
    again.push({
      message,
      number,
      handle: toHandle(queue, number, state.count),
      count,
      first: message.first ?? state.first,
    })
  }
  const at = one.now + hide
  for (const { number, state } of attempt.taken) reschedule(one, queue, number, state, at)
  attempts.set(nameOf(queue, id), {
    ends: attempt.ends,
    taken: attempt.taken.map(({ number, state }) => ({ number, state: { ...state, at } })),
  })
  return again
}
