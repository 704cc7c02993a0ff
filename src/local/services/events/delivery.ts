// Delivers an event to one target of a rule: tried again on the clock, at last to the target's dead-letter queue.
import { toBusTime } from '../../../aws/events/bus.ts'
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import type { Delivery, MessageAttribute, Parcel, Receipt, Verdict } from '../../service.ts'
import type { Writer } from '../../store.ts'
import { selected } from './path.ts'
import { findRule, type Room, type Rule, ruleArn, type Target } from './state.ts'
import { toInput } from './transform.ts'

const SENDER = 'events'

interface Parceled {
  readonly bus: string
  readonly rule: string
  readonly target: string
  /** JSON. */
  readonly event: string
  readonly ingested: number
  /** Given up: it is on its way to the dead-letter queue. */
  readonly dead?: Death
}

interface Death {
  readonly code: string
  readonly message: string
  /** Which limit of the retry policy was reached. */
  readonly limit?: string
  /** How often it was tried again. */
  readonly retries: number
}

export function postTo(
  room: Room,
  writer: Writer,
  { rule, target, event, ingested }: { rule: Rule; target: string; event: string; ingested: number },
): void {
  const body: Parceled = { bus: rule.bus, rule: rule.name, target, event, ingested }
  room.mail.outbox.post(writer, SENDER, body)
}

/** Begins to deliver, what an earlier run left included. */
export function serveDeliveries(room: Room): void {
  room.mail.outbox.serve<Parceled>(SENDER, (parcel) => deliver(room, parcel))
}

async function deliver(room: Room, parcel: Parcel<Parceled>): Promise<Verdict> {
  const { body } = parcel
  const rule = findRule(room.store, body.bus, body.rule)
  const target = rule?.targets.find(({ Id }) => Id === body.target)
  // Removed since.
  if (rule === undefined || target === undefined) return 'done'
  if (body.dead !== undefined) return bury(room, rule, target, parcel, body.dead)
  const receipt = await room.mail.deliver(toDelivery(rule, target, body))
  if (receipt === 'taken') return 'done'
  const verdict = afterFailure(receipt, target, parcel, room.clock.now())
  if ('again' in verdict) return verdict
  if (queueOf(target) !== undefined) return { again: 0, body: { ...body, dead: verdict } satisfies Parceled }
  console.error(`EventBridge gave up an event of ${ruleArn(rule)} for ${target.Arn}: ${verdict.message}`)
  return 'done'
}

// Source: RetryPolicy: 185 retries and 24 hours, when nothing else is said.
const MOST_RETRIES = 185
const OLDEST = 86_400
// AWS says "exponential", and that 185 retries take 24 hours.
const LONGEST_WAIT = 480_000

function afterFailure(
  receipt: Exclude<Receipt, 'taken'>,
  target: Target,
  { attempt, posted }: Parcel<Parceled>,
  now: number,
): { again: number } | Death {
  const retries = attempt - 1
  // Source: user guide: a target that is not there is not tried again.
  if ('gone' in receipt) return { code: 'NO_RESOURCE', message: receipt.gone, retries }
  const policy = isObject(target.RetryPolicy) ? target.RetryPolicy : {}
  const failed = { code: 'ERROR_FROM_TARGET', message: receipt.refused, retries }
  if (retries >= numberIn(policy, 'MaximumRetryAttempts', MOST_RETRIES))
    return { ...failed, limit: 'MaximumRetryAttempts' }
  const again = Math.min(1000 * 2 ** retries, LONGEST_WAIT)
  if (now + again - posted > 1000 * numberIn(policy, 'MaximumEventAgeInSeconds', OLDEST))
    return { ...failed, limit: 'MaximumEventAgeInSeconds' }
  return { again }
}

function numberIn(given: JsonObject, name: string, otherwise: number): number {
  const value = given[name]
  return typeof value === 'number' ? value : otherwise
}

function toDelivery(rule: Rule, target: Target, { event, ingested }: Parceled): Delivery {
  const from = ruleArn(rule)
  const group = groupOf(target, event)
  // A bus takes events only as they are.
  const body =
    target.Arn.split(':')[2] === 'events'
      ? event
      : toInput(target, event, { arn: from, name: rule.name, time: toBusTime(ingested) })
  return { to: target.Arn, from, body, ...(group === undefined ? {} : { group }) }
}

/** The message group of a FIFO queue, or the partition key of a stream. Source: KinesisParameters: the event's id by default. */
function groupOf(target: Target, event: string): string | undefined {
  const { SqsParameters: queue, KinesisParameters: stream } = target
  if (isObject(queue) && typeof queue.MessageGroupId === 'string') return queue.MessageGroupId
  if (target.Arn.split(':')[2] !== 'kinesis') return undefined
  const path = isObject(stream) && typeof stream.PartitionKeyPath === 'string' ? stream.PartitionKeyPath : '$.id'
  const found = selected(JSON.parse(event), path)
  return typeof found === 'string' ? found : JSON.stringify(found ?? null)
}

function queueOf(target: Target): string | undefined {
  const given = target.DeadLetterConfig
  return isObject(given) && typeof given.Arn === 'string' ? given.Arn : undefined
}

const BURIALS = 10
const BETWEEN_BURIALS = 60_000

async function bury(
  room: Room,
  rule: Rule,
  target: Target,
  { body, attempt }: Parcel<Parceled>,
  dead: Death,
): Promise<Verdict> {
  const to = queueOf(target)
  if (to === undefined) return 'done'
  const from = ruleArn(rule)
  const receipt = await room.mail.deliver({ to, from, body: body.event, attributes: toAttributes(from, target, dead) })
  if (receipt === 'taken') return 'done'
  if ('refused' in receipt && attempt - dead.retries <= BURIALS) return { again: BETWEEN_BURIALS }
  console.error(`EventBridge gave up an event of ${from}: its dead-letter queue ${to} does not take it.`)
  return 'done'
}

// Source: user guide, "Using dead-letter queues to process undelivered events".
function toAttributes(rule: string, target: Target, dead: Death): Record<string, MessageAttribute> {
  const named: [string, string | undefined][] = [
    ['RULE_ARN', rule],
    ['TARGET_ARN', target.Arn],
    ['ERROR_CODE', dead.code],
    ['ERROR_MESSAGE', dead.message],
    ['EXHAUSTED_RETRY_CONDITION', dead.limit],
    ['RETRY_ATTEMPTS', String(dead.retries)],
  ]
  return Object.fromEntries(
    named.flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, { DataType: 'String', StringValue: value }]],
    ),
  )
}
