// The local Kinesis: streams for clients over the wire, and for the event-source poller in the same process.
import type { Ground, Service } from '../../service.ts'
import { answer } from './answer.ts'
import { type Placed, putAll } from './put.ts'
import { armSweep, sweepGarbage } from './retention.ts'
import { openSource, type Source } from './source.ts'
import { allStreams, arnOf, findStream, type Room, type Stream } from './state.ts'
import { ensure } from './streams.ts'

export type { ShardRecord, Source } from './source.ts'

export interface StreamSettings {
  /** Undefined: on demand. */
  readonly shards?: number | undefined
  /** Hours. */
  readonly retention?: number | undefined
}

export interface Kinesis extends Service {
  /** Makes the stream, or gives an existing one these settings. Resolves with its ARN. */
  ensureStream(name: string, settings?: StreamSettings): Promise<string>
  find(name: string): boolean
  /** Adds one record. */
  put(name: string, data: Uint8Array | string, key: string): Promise<Placed>
  /** Reads the shards of a stream, in the order of each. */
  source(name: string): Source
}

/** Opens Kinesis on what the store holds: alarms are set anew, and what was deleted is swept. */
export function openKinesis({ store, clock }: Ground): Kinesis {
  const room: Room = {
    store,
    clock,
    streams: new Map(),
    counts: new Map(),
    sweeps: new Map(),
    listeners: new Set(),
  }
  for (const { value } of store.range<Stream>(allStreams)) armSweep(room, value.name)
  // Stopped halfway by a close, it goes on at the next start.
  sweepGarbage(room).catch(() => undefined)
  return {
    handle: (request) => answer(room, request),
    ensureStream: async (name, { shards, retention = 24 } = {}) => {
      await ensure(room, { name, shards, retention })
      return arnOf(name)
    },
    find: (name) => findStream(room, name) !== undefined,
    put: async (name, data, key) => {
      const [placed] = await putAll(room, name, [{ key, data: Buffer.from(data).toString('base64') }])
      return placed ?? { SequenceNumber: '', ShardId: '' }
    },
    source: (name) => openSource(room, name),
  }
}
