// A received message as the poller of the event sources needs it: everything a Lambda event record holds of it.
import type { QueueMessageAttribute, ReceivedMessage } from '../../../aws/events/queue.ts'
import { md5OfAttributes } from './digest.ts'
import type { Attribute } from './message.ts'
import { systemAttributes } from './system-attributes.ts'
import type { Received } from './take.ts'

export function toRecord(received: Received): ReceivedMessage {
  const { message, handle } = received
  const { attributes } = message
  return {
    messageId: message.id,
    receiptHandle: handle,
    body: message.body,
    md5OfBody: message.md5,
    ...(attributes.length === 0 ? {} : { md5OfMessageAttributes: md5OfAttributes(attributes) }),
    attributes: systemAttributes(received),
    messageAttributes: Object.fromEntries(attributes.map((one) => [one.name, toRecordAttribute(one)])),
  }
}

const toRecordAttribute = ({ type, text, binary }: Attribute): QueueMessageAttribute => ({
  ...(binary === undefined ? { stringValue: text ?? '' } : { binaryValue: binary }),
  stringListValues: [],
  binaryListValues: [],
  dataType: type,
})
