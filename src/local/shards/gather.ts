// What a mapping has read of a shard and not handed over: up to a batch, filtered, those of its own keys only.
import { createHash } from 'node:crypto'
import type { EventRecord, ShardMapping } from './mapping.ts'

// What fits in one event, with room for its frame.
const EVENT_BYTES = 6_000_000
const PAGE = 1000

export interface Wanted {
  readonly mapping: Pick<ShardMapping, 'read' | 'batchSize' | 'parallel'>
  readonly shard: string
  /** Of so many batches at once, this one. */
  readonly share: number
  /** Milliseconds since 1970: what came before is passed over. */
  readonly since: number
}

export type Gathered = Pick<EventRecord, 'sequence' | 'time' | 'event' | 'bytes'>

export class Gathering {
  readonly #wanted: Wanted
  readonly #records: Gathered[] = []
  #bytes = 0
  #isFull = false
  /** Read up to here. */
  #position: string | undefined

  constructor(wanted: Wanted, position: string | undefined) {
    this.#wanted = wanted
    this.#position = position
  }

  /** Up to where everything was read and nothing waits. */
  get passed(): string | undefined {
    return this.#records.length === 0 ? this.#position : undefined
  }

  get first(): Gathered | undefined {
    return this.#records[0]
  }

  get isFull(): boolean {
    return this.#isFull
  }

  /** Reads on, until the batch is full or there is nothing more. */
  fill(): void {
    const { mapping, shard } = this.#wanted
    const { batchSize, parallel } = mapping
    while (!this.#isFull) {
      const limit = parallel === 1 ? Math.min(PAGE, batchSize - this.#records.length) : PAGE
      const page = mapping.read(shard, this.#position, limit)
      if (page.length === 0) return
      for (const record of page) {
        this.#add(record)
        if (this.#isFull) return
      }
    }
  }

  #add(record: EventRecord): void {
    const { since, mapping } = this.#wanted
    const { sequence, time, event, bytes } = record
    if (time >= since && this.#isOwn(record) && record.isWanted()) {
      if (this.#records.length > 0 && this.#bytes + bytes > EVENT_BYTES) {
        this.#isFull = true
        return
      }
      this.#records.push({ sequence, time, event, bytes })
      this.#bytes += bytes
      this.#isFull = this.#records.length >= mapping.batchSize
    }
    this.#position = sequence
  }

  #isOwn({ key }: EventRecord): boolean {
    const { share, mapping } = this.#wanted
    const { parallel } = mapping
    return parallel === 1 || createHash('md5').update(key).digest().readUInt32BE() % parallel === share
  }

  /** Takes the first of them that `belongs`, all that follow it and do. */
  take(belongs: (record: Gathered) => boolean): Gathered[] {
    const end = this.#records.findIndex((record) => !belongs(record))
    const taken = this.#records.splice(0, end < 0 ? this.#records.length : end)
    this.#isFull = false
    this.#bytes = this.#records.reduce((sum, { bytes }) => sum + bytes, 0)
    return taken
  }
}
