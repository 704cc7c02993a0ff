// An event-source mapping: takes batches off a queue, hands them to a function, deletes what it managed.
import { type ReceivedMessage, readFailures, toQueueEvent } from '../../aws/events/queue.ts'
import type { QueueModel, QueueTriggerModel } from '../../model/index.ts'
import type { Alarm } from '../clock.ts'
import type { Hub } from '../hub.ts'
import type { Outcome } from '../invocation.ts'
import { ACCOUNT, REGION } from '../service.ts'

// Lambda starts with five pollers a queue. Source: "Configuring scaling behavior for SQS".
const POLLERS = 5
// What fits in one event, with room for its frame.
const EVENT_BYTES = 6_000_000

/** Starts the mapping. Returns how to stop it: what it works on is finished, nothing new is taken. */
export function startQueueTrigger(trigger: QueueTriggerModel, hub: Hub): () => void {
  const mapping = new QueueMapping(trigger, hub)
  const leave = hub.queues.onArrival((name) => {
    if (name === mapping.physicalName) mapping.wake()
  })
  mapping.wake()
  return () => {
    leave()
    mapping.stop()
  }
}

class QueueMapping {
  readonly physicalName: string
  readonly #trigger: QueueTriggerModel
  readonly #hub: Hub
  readonly #queue: QueueModel | undefined
  #working = 0
  #receiving = false
  #again = false
  #stopped = false
  /** Received, waiting for the batch to fill. */
  #gathered: ReceivedMessage[] = []
  #window: Alarm | undefined

  constructor(trigger: QueueTriggerModel, hub: Hub) {
    this.#trigger = trigger
    this.#hub = hub
    this.#queue = hub.model.resources.find(
      (one): one is QueueModel => one.kind === 'queue' && one.name === trigger.queue,
    )
    this.physicalName = this.#queue?.physicalName ?? trigger.queue
  }

  /** Something may have arrived. */
  wake(): void {
    this.#again = true
    if (!this.#receiving) this.#hub.clock.hold(this.#receive())
  }

  stop(): void {
    this.#stopped = true
    this.#window?.cancel()
    // What was received and not handed over comes back when its visibility ends.
    this.#gathered = []
  }

  // A queue that somebody deletes, or that is closed with the local cloud, must take nothing else with it.
  async #receive(): Promise<void> {
    this.#receiving = true
    try {
      await this.#receiveAll()
    } catch (error) {
      this.#complain('read', error)
    } finally {
      this.#receiving = false
    }
  }

  async #receiveAll(): Promise<void> {
    // FIFO queues have no window. Source: CreateEventSourceMapping.
    const window = this.#queue?.fifo === true ? 0 : this.#trigger.window
    while (this.#again && !this.#stopped && this.#working < this.#pollers()) {
      this.#again = false
      const { batchSize } = this.#trigger
      const messages = await this.#hub.queues.receive(this.physicalName, {
        max: Math.min(10, batchSize - this.#gathered.length),
      })
      if (messages.length === 0) continue
      this.#again = true
      this.#gathered.push(...messages)
      if (this.#gathered.length >= batchSize || window === 0) this.#handOver()
      else this.#window ??= this.#hub.clock.after(window * 1000, () => this.#handOver())
    }
  }

  #pollers(): number {
    const limit = this.#hub.model.functions.find(({ name }) => name === this.#trigger.function)?.concurrency
    return Math.min(limit ?? POLLERS, POLLERS)
  }

  #handOver(): void {
    this.#window?.cancel()
    this.#window = undefined
    const batch = this.#gathered
    this.#gathered = []
    if (this.#stopped || batch.length === 0) return
    this.#working++
    const worked = this.#work(batch)
      .catch((error: unknown) => this.#complain('worked off', error))
      .finally(() => {
        this.#working--
        this.wake()
      })
    this.#hub.clock.hold(worked)
  }

  async #work(batch: readonly ReceivedMessage[]): Promise<void> {
    for (const part of split(batch)) {
      const ids = part.map(({ messageId }) => messageId)
      const event = toQueueEvent(part, `arn:aws:sqs:${REGION}:${ACCOUNT}:${this.physicalName}`, REGION)
      const parent = this.#hub.hop(this.#trigger.function, `${part.length} from ${this.physicalName}`)
      const outcome = await this.#hub.invoke(this.#trigger.function, JSON.stringify(event), { parent })
      const failed = new Set(outcome.failed ? ids : readFailures(JSON.parse(outcome.payload), ids))
      const done = part.filter(({ messageId }) => !failed.has(messageId)).map(({ receiptHandle }) => receiptHandle)
      if (done.length > 0) await this.#hub.queues.delete(this.physicalName, done)
      for (const message of part) if (failed.has(message.messageId)) this.#lament(message, outcome)
    }
  }

  // Says what becomes of the message. Of one that failed alone the function itself has logged why.
  #lament({ messageId, attributes }: ReceivedMessage, { requestId, failed, payload }: Outcome): void {
    const { deadLetter, visibility = 30 } = this.#queue ?? {}
    const count = Number(attributes.ApproximateReceiveCount)
    const next =
      deadLetter !== undefined && count >= deadLetter.after
        ? `it goes to the dead-letter queue ${deadLetter.queue}`
        : `it is tried again after the queue's visibility timeout of ${visibility} s`
    const times = deadLetter === undefined ? `${count}` : `${count} of ${deadLetter.after}`
    const why = failed ? `${reason(payload)}; ` : ''
    this.#hub.note(this.#trigger.function, requestId, `Message ${messageId} failed (attempt ${times}): ${why}${next}.`)
  }

  #complain(what: string, error: unknown): void {
    if (this.#stopped) return
    const words = error instanceof Error ? error.message : String(error)
    this.#hub.note(this.#trigger.function, '', `The queue ${this.physicalName} cannot be ${what}: ${words}`)
  }
}

function reason(payload: string): string {
  const { errorType = 'Error', errorMessage = '' }: { errorType?: string; errorMessage?: string } = JSON.parse(payload)
  return `${errorType}: ${errorMessage}`
}

function split(batch: readonly ReceivedMessage[]): ReceivedMessage[][] {
  const parts: ReceivedMessage[][] = []
  let bytes = EVENT_BYTES
  for (const message of batch) {
    const size = Buffer.byteLength(message.body) + 1000
    const last = parts.at(-1)
    if (last === undefined || bytes + size > EVENT_BYTES) {
      parts.push([message])
      bytes = size
    } else {
      last.push(message)
      bytes += size
    }
  }
  return parts
}
