// The event that wakes a function, as far as its trigger says what must be in it.
import type { Value } from '../../aws/access.ts'
import type { Values } from './atoms.ts'
import type { EventValue } from './inputs.ts'

/** What wakes a function: the names of what it tells of. */
export interface Trigger {
  /** The bucket whose objects change. */
  readonly s3?: string
  /** The queue whose messages arrive. */
  readonly sqs?: string
  readonly dynamodb?: string
  readonly sns?: string
  readonly kinesis?: string
}

const text = (value: string): Value => ({ kind: 'known', value })

/** What is certain of the event's parts. */
export function eventOf(trigger: Trigger | undefined): EventValue {
  return (path) => {
    if (trigger?.s3 === undefined) return undefined
    // Directly, or as the body of a message: `Records.*.body.$.Records.*.s3.bucket.name`.
    if (path.endsWith('.s3.bucket.name')) return text(trigger.s3)
    if (path.endsWith('.s3.bucket.arn')) return text(`arn:aws:s3:::${trigger.s3}`)
    if (path.endsWith('.detail.bucket.name')) return text(trigger.s3)
    return undefined
  }
}

/** What Lambda calls. */
export const asHandler = (exported: Values): Values => exported
