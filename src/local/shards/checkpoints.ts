// How far every event-source mapping has come in every shard: written when a batch is done with, together with what is owed
// to whom gets what was given up.
import type { Mail } from '../service.ts'
import { type Key, type Store, under } from '../store.ts'

/** A tumbling window that has begun. */
export interface OpenWindow {
  /** Milliseconds since 1970. */
  readonly start: number
  /** What the function answered last. */
  readonly state: unknown
}

/** How far a mapping is in one shard. */
export interface Place {
  /** After which sequence number each of the batches that run at once goes on; empty: at the oldest record. */
  readonly positions: readonly string[]
  readonly window?: OpenWindow | undefined
}

export interface Begun {
  /** Records that came before are passed over; milliseconds since 1970. */
  readonly since: number
}

/** Something for a destination on failure. */
export interface Owed {
  readonly to: string
  readonly from: string
  readonly body: string
  /** To a bucket: the object's key. */
  readonly key?: string
  /** Whose records they were, by its name in the app. */
  readonly function: string
}

export interface CheckpointsGround extends Pick<Mail, 'outbox' | 'deliver'> {
  readonly store: Store
  /** Adds a line to a function's log. */
  note(name: string, requestId: string, text: string): void
}

export interface Checkpoints {
  /** Undefined: the mapping has never run. */
  begun(mapping: string): Begun | undefined
  begin(mapping: string, begun: Begun, places: ReadonlyMap<string, Place>): Promise<void>
  place(mapping: string, shard: string): Place | undefined
  save(mapping: string, shard: string, place: Place, owed?: Owed): Promise<void>
  /** Says that a mapping works; one that takes its place waits for that by `settled`. */
  work(mapping: string, work: Promise<void>): void
  settled(mapping: string): Promise<void>
  /** How many works run. */
  working(): number
}

const SENDER = 'shard'
const keyOf = (mapping: string, ...more: Key): Key => ['shard', mapping, ...more]

/** Opens them on what the store holds, and serves what an earlier run still owed. */
export function openCheckpoints({ store, outbox, deliver, note }: CheckpointsGround): Checkpoints {
  // Who is gone or refuses gets nothing later either. Source: Lambda counts it as DestinationDeliveryFailures.
  outbox.serve<Owed>(SENDER, async ({ body: { function: name, ...delivery } }) => {
    const receipt = await deliver(delivery)
    const why = receipt === 'taken' ? undefined : 'gone' in receipt ? receipt.gone : receipt.refused
    if (why !== undefined) note(name, '', `Nobody could be told of the records that were given up: ${why}`)
    return 'done'
  })
  const works = new Map<string, Set<Promise<void>>>()
  return {
    begun: (mapping) => store.get<Begun>(keyOf(mapping)),
    begin: (mapping, begun, places) =>
      store.commit((writer) => {
        for (const { key } of [...writer.range(under(...keyOf(mapping)))]) writer.remove(key)
        writer.put(keyOf(mapping), begun)
        for (const [shard, place] of places) writer.put(keyOf(mapping, shard), place)
      }),
    place: (mapping, shard) => store.get<Place>(keyOf(mapping, shard)),
    save: (mapping, shard, place, owed) =>
      store.commit((writer) => {
        writer.put(keyOf(mapping, shard), place)
        if (owed !== undefined) outbox.post(writer, SENDER, owed)
      }),
    work: (mapping, work) => {
      const running = works.get(mapping) ?? new Set()
      works.set(mapping, running.add(work))
      void work.finally(() => {
        running.delete(work)
        if (running.size === 0) works.delete(mapping)
      })
    },
    settled: async (mapping) => {
      while (works.has(mapping)) await Promise.allSettled(works.get(mapping) ?? [])
    },
    working: () => [...works.values()].reduce((sum, running) => sum + running.size, 0),
  }
}
