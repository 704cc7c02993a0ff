// A batch of queue messages enters here; what fails is reported message by message, so that only that is tried again.
import type { Context } from '../../aws/context.ts'
import type { QueueEvent, QueueRecord, QueueResult } from '../../aws/events/queue.ts'
import type { Declaration } from '../declare.ts'
import type { TriggerInput } from '../middleware.ts'
import { appOptions, around, faultsOf, opened, rescued } from '../wake.ts'

type OnMessage = (message: unknown, record: QueueRecord, context?: Context) => unknown
type OnBatch = (records: readonly { message: unknown; record: QueueRecord }[], context: Context) => unknown

/** The Lambda handler of one `queue.onMessage` or `queue.onBatch`. */
export function wakeQueue(
  app: Declaration,
  declaration: Declaration,
): (event: QueueEvent, context: Context) => Promise<unknown> {
  const { subject, handler, options } = opened<OnMessage & OnBatch>(declaration)
  const faults = faultsOf(appOptions(app), options)
  // It is told of a message that fails; only the message's own success can take it off the queue.
  const tell: Tell = async (error, input) => {
    if (faults.length > 0) await rescued(faults, error, input).catch(() => undefined)
  }
  const run = around<Input>(app, declaration, subject === 'onBatch' ? wakeBatch(handler) : wakeEach(handler, tell))
  return (event, context) => run({ kind: 'queue', event, context })
}

type Input = Extract<TriggerInput, { kind: 'queue' }>
type Tell = (error: unknown, input: Input) => Promise<void>
type Failure = QueueResult['batchItemFailures'][number]

function wakeEach(handler: OnMessage, tell: Tell): (input: Input) => Promise<QueueResult> {
  return async (input) => {
    const { Records } = input.event
    const batchItemFailures: Failure[] = []
    for (const record of Records) {
      if (mustWait(record, batchItemFailures)) {
        batchItemFailures.push({ itemIdentifier: record.messageId })
        continue
      }
      try {
        await handler(toMessage(record), record)
      } catch (error) {
        batchItemFailures.push(toFailure(record, error))
        await tell(error, input)
      }
    }
    return { batchItemFailures }
  }
}

function wakeBatch(handler: OnBatch): (input: Input) => Promise<QueueResult> {
  return async ({ event: { Records }, context }) => {
    const failures: Failure[] = []
    const items: { message: unknown; record: QueueRecord }[] = []
    for (const record of Records) {
      if (mustWait(record, failures)) {
        failures.push({ itemIdentifier: record.messageId })
        continue
      }
      try {
        items.push({ message: toMessage(record), record })
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

function toMessage(record: QueueRecord): unknown {
  try {
    return JSON.parse(record.body)
  } catch {
    throw new TypeError(`Its body is not JSON, as this queue's messages are: ${record.body.slice(0, 100)}`)
  }
}
