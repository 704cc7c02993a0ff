// A batch of queue messages enters here; what fails is reported message by message, so that only that is tried again.
import type { Context } from '../../aws/context.ts'
import type { QueueEvent, QueueRecord, QueueResult } from '../../aws/events/queue.ts'
import type { Declaration } from '../declare.ts'
import { opened } from '../wake.ts'

type OnMessage = (message: unknown, record: QueueRecord, context?: Context) => unknown
type OnBatch = (records: readonly { message: unknown; record: QueueRecord }[], context: Context) => unknown

/** The Lambda handler of one `queue.onMessage` or `queue.onBatch`. */
export function wakeQueue(declaration: Declaration): (event: QueueEvent, context: Context) => Promise<QueueResult> {
  const { subject, handler } = opened<OnMessage & OnBatch>(declaration)
  return subject === 'onBatch' ? wakeBatch(handler) : wakeEach(handler)
}

function wakeEach(handler: OnMessage): (event: QueueEvent) => Promise<QueueResult> {
  return async ({ Records }) => {
    const batchItemFailures: { itemIdentifier: string }[] = []
    for (const record of Records) {
      // In a FIFO queue the messages after a failed one must wait for it, or they would overtake it.
      if (batchItemFailures.length > 0 && record.eventSourceARN.endsWith('.fifo')) {
        batchItemFailures.push({ itemIdentifier: record.messageId })
        continue
      }
      try {
        await handler(toMessage(record), record)
      } catch (error) {
        console.error(
          `Message ${record.messageId} failed (attempt ${record.attributes.ApproximateReceiveCount}):`,
          error,
        )
        batchItemFailures.push({ itemIdentifier: record.messageId })
      }
    }
    return { batchItemFailures }
  }
}

function wakeBatch(handler: OnBatch): (event: QueueEvent, context: Context) => Promise<QueueResult> {
  return async ({ Records }, context) => {
    const answer = await handler(
      Records.map((record) => ({ message: toMessage(record), record })),
      context,
    )
    return typeof answer === 'object' && answer !== null && 'batchItemFailures' in answer
      ? (answer as QueueResult)
      : { batchItemFailures: [] }
  }
}

function toMessage(record: QueueRecord): unknown {
  try {
    return JSON.parse(record.body)
  } catch {
    throw new TypeError(`Its body is not JSON, as this queue's messages are: ${record.body.slice(0, 100)}`)
  }
}
