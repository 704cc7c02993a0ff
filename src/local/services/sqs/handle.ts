// Receipt handles: which message of which filling of which queue, received for the how-manieth time.
import { invalidHandle } from './problems.ts'
import type { Queue } from './queue.ts'

export interface Receipt {
  readonly lane: number
  readonly number: number
  readonly count: number
}

export function toHandle(queue: Queue, number: number, count: number): string {
  const text = [queue.id, queue.lane, number, count].join('.')
  return Buffer.from(`${text}.${digest(text)}`).toString('base64')
}

// FNV-1a: it tells a mistyped handle, and is no secret.
function digest(text: string): string {
  let sum = 0x811c9dc5
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 0x01000193)
  return (sum >>> 0).toString(16).padStart(8, '0')
}

/** Reads a handle given out by this queue; anything else is refused. */
export function fromHandle(queue: Queue, handle: string): Receipt {
  const found = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.([\da-f]{8})$/.exec(Buffer.from(handle, 'base64').toString('latin1'))
  if (found === null) throw invalidHandle(handle)
  const [, id, lane, number, count, sum] = found
  if (Number(id) !== queue.id || sum !== digest([id, lane, number, count].join('.'))) throw invalidHandle(handle)
  return { lane: Number(lane), number: Number(number), count: Number(count) }
}
