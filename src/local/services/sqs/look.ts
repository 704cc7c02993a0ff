// What happens when something of a queue falls due: messages become visible, old ones expire, lost fillings are swept.
import type { Store } from '../../store.ts'
import { allGarbage, allQueues, allStates, dueAfter, messageKey, queueKey, wholeLane } from './keys.ts'
import { drop } from './lane.ts'
import type { Message, State } from './message.ts'
import { type Queue, retentionOf } from './queue.ts'
import { change, type Room } from './room.ts'
import { anyVisible } from './take.ts'

// What one transaction removes at most: other writers wait for it.
const PIECE = 1000

/** Looks after a queue; answers when to look again. */
export async function look(room: Room, name: string): Promise<number | undefined> {
  const { store, clock } = room
  for (let expired = PIECE; expired === PIECE; ) expired = await expire(room, name)
  const queue = store.get<Queue>(queueKey(name))
  if (queue === undefined) return undefined
  // What became visible by the clock is not in the line, and must not wait until that is empty.
  room.ahead.delete(queue.lane)
  const now = clock.now()
  if (anyVisible(store, queue, now)) room.arrivals.fire(name)
  return nextDue(store, queue, now)
}

/** When the next message becomes visible or the oldest expires. */
export function nextDue(store: Store, queue: Queue, now: number): number | undefined {
  const [next] = store.range({ ...dueAfter(queue.lane, now), limit: 1 })
  const [oldest] = store.range({ ...allStates(queue.lane), limit: 1 })
  if (oldest === undefined) return undefined
  const message = store.get<Message>(messageKey(queue.lane, Number(oldest.key.at(-1))))
  const expiry = message === undefined ? now : message.entered + retentionOf(queue)
  return Math.max(Math.min(expiry, Number(next?.key.at(-2) ?? expiry)), now + 1)
}

async function expire(room: Room, name: string): Promise<number> {
  const queue = room.store.get<Queue>(queueKey(name))
  if (queue === undefined || oldEnough(room, queue).length === 0) return 0
  return change(room, (one) => {
    const numbers = oldEnough(room, queue)
    for (const number of numbers) {
      const state = one.writer.get<State>([...allStates(queue.lane).start, number])
      if (state !== undefined) drop(one, queue, number, state)
    }
    return numbers.length
  })
}

// Numbers rise with age, so the oldest stand first; the first young one ends the search.
function oldEnough({ store, clock }: Room, queue: Queue): number[] {
  const before = clock.now() - retentionOf(queue)
  const numbers: number[] = []
  for (const { key } of store.range({ ...allStates(queue.lane), limit: PIECE })) {
    const number = Number(key.at(-1))
    const message = store.get<Message>(messageKey(queue.lane, number))
    if (message !== undefined && message.entered > before) break
    numbers.push(number)
  }
  return numbers
}

/** Removes what purged and deleted queues left behind, a piece at a time. */
export async function sweep(room: Room): Promise<void> {
  for (const { key } of [...room.store.range(allGarbage)]) {
    const range = wholeLane(Number(key.at(-1)))
    for (let left = true; left; ) {
      left = await room.store.commit((writer) => {
        const entries = [...writer.range({ ...range, limit: PIECE })]
        for (const entry of entries) writer.remove(entry.key)
        if (entries.length === 0) writer.remove(key)
        return entries.length > 0
      })
    }
  }
}

/** Sets the alarms of every queue: after a start. */
export function armAll(room: Room): void {
  for (const { value: queue } of room.store.range<Queue>(allQueues())) {
    const next = nextDue(room.store, queue, room.clock.now())
    if (next !== undefined) room.arrivals.arm(queue.name, next)
  }
}
