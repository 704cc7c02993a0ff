// What an archive keeps of the events of its bus, until they are older than it keeps them.
import type { Key, Reader, Writer } from '../../store.ts'
import { under } from '../../store.ts'
import type { Room, Tags } from './state.ts'

export interface Archive {
  readonly name: string
  readonly bus: string
  readonly description?: string
  readonly pattern?: string
  /** Days; 0 is for ever. */
  readonly retention: number
  readonly created: number
  readonly count: number
  readonly bytes: number
  /** The number of the next event. */
  readonly next: number
  readonly tags: Tags
}

/** One event in an archive, filed by its time. */
export interface Archived {
  readonly event: string
  /** When it came. */
  readonly ingested: number
}

export const archiveKey = (name: string): Key => ['events', 'archive', name]
const DAY = 86_400_000
// Old events that go when a new one comes: more than come, so that an archive does not grow for ever.
const SWEPT = 4

export const archivesOf = (reader: Reader): Archive[] =>
  [...reader.range<Archive>(under('events', 'archive'))].map(({ value }) => value)

export const archivedKey = (name: string, ...rest: Key): Key => ['events', 'archived', name, ...rest]

/** Files an event whose time is `time`. */
export function keep(room: Room, writer: Writer, name: string, event: string, time: number): void {
  const archive = writer.get<Archive>(archiveKey(name))
  if (archive === undefined) return
  const now = room.clock.now()
  const row: Archived = { event, ingested: now }
  writer.put(archivedKey(name, time, archive.next), row)
  const bytes = archive.bytes + Buffer.byteLength(event)
  const grown: Archive = { ...archive, count: archive.count + 1, bytes, next: archive.next + 1 }
  writer.put(archiveKey(name), sweep(writer, grown, now, SWEPT))
}

/** Removes up to `most` of the events that are too old. Returns the archive as it is then. */
export function sweep(writer: Writer, archive: Archive, now: number, most: number): Archive {
  if (archive.retention === 0) return archive
  const end = archivedKey(archive.name, now - archive.retention * DAY)
  let { count, bytes } = archive
  for (const { key, value } of [...writer.range<Archived>({ start: archivedKey(archive.name), end, limit: most })]) {
    writer.remove(key)
    count--
    bytes -= Buffer.byteLength(value.event)
  }
  return { ...archive, count, bytes }
}
