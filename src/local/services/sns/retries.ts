// When a delivery that failed is tried again.
// Source: "Amazon SNS message delivery retries", delivery policy stages.
import { effectivePolicy, readDocument } from './topic-attributes.ts'

type Backoff = 'linear' | 'arithmetic' | 'geometric' | 'exponential'

interface Stages {
  /** How many retries without a delay, then at the least delay, then growing, then at the largest. */
  readonly immediate: number
  readonly before: number
  readonly growing: number
  readonly after: number
  /** Seconds. */
  readonly least: number
  readonly most: number
  readonly backoff: Backoff
}

/** Queues and functions: 100,015 retries over 23 days. */
export const TO_AWS: Stages = {
  immediate: 3,
  before: 2,
  growing: 10,
  after: 100_000,
  least: 1,
  most: 20,
  backoff: 'exponential',
}

/** By the delivery policy of an HTTP subscription, or else of its topic. */
export function toEndpoint(
  subscription: Readonly<Record<string, string>>,
  topic: Readonly<Record<string, string>>,
): Stages {
  const general = readDocument(readDocument(effectivePolicy(topic)).http)
  const own = general.disableSubscriptionOverrides === true ? {} : readDocument(subscription.DeliveryPolicy)
  const policy = { ...readDocument(general.defaultHealthyRetryPolicy), ...readDocument(own.healthyRetryPolicy) }
  const immediate = numberOf(policy.numNoDelayRetries)
  const before = numberOf(policy.numMinDelayRetries)
  const after = numberOf(policy.numMaxDelayRetries)
  return {
    immediate,
    before,
    after,
    growing: Math.max(0, numberOf(policy.numRetries) - immediate - before - after),
    least: numberOf(policy.minDelayTarget),
    most: numberOf(policy.maxDelayTarget),
    backoff: toBackoff(policy.backoffFunction),
  }
}

/** The content type an HTTP subscription asks for. */
export function contentType(
  subscription: Readonly<Record<string, string>>,
  topic: Readonly<Record<string, string>>,
): string {
  const own = readDocument(readDocument(subscription.DeliveryPolicy).requestPolicy).headerContentType
  const general = readDocument(readDocument(readDocument(effectivePolicy(topic)).http).defaultRequestPolicy)
  const type = own ?? general.headerContentType
  return typeof type === 'string' && /^[\x20-\x7e]+$/.test(type) ? type : 'text/plain; charset=UTF-8'
}

const numberOf = (value: unknown): number => (typeof value === 'number' && value >= 0 ? value : 0)

function toBackoff(value: unknown): Backoff {
  return value === 'arithmetic' || value === 'geometric' || value === 'exponential' ? value : 'linear'
}

/** Milliseconds before a retry (the first is 1), or undefined when there is none left. */
export function delayBefore(retry: number, stages: Stages): number | undefined {
  const { immediate, before, growing, after, least, most } = stages
  let number = retry
  if (number <= immediate) return 0
  number -= immediate
  if (number <= before) return least * 1000
  number -= before
  if (number <= growing) return Math.round(1000 * growth(number, stages))
  number -= growing
  return number <= after ? most * 1000 : undefined
}

// AWS shows the curves and gives no formula: all go from the least delay to the largest.
function growth(number: number, { growing, least, most, backoff }: Stages): number {
  const way = growing <= 1 ? 1 : (number - 1) / (growing - 1)
  if (backoff === 'linear') return least + (most - least) * way
  if (backoff === 'arithmetic') return least + (most - least) * way ** 2
  if (backoff === 'geometric') return least + (most - least) * way ** 3
  return least * (most / least) ** way
}
