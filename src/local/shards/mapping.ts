// The poller of event sources that have shards: of Kinesis streams and of tables' streams. Each shard is read in its order.
import type { Hub } from '../hub.ts'
import type { Place } from './checkpoints.ts'
import { Lane } from './lane.ts'

/** A record of a shard, as its source has it. */
export interface ShardRecord<Data> {
  readonly sequence: string
  /** Milliseconds since 1970. */
  readonly time: number
  /** Records of one key stay in order. */
  readonly key: string
  readonly record: Data
  /** About how many bytes it takes in an event. */
  readonly bytes: number
}

/** A record, as the event has it. */
export interface EventRecord extends Omit<ShardRecord<unknown>, 'record'> {
  readonly event: unknown
  /** Whether a filter lets it pass. */
  isWanted(): boolean
}

export interface ShardSource<Data> {
  readonly arn: string
  /** Another for each stream, be it of the same name. Undefined while there is none. */
  identity(): string | undefined
  shards(): readonly string[]
  /** Shards that must be read to their end first. */
  parents(shard: string): readonly string[]
  /** Whether nothing will come to it any more. */
  closed(shard: string): boolean
  /** Up to `limit` records after this one, or from the oldest. */
  read(shard: string, after: string | undefined, limit: number): readonly ShardRecord<Data>[]
  /** What is read after this is new. */
  latest(shard: string): string | undefined
  /** Milliseconds for which records are kept. */
  retention(): number
  /** Calls the listener when there are records or shards that were not there. Answers how to stop that. */
  onArrival(listener: () => void): () => void
}

/** An event-source mapping. Times are seconds. */
export interface ShardMapping {
  /** Stays the same over starts: what was read is filed under it. */
  readonly id: string
  /** Its id at Lambda. */
  readonly uuid: string
  /** What people call the source. */
  readonly name: string
  readonly function: string
  readonly functionArn: string
  readonly source: Omit<ShardSource<unknown>, 'read'>
  readonly batchSize: number
  readonly window: number
  readonly from: 'latest' | 'horizon' | number
  readonly retries: number | undefined
  readonly maximumAge: number | undefined
  readonly bisect: boolean
  readonly parallel: number
  readonly tumbling: number
  /** ARN. */
  readonly onFailure: string | undefined
  /** How the records of what was given up name the batch. */
  readonly batch: 'KinesisBatchInfo' | 'DDBStreamBatchInfo'
  /** Up to `limit` records after this one, or from the oldest. */
  read(shard: string, after: string | undefined, limit: number): readonly EventRecord[]
}

/** Starts the mapping. Returns how to stop it: what it works on is finished, nothing new is taken. */
export function startShards(given: ShardMapping, hub: Hub): () => void {
  // A window is a shard's, whole.
  const mapping = given.tumbling > 0 ? { ...given, parallel: 1 } : given
  const shards = new Shards(mapping, hub)
  const leave = mapping.source.onArrival(() => shards.wake())
  shards.begin()
  return () => {
    leave()
    shards.stop()
  }
}

class Shards {
  readonly #mapping: ShardMapping
  readonly #hub: Hub
  readonly #lanes = new Map<string, readonly Lane[]>()
  readonly #drained = new Map<string, number>()
  readonly #places = new Map<string, Place>()
  #since = 0
  #isReady = false
  #isStopped = false

  constructor(mapping: ShardMapping, hub: Hub) {
    this.#mapping = mapping
    this.#hub = hub
  }

  begin(): void {
    const { id } = this.#mapping
    const { checkpoints, clock } = this.#hub
    const begun = checkpoints.begun(id)
    // Before anything can arrive: what is new is what comes after this.
    const first = begun === undefined ? this.#start() : undefined
    this.#since = begun?.since ?? this.#since
    clock.hold(this.#open(first))
  }

  // What a mapping of the same name still works on, as after a save, must be known before its records are read again.
  async #open(first: Promise<void> | undefined): Promise<void> {
    try {
      await first
    } catch {
      // A full disk, which has told of itself: until there is room again, the next start begins anew.
    }
    await this.#hub.checkpoints.settled(this.#mapping.id)
    this.#isReady = true
    this.wake()
  }

  #start(): Promise<void> {
    const { source, from, parallel, id } = this.#mapping
    if (typeof from === 'number') this.#since = from
    if (from === 'latest')
      for (const shard of source.shards())
        this.#places.set(shard, { positions: Array(parallel).fill(source.latest(shard) ?? '') })
    return this.#hub.checkpoints.begin(id, { since: this.#since }, this.#places)
  }

  wake(): void {
    if (!this.#isReady || this.#isStopped) return
    this.#openShards()
    for (const lanes of this.#lanes.values()) for (const lane of lanes) lane.wake()
  }

  stop(): void {
    this.#isStopped = true
    for (const lanes of this.#lanes.values()) for (const lane of lanes) lane.stop()
  }

  // A shard's parents are read to their end before it: so the records of a key stay in order when shards are split and merged.
  #openShards(): void {
    const { source } = this.#mapping
    const shards = source.shards()
    for (const shard of this.#lanes.keys()) if (!shards.includes(shard)) this.#forget(shard)
    for (const shard of shards) {
      const waits = source.parents(shard).some((parent) => shards.includes(parent) && !this.#isDrained(parent))
      if (!waits && !this.#lanes.has(shard)) this.#lanes.set(shard, this.#openLanes(shard))
    }
  }

  #forget(shard: string): void {
    for (const lane of this.#lanes.get(shard) ?? []) lane.stop()
    this.#lanes.delete(shard)
  }

  readonly #isDrained = (shard: string): boolean => (this.#drained.get(shard) ?? 0) >= this.#mapping.parallel

  #openLanes(shard: string): Lane[] {
    const { parallel } = this.#mapping
    this.#places.set(shard, this.#placeOf(shard))
    return Array.from({ length: parallel }, (_, share) => this.#openLane(shard, share))
  }

  #openLane(shard: string, share: number): Lane {
    const { id } = this.#mapping
    let isOver = false
    const place = (): Place => this.#places.get(shard) ?? { positions: [] }
    return new Lane({
      mapping: this.#mapping,
      hub: this.#hub,
      shard,
      share,
      since: this.#since,
      position: () => place().positions[share] || undefined,
      window: () => place().window,
      save: (position, window, owed) => {
        const positions = place().positions.map((one, index) => (index === share ? (position ?? '') : one))
        const next = { positions, ...(window === undefined ? {} : { window }) }
        this.#places.set(shard, next)
        return this.#hub.checkpoints.save(id, shard, next, owed)
      },
      drained: () => {
        if (isOver) return
        isOver = true
        this.#drained.set(shard, (this.#drained.get(shard) ?? 0) + 1)
        if (this.#isDrained(shard)) this.wake()
      },
    })
  }

  /** Where to go on: with another number of batches at once, where the one went that is furthest behind. */
  #placeOf(shard: string): Place {
    const { parallel, id } = this.#mapping
    const kept = this.#places.get(shard) ?? this.#hub.checkpoints.place(id, shard)
    if (kept === undefined) return { positions: Array(parallel).fill('') }
    if (kept.positions.length === parallel) return kept
    const behind = kept.positions.toSorted(bySequence)[0] ?? ''
    return { ...kept, positions: Array(parallel).fill(behind) }
  }
}

// Sequence numbers are whole numbers too large for a number.
const bySequence = (one: string, other: string): number =>
  one.length - other.length || (one < other ? -1 : one > other ? 1 : 0)
