// Makes, shows, changes and removes archives.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { under, type Writer } from '../../store.ts'
import { type Archive, archivedKey, archiveKey, archivesOf, sweep } from './archive.ts'
import { breaches, check, numberOf, type Rules, requiredText, textOf } from './input.ts'
import { forget, readPattern } from './matching.ts'
import { toPage } from './pages.ts'
import { exists, noArchive } from './problems.ts'
import { archiveArn, busArn, busOf, type Room, toSeconds } from './state.ts'

const NAME: Rules = { required: true, least: 1, most: 48, pattern: '[\\.\\-_A-Za-z0-9]+' }
const ARN: Rules = { required: true, least: 1, most: 1600 }

export function archiveOf(reader: Pick<Writer, 'get'>, name: string): Archive {
  const found = reader.get<Archive>(archiveKey(name.slice(0, 300)))
  if (found === undefined) throw noArchive(name)
  return found
}

export async function createArchive(room: Room, input: JsonObject): Promise<JsonObject> {
  const name = requiredText(input, 'ArchiveName', NAME)
  const source = requiredText(input, 'EventSourceArn', ARN)
  const changed = readChanges(input)
  return room.store.commit((writer) => {
    const { name: bus } = busOf(writer, source)
    if (writer.get(archiveKey(name)) !== undefined) throw exists(`Archive ${name} already exists.`)
    const created = room.clock.now()
    const archive: Archive = { name, bus, retention: 0, ...changed, created, count: 0, bytes: 0, next: 0, tags: {} }
    writer.put(archiveKey(name), archive)
    forget(room, writer, bus)
    return toMade(archive)
  })
}

export async function updateArchive(room: Room, input: JsonObject): Promise<JsonObject> {
  const name = requiredText(input, 'ArchiveName', NAME)
  const changed = readChanges(input)
  return room.store.commit((writer) => {
    const archive: Archive = { ...archiveOf(writer, name), ...changed }
    writer.put(archiveKey(name), archive)
    forget(room, writer, archive.bus)
    return toMade(archive)
  })
}

function readChanges(input: JsonObject): Partial<Archive> {
  const description = textOf(input, 'Description')
  const pattern = textOf(input, 'EventPattern')
  const retention = numberOf(input, 'RetentionDays')
  check(breaches('description', description, { most: 512 }))
  if (retention !== undefined && !(retention >= 0 && Number.isInteger(retention)))
    check([
      `Value '${retention}' at 'retentionDays' failed to satisfy constraint: Member must have value greater than or equal to 0`,
    ])
  if (pattern !== undefined) readPattern(pattern)
  return {
    ...(description === undefined ? {} : { description }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(retention === undefined ? {} : { retention }),
  }
}

const MANY = 1_000_000

export async function deleteArchive(room: Room, input: JsonObject): Promise<undefined> {
  const name = requiredText(input, 'ArchiveName', NAME)
  await room.store.commit((writer) => {
    const { bus } = archiveOf(writer, name)
    writer.remove(archiveKey(name))
    for (const { key } of [...writer.range(under(...archivedKey(name)))]) writer.remove(key)
    forget(room, writer, bus)
  })
}

export async function describeArchive(room: Room, input: JsonObject): Promise<JsonObject> {
  const name = requiredText(input, 'ArchiveName', NAME)
  archiveOf(room.store, name)
  const archive = await room.store.commit((writer) => {
    const swept = sweep(writer, archiveOf(writer, name), room.clock.now(), MANY)
    writer.put(archiveKey(name), swept)
    return swept
  })
  const { description, pattern } = archive
  return { ...toListed(archive), ArchiveArn: archiveArn(name), Description: description, EventPattern: pattern }
}

export async function listArchives({ store }: Room, input: JsonObject): Promise<JsonObject> {
  const prefix = textOf(input, 'NamePrefix') ?? ''
  const source = textOf(input, 'EventSourceArn')
  const state = textOf(input, 'State') ?? 'ENABLED'
  const bus = source === undefined ? undefined : busOf(store, source).name
  const found = archivesOf(store).filter(
    (archive) => archive.name.startsWith(prefix) && (bus === undefined || archive.bus === bus) && state === 'ENABLED',
  )
  const { page, next } = toPage(found, ({ name }) => name, input)
  return { Archives: page.map(toListed), ...next }
}

const toMade = ({ name, created }: Archive): JsonObject => ({
  ArchiveArn: archiveArn(name),
  State: 'ENABLED',
  CreationTime: toSeconds(created),
})

const toListed = ({ name, bus, retention, count, bytes, created }: Archive): JsonObject => ({
  ArchiveName: name,
  EventSourceArn: busArn(bus),
  State: 'ENABLED',
  RetentionDays: retention,
  SizeBytes: bytes,
  EventCount: count,
  CreationTime: toSeconds(created),
})
