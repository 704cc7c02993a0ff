// Where each thing of SQS lies in the store. `lane` numbers one filling of one queue: a purge starts a new lane.
import type { Key, Range } from '../../store.ts'
import { under } from '../../store.ts'

export const queueKey = (name: string): Key => ['sqs', 'queue', name]
export const allQueues = (prefix = ''): Pick<Range, 'start' | 'end'> => ({
  start: ['sqs', 'queue', prefix],
  end: ['sqs', 'queue', `${prefix}\u{10ffff}`],
})

/** The highest number that may have been given out. */
export const numberKey: Key = ['sqs', 'number']

/** When a queue was deleted: its name is not free at once. */
export const deletedKey = (name: string): Key => ['sqs', 'deleted', name]
export const allDeleted = under('sqs', 'deleted')

/** The tasks that move messages out of a dead-letter queue, in the order they were started. */
export const moveKey = (source: string, number: number): Key => ['sqs', 'move', source, number]
export const movesOf = (source: string): Pick<Range, 'start' | 'end'> => under('sqs', 'move', source)
export const allMoves = under('sqs', 'move')

/** Lanes whose messages wait to be swept. */
export const garbageKey = (lane: number): Key => ['sqs', 'garbage', lane]
export const allGarbage = under('sqs', 'garbage')

/** The message, and what changes of it, by its number: in the order of sending. */
export const messageKey = (lane: number, number: number): Key => ['sqs', 'lane', lane, 'message', number]
export const stateKey = (lane: number, number: number): Key => ['sqs', 'lane', lane, 'state', number]
export const allStates = (lane: number): Pick<Range, 'start' | 'end'> => under('sqs', 'lane', lane, 'state')

/** Every message by the moment it becomes (or became) visible. */
export const dueKey = (lane: number, at: number, number: number): Key => ['sqs', 'lane', lane, 'due', at, number]
/** Visible at `now`. */
export const dueUntil = (lane: number, now: number): Pick<Range, 'start' | 'end'> => ({
  start: ['sqs', 'lane', lane, 'due'],
  end: ['sqs', 'lane', lane, 'due', now + 1],
})
/** Not visible yet at `now`. */
export const dueAfter = (lane: number, now: number): Pick<Range, 'start' | 'end'> => ({
  start: ['sqs', 'lane', lane, 'due', now + 1],
  end: under('sqs', 'lane', lane, 'due').end,
})

/** The messages among those that were sent with a delay and not received yet. */
export const delayKey = (lane: number, at: number, number: number): Key => ['sqs', 'lane', lane, 'delay', at, number]
export const delayAfter = (lane: number, now: number): Pick<Range, 'start' | 'end'> => ({
  start: ['sqs', 'lane', lane, 'delay', now + 1],
  end: under('sqs', 'lane', lane, 'delay').end,
})

/** FIFO: the messages of a group in order, the group itself, and the groups by the moment their turn comes. */
export const lineKey = (lane: number, group: string, number: number): Key => [
  'sqs',
  'lane',
  lane,
  'line',
  group,
  number,
]
export const allLine = (lane: number, group: string): Pick<Range, 'start' | 'end'> =>
  under('sqs', 'lane', lane, 'line', group)
export const groupKey = (lane: number, group: string): Key => ['sqs', 'lane', lane, 'group', group]
export const turnKey = (lane: number, at: number, number: number): Key => ['sqs', 'lane', lane, 'turn', at, number]
export const turnUntil = (lane: number, now: number): Pick<Range, 'start' | 'end'> => ({
  start: ['sqs', 'lane', lane, 'turn'],
  end: ['sqs', 'lane', lane, 'turn', now + 1],
})

/** FIFO: what was sent within the deduplication window, and the same by the moment the window ends. */
export const duplicateKey = (lane: number, scope: string, id: string): Key => [
  'sqs',
  'lane',
  lane,
  'duplicate',
  scope,
  id,
]
export const windowKey = (lane: number, ends: number, number: number): Key => [
  'sqs',
  'lane',
  lane,
  'window',
  ends,
  number,
]
export const windowUntil = (lane: number, now: number): Pick<Range, 'start' | 'end'> => ({
  start: ['sqs', 'lane', lane, 'window'],
  end: ['sqs', 'lane', lane, 'window', now + 1],
})

export const wholeLane = (lane: number): Pick<Range, 'start' | 'end'> => under('sqs', 'lane', lane)
