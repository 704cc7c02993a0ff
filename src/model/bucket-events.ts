// S3's events: which there are, and which of them two triggers of one bucket may not share.
import { type Complaint, complaint, nearest, toPlace, type Where } from '../errors.ts'
import type { BucketTriggerModel } from './model.ts'
import { capitalized } from './options.ts'
import type { ResourceModel } from './resources.ts'

// Source: "Supported event types for SQS, SNS, and Lambda" of the S3 user guide.
const EVENTS = [
  's3:ObjectCreated:*',
  's3:ObjectCreated:Put',
  's3:ObjectCreated:Post',
  's3:ObjectCreated:Copy',
  's3:ObjectCreated:CompleteMultipartUpload',
  's3:ObjectRemoved:*',
  's3:ObjectRemoved:Delete',
  's3:ObjectRemoved:DeleteMarkerCreated',
  's3:ObjectTagging:*',
  's3:ObjectTagging:Put',
  's3:ObjectTagging:Delete',
  's3:ObjectAcl:Put',
  's3:ObjectRestore:*',
  's3:ObjectRestore:Post',
  's3:ObjectRestore:Completed',
  's3:ObjectRestore:Delete',
  's3:LifecycleExpiration:*',
  's3:LifecycleExpiration:Delete',
  's3:LifecycleExpiration:DeleteMarkerCreated',
  's3:LifecycleTransition',
  's3:IntelligentTiering',
  's3:ReducedRedundancyLostObject',
  's3:Replication:*',
  's3:Replication:OperationFailedReplication',
  's3:Replication:OperationMissedThreshold',
  's3:Replication:OperationReplicatedAfterThreshold',
  's3:Replication:OperationNotTracked',
]

/** S3's own form of an event's name, which may be written without `s3:`. */
export const toEvent = (name: string): string => (name.startsWith('s3:') ? name : `s3:${name}`)

/** Complains of events that S3 does not have. */
export function checkEvents(asked: readonly string[], what: string, where: Where): Complaint[] {
  const known = EVENTS.map((one) => one.slice('s3:'.length))
  if (asked.length === 0) {
    const mend = `Name one or more of: ${known.join(', ')}.`
    return [complaint('GOBLET_BAD_OPTION', { option: 'events', what, problem: 'names none', mend }, where)]
  }
  return asked.flatMap((event) => {
    if (EVENTS.includes(toEvent(event))) return []
    const suggestion = nearest(event.replace(/^s3:/, ''), known)
    return [complaint('GOBLET_BAD_EVENT', { event, what, suggestion, known: known.join(', ') }, where)]
  })
}

/** Complains of triggers whose bucket the app does not have, and of two that S3 would not have together. */
export function settleBuckets(
  triggers: readonly BucketTriggerModel[],
  resources: readonly ResourceModel[],
): Complaint[] {
  const names = new Set(resources.flatMap((one) => (one.kind === 'bucket' ? [one.name] : [])))
  return triggers.flatMap((one, index) => {
    const what = `the bucket trigger ${one.function}`
    if (!names.has(one.bucket))
      return [complaint('GOBLET_NO_RESOURCE', { what: capitalized(what), name: one.bucket }, one.where)]
    for (const other of triggers.slice(0, index)) {
      const event = shared(one, other)
      if (event === undefined) continue
      const details = { what: capitalized(what), other: other.function, first: toPlace(other.where), event }
      return [complaint('GOBLET_OVERLAP', details, one.where)]
    }
    return []
  })
}

// Source: "Configuring event notifications using object key name filtering": two configurations may share an event only
// where their prefixes do not overlap, or their suffixes do not.
function shared(one: BucketTriggerModel, other: BucketTriggerModel): string | undefined {
  const [left, right] = [one, other]
  if (left.bucket !== right.bucket) return undefined
  if (!left.prefix.startsWith(right.prefix) && !right.prefix.startsWith(left.prefix)) return undefined
  if (!left.suffix.endsWith(right.suffix) && !right.suffix.endsWith(left.suffix)) return undefined
  return left.events.find((event) => right.events.some((second) => covers(event, second) || covers(second, event)))
}

const covers = (wide: string, narrow: string): boolean =>
  wide === narrow || (wide.endsWith(':*') && narrow.startsWith(wide.slice(0, -1)))
