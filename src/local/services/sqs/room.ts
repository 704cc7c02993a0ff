// What every action of SQS works with: the store, the clock, the arrivals, and one way to change the store.
import type { Clock } from '../../clock.ts'
import type { Store, Writer } from '../../store.ts'
import type { Arrivals } from './arrivals.ts'
import type { Attempts } from './attempts.ts'
import type { Flights } from './flight.ts'
import { numberKey } from './keys.ts'

export interface Room {
  readonly store: Store
  readonly clock: Clock
  readonly arrivals: Arrivals
  readonly numbers: Numbers
  readonly flights: Flights
  readonly attempts: Attempts
}

/** One change of the store, and what is to happen once it is committed. */
export interface Change {
  readonly writer: Writer
  readonly now: number
  /** The next number: unique, and rising with time, so that numbers also order messages by age. */
  number(): number
  /** A message of this queue is or became visible. */
  arrived(queue: string): void
  /** Something of this queue falls due at `time`. */
  due(queue: string, time: number): void
}

/** Runs one change. Its alarms and arrivals follow the commit, so that nobody hears of a message that may yet be lost. */
export async function change<T>(room: Room, work: (change: Change) => T): Promise<T> {
  const arrived = new Set<string>()
  const due = new Map<string, number>()
  const result = await room.store.commit((writer) => {
    const now = room.clock.now()
    return work({
      writer,
      now,
      number: () => room.numbers.next(writer, now),
      arrived: (queue) => arrived.add(queue),
      due: (queue, time) => due.set(queue, Math.min(time, due.get(queue) ?? time)),
    })
  })
  for (const [queue, time] of due) room.arrivals.arm(queue, time)
  for (const queue of arrived) room.arrivals.fire(queue)
  return result
}

export interface Numbers {
  next(writer: Writer, now: number): number
}

/** Numbers given out per millisecond before they run ahead of the clock. */
export const PER_MILLISECOND = 1024
const BLOCK = PER_MILLISECOND * 60_000

/** Starts above every number ever given out: the clock may stand earlier than at the last run, after it was advanced. */
export function openNumbers(store: Store): Numbers {
  let last = store.get<number>(numberKey) ?? 0
  return {
    next: (writer, now) => {
      last = Math.max(last + 1, Math.floor(now * PER_MILLISECOND))
      // Asked of the transaction, not remembered: a change that throws takes its reservation back.
      if (last > (writer.get<number>(numberKey) ?? 0)) writer.put(numberKey, last + BLOCK)
      return last
    },
  }
}
