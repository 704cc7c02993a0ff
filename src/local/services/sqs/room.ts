// What every action of SQS works with: the store, the clock, the arrivals, and one way to change the store.
import type { Clock } from '../../clock.ts'
import type { Store, Writer } from '../../store.ts'
import type { Arrivals } from './arrivals.ts'
import type { Attempts } from './attempts.ts'
import type { Flights } from './flight.ts'
import { numberKey, queueKey } from './keys.ts'
import type { Queue } from './queue.ts'

export interface Room {
  readonly store: Store
  readonly clock: Clock
  readonly arrivals: Arrivals
  readonly numbers: Numbers
  readonly flights: Flights
  readonly attempts: Attempts
  /** The queues as they are stored, for they are asked for at every call. */
  readonly queues: Map<string, Queue>
  /** By lane. */
  readonly ahead: Map<number, Ahead>
  /** Lanes whose last receive found something: the next one need not look first. */
  readonly busy: Set<number>
}

/** A message, and since when it is visible. */
export interface Due {
  readonly at: number
  readonly number: number
}

/** The visible messages of a standard queue that come next, read ahead for the receives to come. */
export interface Ahead {
  readonly line: Due[]
  /** There are no others: what is sent now comes next. */
  isWhole: boolean
}

/** One change of the store, and what is to happen once it is committed. */
export interface Change {
  readonly writer: Writer
  readonly now: number
  readonly ahead: Map<number, Ahead>
  /** The next number: unique, and rising with time, so that numbers also order messages by age. */
  number(): number
  /** Stores a queue. */
  keep(queue: Queue): void
  /** Removes a queue. */
  lose(queue: Queue): void
  /** A message of this queue is or became visible. */
  arrived(queue: string): void
  /** Something of this queue falls due at `time`. */
  due(queue: string, time: number): void
}

/** Runs one change. Its alarms and arrivals follow the commit, so that nobody hears of a message that may yet be lost. */
export async function change<T>(room: Room, work: (change: Change) => T): Promise<T> {
  const after = new After()
  const result = room.store.commit((writer) => {
    const now = room.clock.now()
    return work({
      writer,
      now,
      ahead: room.ahead,
      number: () => room.numbers.next(writer, now),
      keep: (queue) => {
        room.queues.delete(queue.name)
        writer.put(queueKey(queue.name), queue)
      },
      lose: ({ name }) => {
        room.queues.delete(name)
        writer.remove(queueKey(name))
      },
      arrived: (queue) => after.arrived(queue),
      due: (queue, time) => after.due(queue, time),
    })
  })
  try {
    const value = await result
    after.tell(room.arrivals)
    return value
  } catch (problem) {
    // What was read in it may never have come to be.
    room.queues.clear()
    throw problem
  }
}

/** What is to happen after the commit: nearly always of one queue. */
class After {
  #arrived: string[] = []
  #due = new Map<string, number>()

  arrived(queue: string): void {
    if (!this.#arrived.includes(queue)) this.#arrived.push(queue)
  }

  due(queue: string, time: number): void {
    const known = this.#due.get(queue)
    if (known === undefined || time < known) this.#due.set(queue, time)
  }

  tell(arrivals: Arrivals): void {
    for (const [queue, time] of this.#due) arrivals.arm(queue, time)
    for (const queue of this.#arrived) arrivals.fire(queue)
  }
}

/** Forgets what is remembered of a filling that is gone. */
export function forgetLane(room: Room, lane: number): void {
  room.ahead.delete(lane)
  room.busy.delete(lane)
  room.flights.delete(lane)
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
  // What is reserved for certain: a change that throws takes its reservation back.
  let reserved = last
  return {
    next: (writer, now) => {
      last = Math.max(last + 1, Math.floor(now * PER_MILLISECOND))
      if (last > reserved && last > (writer.get<number>(numberKey) ?? 0)) {
        const end = last + BLOCK
        writer.put(numberKey, end)
        writer.after(() => {
          reserved = Math.max(reserved, end)
        })
      }
      return last
    },
  }
}
