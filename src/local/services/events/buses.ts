// Makes, shows, changes and removes event buses.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { under } from '../../store.ts'
import { type Rules, requiredText, textOf } from './input.ts'
import { forget } from './matching.ts'
import { toPage } from './pages.ts'
import { toPolicy } from './permissions.ts'
import { exists, invalid } from './problems.ts'
import { type Bus, busArn, busKey, busName, busOf, DEFAULT, findBus, type Room, rulesOf, toSeconds } from './state.ts'
import { readTags } from './tags.ts'

const NAME: Rules = { required: true, least: 1, most: 256, pattern: '[/\\.\\-_A-Za-z0-9]+' }
const GIVEN = ['Description', 'KmsKeyIdentifier', 'DeadLetterConfig']

const givenIn = (input: JsonObject): JsonObject =>
  Object.fromEntries(
    GIVEN.flatMap((name) => (input[name] === undefined || input[name] === null ? [] : [[name, input[name]]])),
  )

export async function createEventBus(room: Room, input: JsonObject): Promise<JsonObject> {
  const name = requiredText(input, 'Name', NAME)
  const given = givenIn(input)
  const tags = readTags(input)
  if (textOf(input, 'EventSourceName') !== undefined)
    throw invalid('The local cloud does not have partner event sources.')
  await room.store.commit((writer) => {
    if (findBus(writer, name) !== undefined) throw exists(`Event bus ${name} already exists.`)
    const now = room.clock.now()
    writer.put(busKey(name), { name, created: now, modified: now, statements: [], tags, given } satisfies Bus)
    forget(room, writer, name)
  })
  return { EventBusArn: busArn(name), ...given }
}

export async function updateEventBus(room: Room, input: JsonObject): Promise<JsonObject> {
  const given = givenIn(input)
  return room.store.commit((writer) => {
    const bus = busOf(writer, textOf(input, 'Name'))
    writer.put(busKey(bus.name), { ...bus, given, modified: room.clock.now() } satisfies Bus)
    return { Arn: busArn(bus.name), Name: bus.name, ...given }
  })
}

/** Removing what is not there is no mistake. */
export async function deleteEventBus(room: Room, input: JsonObject): Promise<undefined> {
  const name = busName(requiredText(input, 'Name', NAME))
  if (name === DEFAULT) throw invalid('Cannot delete event bus default.')
  await room.store.commit((writer) => {
    if (rulesOf(writer, name).length > 0) throw invalid(`Event bus ${name} can't be deleted since it has rules.`)
    writer.remove(busKey(name))
    forget(room, writer, name)
  })
}

export async function describeEventBus({ store }: Room, input: JsonObject): Promise<JsonObject> {
  const bus = busOf(store, textOf(input, 'Name'))
  return { ...toListed(bus), ...bus.given }
}

export async function listEventBuses({ store }: Room, input: JsonObject): Promise<JsonObject> {
  const prefix = textOf(input, 'NamePrefix') ?? ''
  const kept = [...store.range<Bus>(under('events', 'bus'))].map(({ value }) => value)
  const all = kept.some(({ name }) => name === DEFAULT) ? kept : [...kept, busOf(store, DEFAULT)]
  const found = all
    .filter(({ name }) => name.startsWith(prefix))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
  const { page, next } = toPage(found, ({ name }) => name, input)
  return { EventBuses: page.map(toListed), ...next }
}

const toListed = (bus: Bus): JsonObject => ({
  Name: bus.name,
  Arn: busArn(bus.name),
  Description: bus.given.Description,
  Policy: toPolicy(bus),
  CreationTime: toSeconds(bus.created),
  LastModifiedTime: toSeconds(bus.modified),
})
