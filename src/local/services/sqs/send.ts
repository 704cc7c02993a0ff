// Puts a drafted message into a queue: the queue's own limits, deduplication, delay.

import { createHash, randomUUID } from 'node:crypto'
import { md5, md5OfAttributes } from './digest.ts'
import { duplicateKey, windowKey, windowUntil } from './keys.ts'
import { insert } from './lane.ts'
import { checkDraft, type Draft, type Message } from './message.ts'
import { invalidParameter, invalidValue, missingParameter } from './problems.ts'
import { numberOf, type Queue } from './queue.ts'
import type { Change } from './room.ts'

export interface Sent {
  readonly id: string
  readonly md5: string
  readonly md5OfAttributes?: string
  readonly md5OfSystem?: string
  /** FIFO: the SequenceNumber. */
  readonly number?: string
}

interface Duplicate {
  readonly ends: number
  readonly id: string
  readonly number: string
}

const WINDOW = 5 * 60_000

/** 20 digits, rising. AWS's own start with the same ones. */
export const sequenceOf = (number: number): string => `1885${String(number).padStart(16, '0')}`

/** Refuses what this queue does not take; before anything is written. */
export function checkForQueue(draft: Draft, queue: Queue, batch = false): void {
  checkDraft(draft, numberOf(queue, 'MaximumMessageSize'))
  if (!queue.fifo) {
    if (draft.deduplication !== undefined) throw wrongType('MessageDeduplicationId', draft.deduplication)
    return
  }
  if (draft.delay !== undefined && draft.delay > 0)
    throw invalidValue(
      'DelaySeconds',
      draft.delay,
      'The request include parameter that is not valid for this queue type.',
    )
  if (draft.group === undefined)
    throw batch
      ? invalidParameter('The request must contain the parameter MessageGroupId.')
      : missingParameter('MessageGroupId')
  if (draft.deduplication === undefined && queue.attributes.ContentBasedDeduplication !== 'true')
    throw invalidParameter(
      'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
    )
}

const wrongType = (name: string, value: string) =>
  invalidValue(name, value, 'The request includes a parameter that is not valid for this queue type.')

/** Sends a checked draft. A duplicate within its window is answered like the first and goes nowhere. */
export function put(change: Change, queue: Queue, draft: Draft, sender: string): Sent {
  const trace = draft.system.find(({ name }) => name === 'AWSTraceHeader')?.text
  const digests = {
    md5: md5(draft.body),
    ...(draft.attributes.length === 0 ? {} : { md5OfAttributes: md5OfAttributes(draft.attributes) }),
    ...(draft.system.length === 0 ? {} : { md5OfSystem: md5OfAttributes(draft.system) }),
  }
  const number = change.number()
  const fifo = queue.fifo ? fifoOf(queue, draft, number) : undefined
  const id = randomUUID()
  if (fifo !== undefined) {
    const earlier = remember(change, queue, fifo, id, number)
    if (earlier !== undefined) return { ...digests, id: earlier.id, number: earlier.number }
  }
  const message: Message = {
    id,
    body: draft.body,
    md5: digests.md5,
    sent: change.now,
    entered: change.now,
    sender,
    attributes: draft.attributes,
    ...(trace === undefined ? {} : { trace }),
    ...(draft.group === undefined ? {} : { group: draft.group }),
    ...(fifo === undefined ? {} : { deduplication: fifo.deduplication, number: fifo.number }),
  }
  insert(change, queue, number, message, change.now + (draft.delay ?? numberOf(queue, 'DelaySeconds')) * 1000)
  return { ...digests, id, ...(fifo === undefined ? {} : { number: fifo.number }) }
}

interface Fifo {
  readonly deduplication: string
  readonly number: string
  readonly scope: string
}

function fifoOf(queue: Queue, draft: Draft, number: number): Fifo {
  const deduplication = draft.deduplication ?? createHash('sha256').update(draft.body).digest('hex')
  const scope = queue.attributes.DeduplicationScope === 'messageGroup' ? `g:${draft.group ?? ''}` : 'q'
  return { deduplication, scope, number: sequenceOf(number) }
}

// The window starts with the first message, is not renewed by duplicates, and survives the message's deletion (recorded).
function remember(
  { writer, now }: Change,
  queue: Queue,
  fifo: Fifo,
  id: string,
  number: number,
): Duplicate | undefined {
  const key = duplicateKey(queue.lane, fifo.scope, fifo.deduplication)
  const earlier = writer.get<Duplicate>(key)
  if (earlier !== undefined && earlier.ends > now) return earlier
  // A few old windows go with every message, so that they never pile up. A renewed one stays.
  for (const { key: old, value } of [
    ...writer.range<[string, string]>({ ...windowUntil(queue.lane, now), limit: 4 }),
  ]) {
    const duplicate = duplicateKey(queue.lane, ...value)
    if ((writer.get<Duplicate>(duplicate)?.ends ?? 0) <= now) writer.remove(duplicate)
    writer.remove(old)
  }
  const ends = now + WINDOW
  writer.put(key, { ends, id, number: fifo.number } satisfies Duplicate)
  writer.put(windowKey(queue.lane, ends, number), [fifo.scope, fifo.deduplication])
  return undefined
}
