// What CloudWatch Logs keeps: groups, streams and events that somebody put, and the groups of the app's functions beside them.
import { createHash } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import { ACCOUNT, REGION } from '../../service.ts'
import { type Key, type Reader, type Store, under, type Writer } from '../../store.ts'
import { noGroup, noStream } from './problems.ts'

export interface Group {
  readonly name: string
  /** Milliseconds since 1970. */
  readonly created: number
  /** Days; undefined: for ever. */
  readonly retention: number | undefined
  readonly tags: Readonly<Record<string, string>>
}

export interface Stream {
  readonly name: string
  readonly created: number
  /** Of its events: the first and the last, and when one last came. */
  readonly first: number | undefined
  readonly last: number | undefined
  readonly ingested: number | undefined
}

export interface LogEvent {
  readonly id: string
  readonly stream: string
  /** Milliseconds since 1970. */
  readonly time: number
  readonly ingested: number
  readonly message: string
}

/** The logs of the app's functions, which the journal holds. */
export interface FunctionLogs {
  /** Names of their groups. */
  groups(): readonly string[]
  /** In order. */
  events(group: string): readonly LogEvent[]
  /** Calls the listener for every event from now on. Returns how to stop. */
  follow(listener: (group: string, event: LogEvent) => void): () => void
}

export interface Room {
  readonly store: Store
  readonly clock: Clock
  readonly functions: FunctionLogs
  /** Milliseconds since 1970 at which the local cloud began to run. */
  readonly since: number
  /** Who follows what is put. */
  readonly listeners: Set<(group: string, event: LogEvent) => void>
}

export const groupArn = (name: string): string => `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}`

const groupKey = (name: string): Key => ['logs', 'group', name]
const streamKey = (group: string, name: string): Key => ['logs', 'stream', group, part(name)]
const eventsKey = (group: string, stream: string): Key => ['logs', 'event', group, part(stream)]

// 512 characters beyond ASCII would be more than a key holds.
const part = (name: string): string =>
  Buffer.byteLength(name) <= 600 ? name : `${name.slice(0, 100)} ${createHash('sha256').update(name).digest('hex')}`

/** A group that somebody made, or a function's. */
export function findGroup({ store, functions, since }: Room, name: string, reader: Reader = store): Group | undefined {
  const kept = reader.get<Group>(groupKey(name))
  if (kept !== undefined) return kept
  if (!functions.groups().includes(name)) return undefined
  return { name, created: since, retention: undefined, tags: {} }
}

export function needGroup(room: Room, name: string, reader?: Reader): Group {
  const found = findGroup(room, name, reader)
  if (found === undefined) throw noGroup()
  return found
}

/** All groups whose names begin so, in order. */
export function groupsOf(room: Room, prefix: string): Group[] {
  const names = new Set(room.functions.groups().filter((name) => name.startsWith(prefix)))
  for (const { value } of room.store.range<Group>({ ...under('logs', 'group'), start: groupKey(prefix) })) {
    if (!value.name.startsWith(prefix)) break
    names.add(value.name)
  }
  return [...names].sort().map((name) => needGroup(room, name))
}

export const writeGroup = (writer: Writer, group: Group): void => writer.put(groupKey(group.name), group)

export function removeGroup(writer: Writer, name: string): void {
  for (const kind of ['stream', 'event'])
    for (const { key } of writer.range(under('logs', kind, name))) writer.remove(key)
  writer.remove(groupKey(name))
}

export const isFunctions = ({ functions }: Room, group: string): boolean => functions.groups().includes(group)

export function streamsOf(room: Room, group: string): Stream[] {
  const kept = [...room.store.range<Stream>(under('logs', 'stream', group))].map(({ value }) => value)
  const own = new Map<string, Stream>()
  for (const { stream, time } of isFunctions(room, group) ? room.functions.events(group) : []) {
    const first = own.get(stream)?.first ?? time
    own.set(stream, { name: stream, created: first, first, last: time, ingested: time })
  }
  return [...kept, ...own.values()]
}

export const readStream = (reader: Reader, group: string, name: string): Stream | undefined =>
  reader.get(streamKey(group, name))

export function needStream(reader: Reader, group: string, name: string): Stream {
  const found = readStream(reader, group, name)
  if (found === undefined) throw noStream()
  return found
}

export const writeStream = (writer: Writer, group: string, stream: Stream): void =>
  writer.put(streamKey(group, stream.name), stream)

export function removeStream(writer: Writer, group: string, name: string): void {
  for (const { key } of writer.range(under(...eventsKey(group, name)))) writer.remove(key)
  writer.remove(streamKey(group, name))
}

export const writeEvent = (writer: Writer, group: string, event: LogEvent): void =>
  writer.put([...eventsKey(group, event.stream), event.time, event.id], event)

const DAY = 86_400_000

/** The events of a group, or of some of its streams, by time. What is older than the group keeps is gone. */
export function eventsOf(room: Room, group: Group, wants: (stream: string) => boolean = () => true): LogEvent[] {
  const oldest = group.retention === undefined ? 0 : room.clock.now() - group.retention * DAY
  const kept = streamsOf(room, group.name)
    .filter(({ name }) => wants(name))
    .flatMap(({ name }) => [...room.store.range<LogEvent>(under(...eventsKey(group.name, name)))])
    .map(({ value }) => value)
  const own = isFunctions(room, group.name)
    ? room.functions.events(group.name).filter(({ stream }) => wants(stream))
    : []
  return [...kept, ...own].filter(({ time }) => time >= oldest).sort((left, right) => left.time - right.time)
}

/** Removes what is older than the group keeps. */
export function expire(writer: Writer, { name, retention }: Group, stream: string, now: number): void {
  if (retention === undefined) return
  const start = eventsKey(name, stream)
  for (const { key } of writer.range({ start, end: [...start, now - retention * DAY] })) writer.remove(key)
}
