// The event a Kinesis stream sends to a function, the answer that names where it failed, and the record of what was given up.

/** Source: recorded Kinesis event-source records. */
export interface KinesisRecord {
  readonly kinesis: KinesisData
  readonly eventSource: 'aws:kinesis'
  readonly eventVersion: '1.0'
  readonly eventID: string
  readonly eventName: 'aws:kinesis:record'
  readonly invokeIdentityArn: string
  readonly awsRegion: string
  readonly eventSourceARN: string
}

export interface KinesisData {
  readonly kinesisSchemaVersion: '1.0'
  readonly partitionKey: string
  readonly sequenceNumber: string
  /** Base64. */
  readonly data: string
  /** Seconds since 1970. */
  readonly approximateArrivalTimestamp: number
}

export interface KinesisEvent extends Partial<WindowFields> {
  readonly Records: readonly KinesisRecord[]
}

/** What an event of a tumbling window has besides its records. Source: "Kinesis tumbling windows". */
export interface WindowFields {
  readonly window: { readonly start: string; readonly end: string }
  readonly state: unknown
  readonly shardId: string
  readonly eventSourceARN: string
  readonly isFinalInvokeForWindow: boolean
  readonly isWindowTerminatedEarly: boolean
}

export interface KinesisPlace {
  readonly shard: string
  /** The stream's ARN. */
  readonly arn: string
  /** The ARN of the function's role. */
  readonly role: string
  readonly region: string
}

/** Builds one record of an event. */
export const toKinesisRecord = (kinesis: KinesisData, { shard, arn, role, region }: KinesisPlace): KinesisRecord => ({
  kinesis,
  eventSource: 'aws:kinesis',
  eventVersion: '1.0',
  eventID: `${shard}:${kinesis.sequenceNumber}`,
  eventName: 'aws:kinesis:record',
  invokeIdentityArn: role,
  awsRegion: region,
  eventSourceARN: arn,
})

/**
 * The first of a batch that is to be tried again, as Lambda reads a function's answer; as many as there are: all went well.
 * Of several it is the lowest; a name that is empty, misspelt or unknown fails the whole batch; no list at all means
 * success. Source: recorded event-source mappings.
 */
export function readFirstFailure(answer: unknown, sequences: readonly string[]): number {
  if (typeof answer !== 'object' || answer === null || !('batchItemFailures' in answer)) return sequences.length
  const { batchItemFailures } = answer
  if (batchItemFailures === undefined || batchItemFailures === null) return sequences.length
  if (!Array.isArray(batchItemFailures)) return 0
  let first = sequences.length
  for (const item of batchItemFailures) {
    const name: unknown = typeof item === 'object' && item !== null ? item.itemIdentifier : undefined
    const index = typeof name === 'string' ? sequences.indexOf(name) : -1
    if (index < 0) return 0
    first = Math.min(first, index)
  }
  return first
}

/** What was given up of a shard. */
export interface GivenUp {
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded'
  readonly requestId: string
  readonly functionArn: string
  readonly invokeCount: number
  /** Of the last try; records that became too old have none. */
  readonly functionError?: string | null
  /** Milliseconds since 1970. */
  readonly time: number
  readonly shard: string
  readonly arn: string
  readonly first: { readonly sequence: string; readonly time: number }
  readonly last: { readonly sequence: string; readonly time: number }
  readonly size: number
}

/** The record that a destination on failure gets: where the records are, not what they hold. Source: recorded. */
export function toGivenUpRecord(given: GivenUp, batch: 'KinesisBatchInfo' | 'DDBStreamBatchInfo'): object {
  const { condition, requestId, functionArn, invokeCount, functionError, time, shard, arn, first, last, size } = given
  return {
    requestContext: { requestId, functionArn, condition, approximateInvokeCount: invokeCount },
    ...(functionError === undefined
      ? {}
      : { responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError } }),
    version: '1.0',
    timestamp: new Date(time).toISOString(),
    [batch]: {
      shardId: shard,
      startSequenceNumber: first.sequence,
      endSequenceNumber: last.sequence,
      approximateArrivalOfFirstRecord: new Date(first.time).toISOString(),
      approximateArrivalOfLastRecord: new Date(last.time).toISOString(),
      batchSize: size,
      streamArn: arn,
    },
  }
}
