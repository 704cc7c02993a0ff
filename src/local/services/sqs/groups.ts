// FIFO message groups: each waits for its turn, and none has a turn while one of its messages is in flight.
// Source: SQS Developer Guide, "FIFO delivery logic".
import type { Writer } from '../../store.ts'
import { allLine, groupKey, lineKey, stateKey, turnKey } from './keys.ts'
import type { State } from './message.ts'
import type { Queue } from './queue.ts'
import type { Change } from './room.ts'

export interface Group {
  /** When its turn comes. */
  readonly at: number
  /** The number of its first message. */
  readonly head: number
  /** The messages handed out last. */
  readonly taken: readonly number[]
}

/** A new message queues up; the group's turn is its head's matter. */
export function joinGroup(writer: Writer, lane: number, group: string, number: number, at: number): void {
  writer.put(lineKey(lane, group, number), 0)
  if (writer.get(groupKey(lane, group)) === undefined)
    place(writer, lane, group, undefined, { at, head: number, taken: [] })
}

/** Messages were handed out: the group is blocked until they are deleted or visible again. */
export function takeFromGroup(
  writer: Writer,
  lane: number,
  group: string,
  taken: readonly number[],
  now: number,
): void {
  settle(writer, lane, group, taken, now)
}

/** A message left the group, or its visibility changed: its turn may come earlier. */
export function leaveGroup(change: Change, queue: Queue, group: string): void {
  const next = groupStays(change, queue, group)
  if (next !== undefined && next.at <= change.now) change.arrived(queue.name)
}

export function groupStays({ writer, now }: Change, { lane }: Queue, group: string): Group | undefined {
  return settle(writer, lane, group, writer.get<Group>(groupKey(lane, group))?.taken ?? [], now)
}

function settle(writer: Writer, lane: number, group: string, taken: readonly number[], now: number): Group | undefined {
  const before = writer.get<Group>(groupKey(lane, group))
  const [first] = writer.range({ ...allLine(lane, group), limit: 1 })
  const head = first?.key.at(-1)
  if (typeof head !== 'number') {
    place(writer, lane, group, before, undefined)
    return undefined
  }
  const visible = (number: number): number => writer.get<State>(stateKey(lane, number))?.at ?? 0
  const hidden = taken.filter((number) => visible(number) > now)
  const at = hidden.length === 0 ? visible(head) : Math.max(...hidden.map(visible))
  const after: Group = { at, head, taken: hidden }
  place(writer, lane, group, before, after)
  return after
}

function place(writer: Writer, lane: number, group: string, before: Group | undefined, after: Group | undefined): void {
  if (before !== undefined) writer.remove(turnKey(lane, before.at, before.head))
  if (after === undefined) {
    writer.remove(groupKey(lane, group))
    return
  }
  writer.put(turnKey(lane, after.at, after.head), group)
  writer.put(groupKey(lane, group), after)
}
