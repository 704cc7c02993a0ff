// The attributes of a subscription: what may be set, and what is answered.
import { ACCOUNT } from '../../service.ts'
import { checkFilter } from './filter.ts'
import { invalidParameter } from './problems.ts'
import { arnOf, isFifo, type Subscription, subscriptionArn } from './state.ts'
import { isDocument, readDocument } from './topic-attributes.ts'

type Attributes = Readonly<Record<string, string>>

// Source: API reference of SetSubscriptionAttributes.
const SETTABLE = new Set([
  'DeliveryPolicy',
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'RedrivePolicy',
  'ReplayPolicy',
  'SubscriptionRoleArn',
])

const RAW = new Set(['sqs', 'http', 'https'])

export interface Target {
  readonly topic: string
  readonly protocol: string
  readonly endpoint: string
}

/** Checks attributes on top of those that are there; answers all of them as they are kept. Source: recorded words. */
export function readAttributes(target: Target, given: Attributes, there: Attributes = {}, reason = ''): Attributes {
  const all: Record<string, string> = { ...there }
  for (const [name, value] of Object.entries(given)) {
    if (!SETTABLE.has(name)) throw invalidParameter(`${reason}AttributeName`)
    all[name] = readAttribute(target, name, value, reason)
    if (all[name] === '') delete all[name]
  }
  if (given.FilterPolicy !== undefined || given.FilterPolicyScope !== undefined)
    checkFilter(all.FilterPolicy ?? '', all.FilterPolicyScope ?? 'MessageAttributes', reason)
  return all
}

function readAttribute(target: Target, name: string, value: string, reason: string): string {
  if (name === 'FilterPolicyScope' && value !== 'MessageAttributes' && value !== 'MessageBody')
    throw invalidParameter(
      `${reason}FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`,
    )
  if (name === 'RawMessageDelivery') return readRaw(target, value, reason)
  if (name === 'RedrivePolicy' && value !== '') checkRedrive(target, value, reason)
  if (name === 'DeliveryPolicy' && value !== '') checkDelivery(value, reason)
  return value
}

function readRaw({ protocol }: Target, value: string, reason: string): string {
  // Reported: it is refused whatever the value is, and in these words alone.
  if (!RAW.has(protocol))
    throw invalidParameter(`Delivery protocol [${protocol}] does not support raw message delivery.`)
  const text = value.toLowerCase()
  if (text !== 'true' && text !== 'false')
    throw invalidParameter(`${reason}RawMessageDelivery: Invalid value [${value}]. Must be true or false.`)
  return text
}

function checkRedrive({ topic, endpoint }: Target, value: string, reason: string): void {
  if (!isDocument(value)) throw invalidParameter(`${reason}RedrivePolicy: failed to parse JSON.`)
  const parts = deadLetterOf(value)?.split(':') ?? []
  if (parts.length < 6 || parts[0] !== 'arn')
    throw invalidParameter(`${reason}RedrivePolicy: deadLetterTargetArn is an invalid arn`)
  const isFifoQueue = parts[2] === 'sqs' && parts[5]?.endsWith('.fifo') === true
  if (isFifo(topic) && endpoint.endsWith('.fifo') && !isFifoQueue)
    throw invalidParameter(
      `${reason}RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.`,
    )
}

/** The ARN of the dead-letter queue. */
export function deadLetterOf(redrivePolicy: string | undefined): string | undefined {
  const { deadLetterTargetArn } = readDocument(redrivePolicy)
  return typeof deadLetterTargetArn === 'string' ? deadLetterTargetArn : undefined
}

// Source: "Creating an HTTP/S delivery policy": the names of the numbers and their bounds.
const BOUNDS: Readonly<Record<string, readonly [least: number, most: number]>> = {
  minDelayTarget: [1, 3600],
  maxDelayTarget: [1, 3600],
  numRetries: [0, 100],
  numNoDelayRetries: [0, 100],
  numMinDelayRetries: [0, 100],
  numMaxDelayRetries: [0, 100],
}

function checkDelivery(value: string, reason: string): void {
  if (!isDocument(value)) throw invalidParameter(`${reason}DeliveryPolicy: failed to parse JSON.`)
  const retries = readDocument(readDocument(value).healthyRetryPolicy)
  for (const [name, [least, most]] of Object.entries(BOUNDS)) {
    const number = retries[name]
    if (number === undefined) continue
    if (typeof number !== 'number' || !Number.isInteger(number) || number < least || number > most)
      throw invalidParameter(
        `${reason}DeliveryPolicy: healthyRetryPolicy.${name} must be a whole number from ${least} to ${most}`,
      )
  }
}

/** What GetSubscriptionAttributes answers. Recorded: the scope is told only beside a policy. */
export function subscriptionAttributes(subscription: Subscription): Record<string, string> {
  const { FilterPolicyScope = 'MessageAttributes', ...attributes } = subscription.attributes
  return {
    ConfirmationWasAuthenticated: String(!subscription.pending),
    Endpoint: subscription.endpoint,
    Owner: ACCOUNT,
    PendingConfirmation: String(subscription.pending),
    Protocol: subscription.protocol,
    RawMessageDelivery: 'false',
    SubscriptionArn: subscriptionArn(subscription),
    SubscriptionPrincipal: `arn:aws:iam::${ACCOUNT}:user/goblet`,
    TopicArn: arnOf(subscription.topic),
    ...attributes,
    ...(attributes.FilterPolicy === undefined ? {} : { FilterPolicyScope }),
  }
}
