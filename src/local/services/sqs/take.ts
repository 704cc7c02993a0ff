// Takes the next messages out of a queue's sight: an ordered read of what is visible, oldest first, never a scan.
import type { Reader } from '../../store.ts'
import { groupStays, takeFromGroup } from './groups.ts'
import { toHandle } from './handle.ts'
import { allLine, delayKey, dueUntil, messageKey, queueKey, stateKey, turnUntil } from './keys.ts'
import { comeBack, drop, insert, update } from './lane.ts'
import type { Message, State } from './message.ts'
import { arnOf, type Queue, type Redrive, redriveOf, retentionOf } from './queue.ts'
import type { Change, Due } from './room.ts'
import { sequenceOf } from './send.ts'

/** A message in the hands of a receiver. */
export interface Received {
  readonly message: Message
  readonly number: number
  readonly handle: string
  /** Times it was received, over all queues it lay in. */
  readonly count: number
  readonly first: number
}

/** Whether a receive would find anything, without changing the store. */
export function anyVisible(reader: Reader, queue: Pick<Queue, 'lane' | 'fifo'>, now: number): boolean {
  const range = queue.fifo ? turnUntil(queue.lane, now) : dueUntil(queue.lane, now)
  for (const _ of reader.range({ ...range, limit: 1 })) return true
  return false
}

/** Takes up to `most` messages and hides them for `hide` milliseconds. */
export function take(change: Change, queue: Queue, most: number, hide: number): Received[] {
  const taken: Received[] = []
  const redrive = redriveOf(queue)
  const one: One = (number, at) => takeOne(change, queue, number, hide, redrive, at)
  // Again, because some of what was found may have expired or gone to the dead-letter queue; hidden for 0 seconds,
  // what was taken would be found again.
  for (let found = true; found && taken.length < most; found &&= hide > 0) {
    found = queue.fifo ? takeGroups(change, queue, most, taken, one) : takeAny(change, queue, most, taken, one)
  }
  return taken
}

type One = (number: number, at?: number) => Received | undefined

// How many messages are read ahead: a range read costs more than the rest of a receive.
const AHEAD = 64

// What becomes visible after the reading comes after it in time too: the order stays the store's.
function takeAny({ writer, now, ahead }: Change, queue: Queue, most: number, taken: Received[], one: One): boolean {
  const serve = (line: Due[]): void => {
    while (taken.length < most) {
      const due = line.shift()
      if (due === undefined) return
      push(taken, one(due.number, due.at))
    }
  }
  const known = ahead.get(queue.lane)
  if (known !== undefined) serve(known.line)
  if (taken.length >= most) return false
  const before = new Set(taken.map(({ number }) => number))
  const limit = most + AHEAD
  const line = [...writer.range({ ...dueUntil(queue.lane, now), limit })]
    .map(({ key }): Due => ({ at: Number(key.at(-2)), number: Number(key.at(-1)) }))
    // Hidden for 0 seconds, what was just taken is found again.
    .filter(({ number }) => !before.has(number))
  const mayBeMore = line.length + before.size >= limit
  ahead.set(queue.lane, { line, isWhole: !mayBeMore })
  serve(line)
  return mayBeMore && taken.length < most
}

function takeGroups(change: Change, queue: Queue, most: number, taken: Received[], one: One): boolean {
  const { writer, now } = change
  const turns = [...writer.range<string>({ ...turnUntil(queue.lane, now), limit: most })]
  let found = false
  for (const { value: group } of turns) {
    if (taken.length >= most) return false
    const line = [...writer.range({ ...allLine(queue.lane, group), limit: most - taken.length })]
    const numbers: number[] = []
    let gone = 0
    for (const { key } of line) {
      const number = Number(key.at(-1))
      if ((writer.get<State>(stateKey(queue.lane, number))?.at ?? now) > now) break
      const received = one(number)
      if (received === undefined) gone += 1
      else numbers.push(number)
      push(taken, received)
    }
    if (numbers.length > 0) takeFromGroup(writer, queue.lane, group, numbers, now)
    else groupStays(change, queue, group)
    if (gone > 0 && numbers.length === 0) found = true
  }
  return found
}

function push(taken: Received[], received: Received | undefined): void {
  if (received !== undefined) taken.push(received)
}

// Undefined when the message is taken away instead: expired, or received too often.
function takeOne(
  change: Change,
  queue: Queue,
  number: number,
  hide: number,
  redrive: Redrive | undefined,
  at: number | undefined,
): Received | undefined {
  const { writer, now } = change
  const state = writer.get<State>(stateKey(queue.lane, number))
  // Deleted or hidden since it was read ahead.
  if (state === undefined || (at !== undefined && state.at !== at)) return undefined
  const message = writer.get<Message>(messageKey(queue.lane, number))
  if (message === undefined) return undefined
  if (message.entered + retentionOf(queue) <= now) {
    drop(change, queue, number, state)
    return undefined
  }
  if (
    redrive !== undefined &&
    state.count >= redrive.after &&
    moveToDeadLetters(change, queue, number, state, message, redrive)
  )
    return undefined
  const count = state.count + 1
  const after: State = { at: now + hide, count, first: state.first || now, last: now }
  // Only what was sent with a delay is among the delayed ones.
  if (count === 1 && state.at > message.entered) writer.remove(delayKey(queue.lane, state.at, number))
  update(writer, queue.lane, number, state, after)
  if (hide === 0) comeBack(change, queue.lane)
  change.due(queue.name, after.at)
  return {
    message,
    number,
    handle: toHandle(queue, number, count),
    count: count + (message.carried ?? 0),
    first: message.first ?? after.first,
  }
}

// The DLQ message keeps id, body, attributes, receive count and, in standard queues, its age. A missing DLQ keeps the message here.
function moveToDeadLetters(
  change: Change,
  queue: Queue,
  number: number,
  state: State,
  message: Message,
  { target }: Redrive,
): boolean {
  const dead = change.writer.get<Queue>(queueKey(target))
  if (dead === undefined || dead.fifo !== queue.fifo) return false
  drop(change, queue, number, state)
  const entered = dead.fifo ? change.now : message.entered
  const next = dead.fifo ? change.number() : number
  insert(
    change,
    dead,
    next,
    {
      ...message,
      entered,
      ...(dead.fifo ? { number: sequenceOf(next) } : {}),
      source: arnOf(queue.name),
      carried: (message.carried ?? 0) + state.count,
      first: message.first ?? state.first,
    },
    change.now,
  )
  return true
}
