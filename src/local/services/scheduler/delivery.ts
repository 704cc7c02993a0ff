// Delivers a firing to its target: tried again on the clock, at last to the target's dead-letter queue.
import { toBusTime } from '../../../aws/events/bus.ts'
import { toSchedulerEvent } from '../../../aws/events/schedule.ts'
import { isObject } from '../../../aws/protocol/json.ts'
import { ACCOUNT, type Delivery, type MessageAttribute, type Parcel, REGION, type Verdict } from '../../service.ts'
import type { Writer } from '../../store.ts'
import type { Room, Target } from './state.ts'

const SENDER = 'scheduler'

/** One firing of a schedule, which may itself be gone by then. */
export interface Firing {
  /** The schedule's. */
  readonly arn: string
  readonly target: Target
  /** When it was planned for, in milliseconds since 1970. */
  readonly time: number
  readonly execution: string
  /** Given up: it is on its way to the dead-letter queue. */
  readonly dead?: Death
}

interface Death {
  readonly code: string
  readonly message: string
  /** Which limit of the retry policy was reached. */
  readonly limit?: string
  readonly retries: number
}

export function postFiring(room: Room, writer: Writer, firing: Firing): void {
  room.mail.outbox.post(writer, SENDER, firing)
}

/** Begins to deliver, what an earlier run left included. */
export function serveFirings(room: Room): void {
  room.mail.outbox.serve<Firing>(SENDER, (parcel) => deliver(room, parcel))
}

const LONGEST_WAIT = 480_000

async function deliver(room: Room, parcel: Parcel<Firing>): Promise<Verdict> {
  const { body, attempt, posted } = parcel
  if (body.dead !== undefined) return bury(room, parcel, body.dead)
  const receipt = await room.mail.deliver(toDelivery(body, attempt))
  if (receipt === 'taken') return 'done'
  const retries = attempt - 1
  if ('gone' in receipt) return giveUp(body, { code: 'NO_RESOURCE', message: receipt.gone, retries })
  const { MaximumRetryAttempts, MaximumEventAgeInSeconds } = body.target.RetryPolicy
  const failed = { code: 'ERROR_FROM_TARGET', message: receipt.refused, retries }
  if (retries >= MaximumRetryAttempts) return giveUp(body, { ...failed, limit: 'MaximumRetryAttempts' })
  const again = Math.min(1000 * 2 ** retries, LONGEST_WAIT)
  if (room.clock.now() + again - posted > MaximumEventAgeInSeconds * 1000)
    return giveUp(body, { ...failed, limit: 'MaximumEventAgeInSeconds' })
  return { again }
}

function giveUp(firing: Firing, dead: Death): Verdict {
  if (queueOf(firing.target) !== undefined) return { again: 0, body: { ...firing, dead } satisfies Firing }
  console.error(`Scheduler gave up a firing of ${firing.arn} for ${firing.target.Arn}: ${dead.message}`)
  return 'done'
}

function queueOf({ DeadLetterConfig: given }: Target): string | undefined {
  return isObject(given) && typeof given.Arn === 'string' ? given.Arn : undefined
}

function toDelivery(firing: Firing, attempt: number): Delivery {
  const { target, arn: from } = firing
  const { SqsParameters: queue, KinesisParameters: stream } = target
  const group = isObject(queue) ? queue.MessageGroupId : isObject(stream) ? stream.PartitionKey : undefined
  const body = toBody(firing, attempt)
  return { to: target.Arn, from, body, ...(typeof group === 'string' ? { group } : {}) }
}

function toBody(firing: Firing, attempt: number): string {
  const { target, arn, time, execution } = firing
  const { Input: input, EventBridgeParameters: bus } = target
  const text =
    typeof input === 'string'
      ? withContext(input, { arn, time: toBusTime(time), execution, attempt: String(attempt) })
      : JSON.stringify(toSchedulerEvent({ id: execution, account: ACCOUNT, region: REGION, time, schedule: arn }))
  if (!isObject(bus) || target.Arn.split(':')[2] !== 'events') return text
  const detail: unknown = typeof input === 'string' ? JSON.parse(text) : {}
  return JSON.stringify({ source: bus.Source, 'detail-type': bus.DetailType, resources: [arn], detail })
}

// Source: user guide, "Adding context attributes".
function withContext(
  input: string,
  { arn, time, execution, attempt }: { arn: string; time: string; execution: string; attempt: string },
): string {
  const values: Readonly<Record<string, string>> = {
    'schedule-arn': arn,
    'scheduled-time': time,
    'execution-id': execution,
    'attempt-number': attempt,
  }
  return input.replace(
    /<aws\.scheduler\.(schedule-arn|scheduled-time|execution-id|attempt-number)>/g,
    (whole, name: string) => values[name] ?? whole,
  )
}

const BURIALS = 10
const BETWEEN_BURIALS = 60_000

async function bury(room: Room, { body, attempt }: Parcel<Firing>, dead: Death): Promise<Verdict> {
  const to = queueOf(body.target)
  if (to === undefined) return 'done'
  const message = toBody(body, dead.retries + 1)
  const attributes = toAttributes(body, dead)
  const receipt = await room.mail.deliver({ to, from: body.arn, body: message, attributes })
  if (receipt === 'taken') return 'done'
  if ('refused' in receipt && attempt - dead.retries <= BURIALS) return { again: BETWEEN_BURIALS }
  console.error(`Scheduler gave up a firing of ${body.arn}: its dead-letter queue ${to} does not take it.`)
  return 'done'
}

// Source: user guide, "Retrieve the dead-letter event".
function toAttributes({ arn, target, time, execution }: Firing, dead: Death): Record<string, MessageAttribute> {
  const named: [string, string | undefined][] = [
    ['ERROR_CODE', dead.code],
    ['ERROR_MESSAGE', dead.message],
    ['EXECUTION_ID', execution],
    ['EXHAUSTED_RETRY_CONDITION', dead.limit],
    ['IS_PAYLOAD_TRUNCATED', 'false'],
    ['RETRY_ATTEMPTS', String(dead.retries)],
    ['SCHEDULED_TIME', toBusTime(time)],
    ['SCHEDULE_ARN', arn],
    ['TARGET_ARN', target.Arn],
  ]
  return Object.fromEntries(
    named.flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, { DataType: 'String', StringValue: value }]],
    ),
  )
}
