// The attributes of a topic: what may be set, and what is answered.
import { ACCOUNT } from '../../service.ts'
import type { Reader } from '../../store.ts'
import { invalidParameter } from './problems.ts'
import { arnOf, isFifo, subscriptionsOf, type Topic } from './state.ts'

// Source: API reference of SetTopicAttributes. Those not understood here are kept and given back.
const SETTABLE = new Set([
  'ApplicationFailureFeedbackRoleArn',
  'ApplicationSuccessFeedbackRoleArn',
  'ApplicationSuccessFeedbackSampleRate',
  'ArchivePolicy',
  'ContentBasedDeduplication',
  'DeliveryPolicy',
  'DisplayName',
  'FifoThroughputScope',
  'FirehoseFailureFeedbackRoleArn',
  'FirehoseSuccessFeedbackRoleArn',
  'FirehoseSuccessFeedbackSampleRate',
  'HTTPFailureFeedbackRoleArn',
  'HTTPSuccessFeedbackRoleArn',
  'HTTPSuccessFeedbackSampleRate',
  'KmsMasterKeyId',
  'LambdaFailureFeedbackRoleArn',
  'LambdaSuccessFeedbackRoleArn',
  'LambdaSuccessFeedbackSampleRate',
  'Policy',
  'SignatureVersion',
  'SQSFailureFeedbackRoleArn',
  'SQSSuccessFeedbackRoleArn',
  'SQSSuccessFeedbackSampleRate',
  'TracingConfig',
])
const ONLY_FIFO = new Set(['ContentBasedDeduplication', 'FifoThroughputScope', 'ArchivePolicy'])
const BOOLEANS = new Set(['ContentBasedDeduplication', 'FifoTopic'])
const DOCUMENTS = new Set(['ArchivePolicy', 'DeliveryPolicy', 'Policy'])
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  FifoThroughputScope: ['Topic', 'MessageGroup'],
  SignatureVersion: ['1', '2'],
  TracingConfig: ['Active', 'PassThrough'],
}

/** Checks one attribute; answers it as it is kept. `creating`: the words differ. */
export function readTopicAttribute(topic: string, name: string, value: string, creating = false): string {
  const parameter = creating ? 'Attributes Reason: ' : ''
  if (!SETTABLE.has(name))
    throw invalidParameter(creating ? `Attributes Reason: Unknown attribute ${name}` : 'AttributeName')
  if (ONLY_FIFO.has(name) && !isFifo(topic))
    throw invalidParameter(`${parameter}${name} can only be set for FIFO topics`)
  const text = BOOLEANS.has(name) ? value.toLowerCase() : value
  if (BOOLEANS.has(name) && text !== 'true' && text !== 'false')
    throw invalidParameter(`${parameter}${name}: Invalid value [${value}]. Must be true or false.`)
  if (CHOICES[name]?.includes(text) === false) throw invalidParameter(`${parameter}${name}: Invalid value [${value}].`)
  if (DOCUMENTS.has(name) && text !== '' && !isDocument(text))
    throw invalidParameter(`${parameter}${name}: failed to parse JSON.`)
  if (name === 'DisplayName' && text.length > 100)
    throw invalidParameter(`${parameter}DisplayName: must be at most 100 characters long`)
  return text
}

export function isDocument(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

const ACTIONS =
  'GetTopicAttributes,SetTopicAttributes,AddPermission,RemovePermission,DeleteTopic,Subscribe,ListSubscriptionsByTopic,Publish'

/** Recorded. */
export const defaultPolicy = (topic: string): string =>
  JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ACTIONS.split(',').map((action) => `SNS:${action}`),
        Resource: arnOf(topic),
        Condition: { StringEquals: { 'AWS:SourceOwner': ACCOUNT } },
      },
    ],
  })

/** Recorded. */
export const DEFAULT_RETRIES = {
  minDelayTarget: 20,
  maxDelayTarget: 20,
  numRetries: 3,
  numMaxDelayRetries: 0,
  numNoDelayRetries: 0,
  numMinDelayRetries: 0,
  backoffFunction: 'linear',
}

/** The delivery policy that holds for a topic's endpoints: its own over the default. */
export function effectivePolicy(attributes: Readonly<Record<string, string>>): string {
  const own = readDocument(readDocument(attributes.DeliveryPolicy).http)
  const http = {
    defaultHealthyRetryPolicy: { ...DEFAULT_RETRIES, ...readDocument(own.defaultHealthyRetryPolicy) },
    disableSubscriptionOverrides: own.disableSubscriptionOverrides === true,
    defaultRequestPolicy: { headerContentType: 'text/plain; charset=UTF-8', ...readDocument(own.defaultRequestPolicy) },
  }
  return JSON.stringify({ http })
}

/** An object, or the JSON of one; anything else reads as an empty one. */
export function readDocument(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'string') return isDocument(value) ? JSON.parse(value) : {}
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {}
}

/** What GetTopicAttributes answers. */
export function topicAttributes(reader: Reader, { name, attributes, removed }: Topic): Record<string, string> {
  let pending = 0
  let confirmed = 0
  for (const subscription of subscriptionsOf(reader, name)) {
    if (subscription.pending) pending++
    else confirmed++
  }
  return {
    DisplayName: '',
    EffectiveDeliveryPolicy: effectivePolicy(attributes),
    Owner: ACCOUNT,
    Policy: defaultPolicy(name),
    SubscriptionsConfirmed: String(confirmed),
    SubscriptionsDeleted: String(removed),
    SubscriptionsPending: String(pending),
    TopicArn: arnOf(name),
    ...(isFifo(name) ? { ContentBasedDeduplication: 'false', FifoTopic: 'true' } : {}),
    ...attributes,
  }
}
