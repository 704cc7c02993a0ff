// Receipt handles: which message of which filling of which queue, received for the how-manieth time.
import { md5 } from './digest.ts'
import { invalidHandle } from './problems.ts'
import type { Queue } from './queue.ts'

export interface Receipt {
  readonly lane: number
  readonly number: number
  readonly count: number
}

export function toHandle(queue: Queue, number: number, count: number): string {
  const text = [queue.id, queue.lane, number, count].join('.')
  return Buffer.from(`${text}.${md5(text)}`).toString('base64')
}

/** Reads a handle given out by this queue; anything else is refused (the digest tells a mistyped one, it is no secret). */
export function fromHandle(queue: Queue, handle: string): Receipt {
  const found = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.([\da-f]{32})$/.exec(Buffer.from(handle, 'base64').toString('latin1'))
  if (found === null) throw invalidHandle(handle)
  const [, id, lane, number, count, digest] = found
  if (Number(id) !== queue.id || digest !== md5([id, lane, number, count].join('.'))) throw invalidHandle(handle)
  return { lane: Number(lane), number: Number(number), count: Number(count) }
}
