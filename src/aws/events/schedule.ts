// The event a schedule sends to a function: read and built here.

/** Source: EventBridge's scheduled event, as recorded on AWS. */
export interface ScheduleEvent {
  readonly version: '0'
  readonly id: string
  readonly 'detail-type': 'Scheduled Event'
  readonly source: 'aws.events'
  readonly account: string
  /** ISO time without milliseconds. */
  readonly time: string
  readonly region: string
  /** The rule's ARN. */
  readonly resources: readonly string[]
  readonly detail: Readonly<Record<string, never>>
}

/** Builds the event of one firing. `time` is in milliseconds since 1970. */
export function toScheduleEvent(given: {
  id: string
  account: string
  region: string
  time: number
  rule: string
}): ScheduleEvent {
  return {
    version: '0',
    id: given.id,
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: given.account,
    time: new Date(given.time).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: given.region,
    resources: [`arn:aws:events:${given.region}:${given.account}:rule/${given.rule}`],
    detail: {},
  }
}

/** What EventBridge Scheduler sends a target without an input: the detail is a text. */
export interface SchedulerEvent extends Omit<ScheduleEvent, 'source' | 'detail'> {
  readonly source: 'aws.scheduler'
  readonly detail: '{}'
}

/** Builds the event of one firing of a schedule of EventBridge Scheduler. */
export function toSchedulerEvent(given: {
  id: string
  account: string
  region: string
  time: number
  /** The schedule's ARN. */
  schedule: string
}): SchedulerEvent {
  return {
    version: '0',
    id: given.id,
    'detail-type': 'Scheduled Event',
    source: 'aws.scheduler',
    account: given.account,
    time: new Date(given.time).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: given.region,
    resources: [given.schedule],
    detail: '{}',
  }
}
