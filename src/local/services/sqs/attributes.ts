// The attributes of a queue: their defaults and limits. Source: API reference of SetQueueAttributes; recorded answers.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { isPolicy, readDocument } from './documents.ts'
import { invalidAttributeName, invalidAttributeValue, twoEncryptions } from './problems.ts'

export const LARGEST_MESSAGE = 1_048_576

interface Rule {
  readonly default?: string
  readonly fifo?: true
  readonly fits: (value: string) => boolean
}

const number = (least: number, most: number, value?: number): Rule => ({
  ...(value === undefined ? {} : { default: String(value) }),
  fits: (text) => /^\d{1,9}$/.test(text) && Number(text) >= least && Number(text) <= most,
})
const flag = (value: string): Rule => ({ default: value, fits: (text) => text === 'true' || text === 'false' })
const choice = (...[value, ...others]: [string, ...string[]]): Rule => ({
  default: value,
  fits: (text) => text === value || others.includes(text),
})
// Documents are checked by documents.ts, which names what is wrong in them.
const document: Rule = { fits: (text) => text === '' || readDocument(text) !== undefined }

const RULES: Readonly<Record<string, Rule>> = {
  DelaySeconds: number(0, 900, 0),
  MaximumMessageSize: number(1024, LARGEST_MESSAGE, LARGEST_MESSAGE),
  MessageRetentionPeriod: number(60, 1_209_600, 345_600),
  ReceiveMessageWaitTimeSeconds: number(0, 20, 0),
  VisibilityTimeout: number(0, 43_200, 30),
  SqsManagedSseEnabled: flag('true'),
  KmsMasterKeyId: { fits: (text) => text.length <= 2048 },
  KmsDataKeyReusePeriodSeconds: number(60, 86_400),
  Policy: { fits: (text) => text === '' || isPolicy(text) },
  RedrivePolicy: document,
  RedriveAllowPolicy: document,
  FifoQueue: { ...flag('true'), fifo: true },
  ContentBasedDeduplication: { ...flag('false'), fifo: true },
  DeduplicationScope: { ...choice('queue', 'messageGroup'), fifo: true },
  FifoThroughputLimit: { ...choice('perQueue', 'perMessageGroupId'), fifo: true },
}

/** What GetQueueAttributes may be asked for besides. */
export const COUNTED = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
]
const KNOWN = new Set([
  ...Object.keys(RULES),
  ...COUNTED,
  'All',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'QueueArn',
])
export const isKnown = (name: string): boolean => KNOWN.has(name)

export function defaultsOf(fifo: boolean): Record<string, string> {
  const rules = Object.entries(RULES).filter(([, rule]) => fifo || rule.fifo === undefined)
  return Object.fromEntries(rules.flatMap(([name, rule]) => (rule.default === undefined ? [] : [[name, rule.default]])))
}

/** Refuses attributes that cannot be set, or not to these values. */
export function checkAttributes(pairs: readonly [string, string][], fifo: boolean): void {
  for (const [name, value] of pairs) {
    const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined
    if (rule === undefined || (rule.fifo && !fifo)) throw invalidAttributeName(name)
    if (name === 'FifoQueue' && value !== 'true')
      throw invalidAttributeValue(name, 'Modifying queue type is not supported.')
    if (!rule.fits(value)) throw invalidAttributeValue(name)
  }
}

/** The attributes after a change, refused when they contradict each other. An empty text takes an attribute away. */
export function withAttributes(
  old: Readonly<Record<string, string>>,
  pairs: readonly [string, string][],
): Record<string, string> {
  const next = { ...old }
  for (const [name, value] of pairs) {
    if (value === '') delete next[name]
    else next[name] = value
  }
  const given = new Map(pairs)
  if (next.KmsMasterKeyId !== undefined) {
    if (given.get('SqsManagedSseEnabled') === 'true') throw twoEncryptions()
    // A KMS key turns the other encryption off (recorded).
    next.SqsManagedSseEnabled = 'false'
  }
  // Source: API reference of SetQueueAttributes, high throughput for FIFO queues.
  if (next.FifoThroughputLimit === 'perMessageGroupId' && next.DeduplicationScope !== 'messageGroup')
    throw invalidAttributeValue(
      given.has('FifoThroughputLimit') ? 'FifoThroughputLimit' : 'DeduplicationScope',
      'The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.',
    )
  return next
}

/** Whether two values of an attribute mean the same: documents are compared by content. */
export function sameValue(left: string | undefined, right: string): boolean {
  if (left === right || (left === undefined && right === '')) return true
  const [one, other] = [readDocument(left ?? ''), readDocument(right)]
  return one !== undefined && other !== undefined && inOrder(one) === inOrder(other)
}

const inOrder = (document: JsonObject): string =>
  JSON.stringify(Object.entries(document).sort(([left], [right]) => (left < right ? -1 : 1)))
