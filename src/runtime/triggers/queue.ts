// A batch of queue messages enters here; what fails is reported message by message, so that only that is tried again.
import type { Context } from '../../aws/context.ts'
import type { QueueEvent, QueueRecord, QueueResult } from '../../aws/events/queue.ts'
import type { Declaration } from '../declare.ts'
import { checked, parsed } from '../message.ts'
import type { TriggerInput } from '../middleware.ts'
import { appOptions, around, faultsOf, opened, rescued, schemaOf } from '../wake.ts'

type OnMessage = (message: unknown, record: QueueRecord, context?: Context) => unknown
type OnBatch = (records: readonly { message: unknown; record: QueueRecord }[], context: Context) => unknown

/** The Lambda handler of one `queue.onMessage` or `queue.onBatch`. */
export function wakeQueue(
  app: Declaration,
  declaration: Declaration,
): (event: QueueEvent, context: Context) => Promise<unknown> {
  const { subject, handler, options, source } = opened<OnMessage & OnBatch>(declaration)
  const faults = faultsOf(appOptions(app), options)
  // It is told of a message that fails; only the message's own success can take it off the queue.
  const tell: Tell = async (error, input) => {
    if (faults.length > 0) await rescued(faults, error, input).catch(() => undefined)
  }
  const schema = schemaOf(source)
  const read: Read = ({ body }) => checked(schema, parsed(body, "this queue's"))
  const inner = subject === 'onBatch' ? wakeBatch(handler, read) : wakeEach(handler, read, tell)
  const run = around<Input>(app, declaration, inner)
  return (event, context) => run({ kind: 'queue', event, context })
}

type Input = Extract<TriggerInput, { kind: 'queue' }>
type Tell = (error: unknown, input: Input) => Promise<void>
/** The message of a record, checked. */
type Read = (record: QueueRecord) => unknown
type Failure = QueueResult['batchItemFailures'][number]

function wakeEach(handler: OnMessage, read: Read, tell: Tell): (input: Input) => Promise<QueueResult> {
  return async (input) => {
    const { Records } = input.event
    const batchItemFailures: Failure[] = []
    for (const record of Records) {
      if (mustWait(record, batchItemFailures)) {
        batchItemFailures.push({ itemIdentifier: record.messageId })
        continue
      }
      try {
        await handler(await read(record), record)
      } catch (error) {
        batchItemFailures.push(toFailure(record, error))
        await tell(error, input)
      }
    }
    return { batchItemFailures }
  }
}

function wakeBatch(handler: OnBatch, read: Read): (input: Input) => Promise<QueueResult> {
  return async ({ event: { Records }, context }) => {
    const failures: Failure[] = []
    const items: { message: unknown; record: QueueRecord }[] = []
    for (const record of Records) {
      if (mustWait(record, failures)) {
        failures.push({ itemIdentifier: record.messageId })
        continue
      }
      try {
        items.push({ message: await read(record), record })
      } catch (error) {
        failures.push(toFailure(record, error))
      }
    }
    return items.length === 0 ? { batchItemFailures: failures } : withFailures(await handler(items, context), failures)
  }
}

// In a FIFO queue the messages after a failed one must wait for it, or they would overtake it.
const mustWait = (record: QueueRecord, failures: readonly Failure[]): boolean =>
  failures.length > 0 && record.eventSourceARN.endsWith('.fifo')

function toFailure({ messageId, attributes }: QueueRecord, error: unknown): Failure {
  console.error(`Message ${messageId} failed (attempt ${attributes.ApproximateReceiveCount}):`, error)
  return { itemIdentifier: messageId }
}

// The handler's own list, with what never reached it. A list that is none is left as it is: Lambda then fails the batch.
function withFailures(answer: unknown, failures: readonly Failure[]): QueueResult {
  const own = (answer as Partial<QueueResult> | null | undefined)?.batchItemFailures
  if (own === undefined || own === null) return { batchItemFailures: failures }
  return { batchItemFailures: Array.isArray(own) ? [...failures, ...own] : own }
}
