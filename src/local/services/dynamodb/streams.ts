// The streams that there are, also of tables that are gone: found, opened, closed, and trimmed on the clock.
import { hash } from 'node:crypto'
import { type Key, type Range, type Reader, under } from '../../store.ts'
import { allRecords, newestSequence, RETENTION, type RecordRow, type StreamPlace } from './records.ts'
import { type Change, change, type Room } from './room.ts'
import { type KeySchema, type StreamFacts, type StreamViewType, streamArn, type Table } from './table.ts'

export interface Stream {
  readonly table: string
  readonly label: string
  readonly view: StreamViewType
  readonly key: KeySchema
  /** Milliseconds since 1970. */
  readonly created: number
  /** Sequence numbers start after it. */
  readonly origin: string
  /** Switched off, or its table deleted: since when. What it holds can be read until that is too old. */
  readonly closed?: number
  readonly last?: string
}

const streamKey = ({ table, label }: StreamPlace): Key => ['dynamodb', 'stream', table, label]
const ALL = under('dynamodb', 'stream')

export const arnOfStream = ({ table, label }: StreamPlace): string => streamArn(table, label)

export function* allStreams(reader: Reader, table?: string): Iterable<Stream> {
  const range: Pick<Range, 'start' | 'end'> = table === undefined ? ALL : under('dynamodb', 'stream', table)
  for (const { value } of reader.range<Stream>(range)) yield value
}

/** The stream with that ARN, as long as it holds anything that can be read. */
export function findStream(reader: Reader, arn: string): Stream | undefined {
  const [, table, label] = /^arn:aws:dynamodb:[^:]*:\d{12}:table\/([^/]{1,255})\/stream\/([^/]{1,64})$/.exec(arn) ?? []
  return table === undefined || label === undefined ? undefined : reader.get<Stream>(streamKey({ table, label }))
}

/** Makes a stream for a table. Answers what the table is to know of it. */
export function openStream({ room, writer, now }: Change, table: Table, view: StreamViewType): StreamFacts {
  let time = now
  let label = toLabel(time)
  while (writer.get(streamKey({ table: table.name, label })) !== undefined) label = toLabel(++time)
  const stream: Stream = { table: table.name, label, view, key: table.key, created: now, origin: room.sequence() }
  writer.put(streamKey(stream), stream)
  return { label, view, enabled: true }
}

const toLabel = (time: number): string => new Date(time).toISOString().slice(0, -1)

/** Nothing more comes to a stream. */
export function closeStream({ room, writer, now }: Change, place: StreamPlace): void {
  const stream = writer.get<Stream>(streamKey(place))
  if (stream === undefined || stream.closed !== undefined) return
  const last = newestSequence(writer, stream) ?? stream.origin
  writer.put(streamKey(place), { ...stream, closed: now, last } satisfies Stream)
  writer.after(() => room.trimming.by(now + RETENTION))
}

const AT_ONCE = 1000
// Readers pass over what is too old anyway: what gets too old within a minute goes together.
const TOGETHER = 60_000

/** Removes the records and streams that are too old. Answers when to look again. */
export async function trim(room: Room): Promise<number | undefined> {
  const limit = room.clock.now() - RETENTION
  await change(room, ({ writer }) => {
    for (const stream of [...allStreams(writer)]) {
      const rows = [...writer.range<RecordRow>({ ...allRecords(stream), limit: AT_ONCE })]
      const old = rows.filter(({ value: [time] }) => time <= limit)
      for (const { key } of old) writer.remove(key)
      if (old.length === rows.length && rows.length < AT_ONCE && (stream.closed ?? Infinity) <= limit)
        writer.remove(streamKey(stream))
    }
  })
  return nextTrim(room)
}

export function nextTrim({ store, clock }: Room): number | undefined {
  let next: number | undefined
  for (const stream of allStreams(store)) {
    const [first] = store.range<RecordRow>({ ...allRecords(stream), limit: 1 })
    const time = first?.value[0] ?? stream.closed
    if (time !== undefined) next = Math.min(next ?? Number.POSITIVE_INFINITY, time + RETENTION)
  }
  if (next === undefined || next <= clock.now()) return next
  return next + TOGETHER
}

/** Numbers for records: each above all before it, those of earlier runs included. */
export function openSequence(reader: Reader): () => string {
  let last = 0n
  for (const stream of allStreams(reader)) {
    for (const text of [stream.origin, newestSequence(reader, stream)])
      if (text !== undefined && BigInt(text) > last) last = BigInt(text)
  }
  const least = BigInt(Date.now()) * 1_000_000n
  // Source: documented as 21 to 40 digits.
  const floor = 10n ** 20n
  let next = last > floor + least ? last : floor + least
  return () => String(++next)
}

/** A stream has one shard here. Source: the form of recorded names. */
export const shardOf = ({ created, table, label }: Stream): string =>
  `shardId-${String(created).padStart(20, '0')}-${hash('md5', `${table} ${label}`, 'hex').slice(0, 8)}`
