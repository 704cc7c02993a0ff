// The event an SQS queue sends to a function, and the answer that names the messages that failed.

/** Source: recorded SQS event-source records. */
export interface QueueRecord {
  readonly messageId: string
  readonly receiptHandle: string
  readonly body: string
  readonly attributes: QueueRecordAttributes
  readonly messageAttributes: Readonly<Record<string, QueueMessageAttribute>>
  readonly md5OfBody: string
  readonly md5OfMessageAttributes?: string
  readonly eventSource: 'aws:sqs'
  readonly eventSourceARN: string
  readonly awsRegion: string
}

/** What SQS says of a message. Numbers and times are texts; times are milliseconds since 1970. */
export interface QueueRecordAttributes {
  readonly ApproximateReceiveCount: string
  readonly SentTimestamp: string
  readonly SenderId: string
  readonly ApproximateFirstReceiveTimestamp: string
  /** FIFO queues only, as the next two. */
  readonly MessageGroupId?: string
  readonly MessageDeduplicationId?: string
  readonly SequenceNumber?: string
  readonly AWSTraceHeader?: string
  /** The queue it was moved from. */
  readonly DeadLetterQueueSourceArn?: string
}

export interface QueueMessageAttribute {
  readonly dataType: string
  readonly stringValue?: string
  /** Base64. */
  readonly binaryValue?: string
  readonly stringListValues?: readonly string[]
  readonly binaryListValues?: readonly string[]
}

export interface QueueEvent {
  readonly Records: readonly QueueRecord[]
}

/** The answer with `ReportBatchItemFailures`: these messages stay in the queue, the others are deleted. */
export interface QueueResult {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[]
}

/** A message as it leaves the queue. */
export type ReceivedMessage = Omit<QueueRecord, 'eventSource' | 'eventSourceARN' | 'awsRegion'>

/** Builds the event of one batch. */
export function toQueueEvent(messages: readonly ReceivedMessage[], arn: string, awsRegion: string): QueueEvent {
  return {
    Records: messages.map((message) => ({ ...message, eventSource: 'aws:sqs', eventSourceARN: arn, awsRegion })),
  }
}

/**
 * Which messages of a batch failed, as Lambda reads a function's answer. An identifier that is empty, misspelt or
 * unknown fails the whole batch; no list at all means success. Source: recorded event-source mappings.
 */
export function readFailures(answer: unknown, ids: readonly string[]): readonly string[] {
  if (typeof answer !== 'object' || answer === null) return []
  const { batchItemFailures } = answer as { batchItemFailures?: unknown }
  if (batchItemFailures === undefined || batchItemFailures === null) return []
  if (!Array.isArray(batchItemFailures)) return ids
  const failed: string[] = []
  for (const item of batchItemFailures) {
    const identifier: unknown = typeof item === 'object' && item !== null ? item.itemIdentifier : undefined
    if (typeof identifier !== 'string' || !ids.includes(identifier)) return ids
    failed.push(identifier)
  }
  return failed
}
