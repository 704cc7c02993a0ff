// An event-source mapping: takes batches off a queue, hands them to a function, deletes what it managed.
import { type ReceivedMessage, readFailures, toQueueEvent } from '../../aws/events/queue.ts'
import type { QueueModel, QueueTriggerModel } from '../../model/index.ts'
import type { Hub } from '../hub.ts'
import type { Outcome } from '../invocation.ts'
import { ACCOUNT, REGION } from '../service.ts'
import { Gathering } from './queue/batch.ts'
import { matcherOf } from './queue/filter.ts'

// Lambda starts with five pollers a queue. Source: "Configuring scaling behavior for SQS".
const POLLERS = 5
const RECEIVE = 10

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
  readonly #arn: string
  /** How many batches are worked on at once, at most. */
  readonly #most: number
  readonly #wanted: (message: ReceivedMessage) => boolean
  readonly #gathering: Gathering
  /** Full, waiting for a batch before them to end. */
  readonly #ready: (readonly ReceivedMessage[])[] = []
  #working = 0
  #receiving = false
  #again = false
  #stopped = false

  constructor(trigger: QueueTriggerModel, hub: Hub) {
    this.#trigger = trigger
    this.#hub = hub
    this.#queue = hub.model.resources.find(
      (one): one is QueueModel => one.kind === 'queue' && one.name === trigger.queue,
    )
    this.physicalName = this.#queue?.physicalName ?? trigger.queue
    this.#arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:${this.physicalName}`
    const reserved = hub.model.functions.find(({ name }) => name === trigger.function)?.concurrency
    this.#most = Math.max(1, Math.min(reserved ?? POLLERS, trigger.concurrency ?? POLLERS, POLLERS))
    this.#wanted = matcherOf(trigger.filter, this.#arn)
    // FIFO queues have no window. Source: CreateEventSourceMapping.
    const window = this.#queue?.fifo === true ? 0 : trigger.window * 1000
    this.#gathering = new Gathering(trigger.batchSize, window, hub.clock, (batch) => this.#handOver(batch))
  }

  /** Something may have arrived. */
  wake(): void {
    this.#again = true
    if (this.#receiving || this.#stopped) return
    this.#receiving = true
    this.#hub.clock.hold(this.#receive())
  }

  stop(): void {
    this.#stopped = true
    // What nobody works on is there at once for who comes next.
    const handles = [...this.#gathering.clear(), ...this.#ready.flat()].map(({ receiptHandle }) => receiptHandle)
    this.#ready.length = 0
    if (handles.length > 0) this.#hub.queues.release(this.physicalName, handles).catch(() => undefined)
  }

  // A queue that somebody deletes, or that is closed with the local cloud, must take nothing else with it.
  async #receive(): Promise<void> {
    try {
      await this.#receiveAll()
    } catch (error) {
      this.#complain('read', error)
    } finally {
      this.#receiving = false
    }
  }

  async #receiveAll(): Promise<void> {
    while (this.#again && !this.#stopped && this.#working + this.#ready.length < this.#most) {
      this.#again = false
      const messages = await this.#hub.queues.receive(this.physicalName, {
        max: Math.min(RECEIVE, this.#gathering.space()),
      })
      if (messages.length === 0) continue
      this.#again = true
      const wanted = await this.#sift(messages)
      if (this.#stopped) {
        const handles = wanted.map(({ receiptHandle }) => receiptHandle)
        return void (await this.#hub.queues.release(this.physicalName, handles))
      }
      this.#gathering.add(wanted)
    }
  }

  // What matches no filter is deleted unread. Source: "Event filtering", and recorded.
  async #sift(messages: readonly ReceivedMessage[]): Promise<readonly ReceivedMessage[]> {
    if (this.#trigger.filter.length === 0) return messages
    const wanted = messages.filter(this.#wanted)
    if (wanted.length === messages.length) return messages
    const others = messages.filter((message) => !wanted.includes(message))
    await this.#hub.queues.delete(
      this.physicalName,
      others.map(({ receiptHandle }) => receiptHandle),
    )
    return wanted
  }

  #handOver(batch: readonly ReceivedMessage[]): void {
    this.#ready.push(batch)
    this.#start()
  }

  #start(): void {
    while (this.#working < this.#most) {
      const batch = this.#ready.shift()
      if (batch === undefined) return
      this.#working++
      const worked = this.#work(batch)
        .catch((error: unknown) => this.#complain('worked off', error))
        .finally(() => {
          this.#working--
          this.#start()
          this.wake()
        })
      // Time that is advanced waits for what this moment's messages do.
      this.#hub.clock.hold(worked)
    }
  }

  async #work(batch: readonly ReceivedMessage[]): Promise<void> {
    const ids = batch.map(({ messageId }) => messageId)
    const event = toQueueEvent(batch, this.#arn, REGION)
    const parent = this.#hub.hop(this.#trigger.function, `${batch.length} from ${this.physicalName}`)
    const outcome = await this.#hub.invoke(this.#trigger.function, JSON.stringify(event), { parent })
    const failed = new Set(outcome.failed ? ids : readFailures(JSON.parse(outcome.payload), ids))
    const done = batch.filter(({ messageId }) => !failed.has(messageId)).map(({ receiptHandle }) => receiptHandle)
    if (done.length > 0) await this.#hub.queues.delete(this.physicalName, done)
    for (const message of batch) if (failed.has(message.messageId)) this.#lament(message, outcome)
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
  const { errorType = 'Error', errorMessage = '' }: { errorType?: string; errorMessage?: string } =
    JSON.parse(payload) ?? {}
  return `${errorType}: ${errorMessage}`
}
