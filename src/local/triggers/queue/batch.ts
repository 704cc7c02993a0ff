// What an event source has received and not handed over: a batch leaves when it is full, when its window ends, or at 6 MB.
import { Buffer } from 'node:buffer'
import type { ReceivedMessage } from '../../../aws/events/queue.ts'
import type { Alarm, Clock } from '../../clock.ts'

// What fits in one event, with room for its frame.
const EVENT_BYTES = 6_000_000
// What a record holds besides body and attributes.
const RECORD_BYTES = 1000

export class Gathering {
  readonly #size: number
  readonly #window: number
  readonly #clock: Clock
  readonly #handOver: (batch: readonly ReceivedMessage[]) => void
  /** By message id: one that became visible again while it waited here is in the batch once, with its newer handle. */
  readonly #messages = new Map<string, ReceivedMessage>()
  #bytes = 0
  #alarm: Alarm | undefined

  /** `window` is in milliseconds and begins with the first message. */
  constructor(size: number, window: number, clock: Clock, handOver: (batch: readonly ReceivedMessage[]) => void) {
    this.#size = size
    this.#window = window
    this.#clock = clock
    this.#handOver = handOver
  }

  /** How many more messages the batch takes. */
  space(): number {
    return this.#size - this.#messages.size
  }

  add(messages: readonly ReceivedMessage[]): void {
    for (const message of messages) {
      const bytes = sizeOf(message)
      if (this.#messages.size > 0 && this.#bytes + bytes > EVENT_BYTES) this.#leave()
      if (!this.#messages.has(message.messageId)) this.#bytes += bytes
      this.#messages.set(message.messageId, message)
    }
    if (this.#messages.size === 0) return
    if (this.#messages.size >= this.#size || this.#window === 0) this.#leave()
    else this.#alarm ??= this.#clock.after(this.#window, () => this.#leave())
  }

  /** Forgets what is there, and answers it. */
  clear(): readonly ReceivedMessage[] {
    this.#alarm?.cancel()
    this.#alarm = undefined
    const batch = [...this.#messages.values()]
    this.#messages.clear()
    this.#bytes = 0
    return batch
  }

  #leave(): void {
    const batch = this.clear()
    if (batch.length > 0) this.#handOver(batch)
  }
}

// As JSON, where quotes and lines take two bytes and control characters six.
const sizeOf = ({ body, messageAttributes }: ReceivedMessage): number =>
  Buffer.byteLength(JSON.stringify(body)) + JSON.stringify(messageAttributes).length + RECORD_BYTES
