// The attributes SQS itself gives a message in the hands of a receiver.
import type { QueueRecordAttributes } from '../../../aws/events/queue.ts'
import type { Received } from './take.ts'

export const systemAttributes = ({ message, count, first }: Received): QueueRecordAttributes => ({
  SenderId: message.sender,
  SentTimestamp: String(message.sent),
  ApproximateReceiveCount: String(count),
  ApproximateFirstReceiveTimestamp: String(first),
  ...(message.group === undefined ? {} : { MessageGroupId: message.group }),
  ...(message.deduplication === undefined ? {} : { MessageDeduplicationId: message.deduplication }),
  ...(message.number === undefined ? {} : { SequenceNumber: message.number }),
  ...(message.trace === undefined ? {} : { AWSTraceHeader: message.trace }),
  ...(message.source === undefined ? {} : { DeadLetterQueueSourceArn: message.source }),
})
