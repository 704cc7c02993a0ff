// How many messages of a queue are in flight: held to SQS's limit without counting at every receive.
// Sources: SQS quotas for standard and FIFO queues, 120,000 each (FIFO queues had 20,000 until 2024).
import { countsOf } from './counts.ts'
import { overLimit } from './problems.ts'
import type { Queue } from './queue.ts'
import type { Change } from './room.ts'

const MOST = 120_000

/** By lane: how many more may be taken before it must be counted anew. Only receiving puts messages in flight. */
export type Flights = Map<number, number>

export const openFlights = (): Flights => new Map()

/** How many of `wanted` messages may be taken. */
export function roomFor(flights: Flights, { writer, now }: Change, queue: Queue, wanted: number): number {
  let left = flights.get(queue.lane) ?? 0
  if (left < wanted) left = MOST - countsOf(writer, queue, now).hidden
  flights.set(queue.lane, left - wanted)
  return Math.max(0, Math.min(wanted, left))
}

/** A standard queue says it at once; a long poll and a FIFO queue only find nothing (documented). */
export const tooManyInFlight = () => overLimit(`Too many messages are in flight: ${MOST} is the most for a queue.`)
