// How many messages of a queue are visible, hidden and delayed: counted on the indexes, so they are always exact.
import type { Reader } from '../../store.ts'
import { delayAfter, dueAfter, dueUntil } from './keys.ts'
import type { Queue } from './queue.ts'

export interface Counts {
  readonly visible: number
  readonly hidden: number
  readonly delayed: number
}

export function countsOf(reader: Reader, { lane }: Queue, now: number): Counts {
  const delayed = reader.count(delayAfter(lane, now))
  return { visible: reader.count(dueUntil(lane, now)), hidden: reader.count(dueAfter(lane, now)) - delayed, delayed }
}
