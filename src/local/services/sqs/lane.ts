// The messages of one filling of a queue, and their order by the moment they become visible.
import type { Writer } from '../../store.ts'
import { groupStays, joinGroup, leaveGroup } from './groups.ts'
import { delayKey, dueKey, lineKey, messageKey, stateKey } from './keys.ts'
import type { Message, State } from './message.ts'
import { type Queue, retentionOf } from './queue.ts'
import type { Change, Due } from './room.ts'

/** Puts a message in, visible at `at`. */
export function insert(change: Change, queue: Queue, number: number, message: Message, at: number): void {
  const { writer, now } = change
  const state: State = { at, count: 0, first: 0, last: 0 }
  writer.put(messageKey(queue.lane, number), message)
  writer.put(stateKey(queue.lane, number), state)
  writer.put(dueKey(queue.lane, at, number), 0)
  if (at > now) writer.put(delayKey(queue.lane, at, number), 0)
  if (at <= now && !queue.fifo) follow(change, queue.lane, { at, number })
  if (message.group !== undefined && queue.fifo) joinGroup(writer, queue.lane, message.group, number, at)
  if (at > now) change.due(queue.name, at)
  else change.arrived(queue.name)
  change.due(queue.name, message.entered + retentionOf(queue))
}

// A queue that nobody receives from must not fill the memory.
const LONGEST = 1000

function follow({ ahead }: Change, lane: number, due: Due): void {
  const known = ahead.get(lane)
  if (known?.isWhole !== true) return
  if (known.line.length < LONGEST) known.line.push(due)
  else known.isWhole = false
}

/** Changes a message's state. A group must be told afterwards. */
export function update(writer: Writer, lane: number, number: number, before: State, after: State): void {
  if (before.at !== after.at) {
    writer.remove(dueKey(lane, before.at, number))
    writer.put(dueKey(lane, after.at, number), 0)
  }
  writer.put(stateKey(lane, number), after)
}

/** Takes a message out for good. */
export function drop(change: Change, queue: Queue, number: number, state: State): void {
  const { writer } = change
  const { lane } = queue
  if (queue.fifo) {
    const group = writer.get<Message>(messageKey(lane, number))?.group
    if (group !== undefined) {
      writer.remove(lineKey(lane, group, number))
      clear(writer, lane, number, state)
      leaveGroup(change, queue, group)
      return
    }
  }
  clear(writer, lane, number, state)
}

function clear(writer: Writer, lane: number, number: number, state: State): void {
  writer.remove(messageKey(lane, number))
  writer.remove(stateKey(lane, number))
  writer.remove(dueKey(lane, state.at, number))
  if (state.count === 0) writer.remove(delayKey(lane, state.at, number))
}

/** Takes back a receive that nobody got: the message is visible again, as if it had not been received. */
export function giveBack(change: Change, queue: Queue, number: number, count: number): void {
  const state = change.writer.get<State>(stateKey(queue.lane, number))
  if (state?.count !== count || state.at <= change.now) return
  reschedule(change, queue, number, { ...state, count: count - 1, first: count === 1 ? 0 : state.first }, change.now)
}

/** Changes when a message becomes visible again. */
export function reschedule(change: Change, queue: Queue, number: number, state: State, at: number): void {
  const { writer, now } = change
  update(writer, queue.lane, number, state, { ...state, at })
  const group = queue.fifo ? writer.get<Message>(messageKey(queue.lane, number))?.group : undefined
  if (group !== undefined) groupStays(change, queue, group)
  if (at > now) change.due(queue.name, at)
  else {
    comeBack(change, queue.lane)
    change.arrived(queue.name)
  }
}

/** A message is visible again: it comes after what was read ahead, and before what is sent from now on. */
export function comeBack({ ahead }: Change, lane: number): void {
  const known = ahead.get(lane)
  if (known !== undefined) known.isWhole = false
}
