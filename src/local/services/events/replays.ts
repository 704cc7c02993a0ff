// Sends the events of an archive again, piece by piece, so that the end of the process loses none and repeats none.
import { toReplayedText } from '../../../aws/events/bus.ts'
import type { JsonObject } from '../../../aws/protocol/json.ts'
import type { Verdict } from '../../service.ts'
import { type Key, under, type Writer } from '../../store.ts'
import { type Archived, archivedKey } from './archive.ts'
import { archiveOf } from './archives.ts'
import { postsFor } from './dispatch.ts'
import { breaches, check, numberOf, objectOf, type Rules, requiredText, textOf, textsOf } from './input.ts'
import { toPage } from './pages.ts'
import { exists, invalid, noReplay, overLimit } from './problems.ts'
import { archiveArn, busArn, busOf, type Room, replayArn, toSeconds } from './state.ts'

interface Replay {
  readonly name: string
  readonly description?: string
  readonly archive: string
  readonly bus: string
  /** Names of rules; none: all. */
  readonly rules: readonly string[]
  readonly filters: readonly string[]
  /** Milliseconds since 1970, as all times here. */
  readonly from: number
  readonly to: number
  readonly started: number
  readonly state: string
  readonly ended?: number
  readonly last?: number
  /** The key of the last event that was sent. */
  readonly at?: Key
}

const SENDER = 'events-replay'
const PIECE = 100
const MOST_AT_ONCE = 10
const NAME: Rules = { required: true, least: 1, most: 64, pattern: '[\\.\\-_A-Za-z0-9]+' }
const replayKey = (name: string): Key => ['events', 'replay', name.slice(0, 300)]
const isUnderWay = ({ state }: Replay): boolean => state === 'STARTING' || state === 'RUNNING'

function replayOf(reader: Pick<Writer, 'get'>, name: string): Replay {
  const found = reader.get<Replay>(replayKey(name))
  if (found === undefined) throw noReplay(name)
  return found
}

// Recorded words.
export async function startReplay(room: Room, input: JsonObject): Promise<JsonObject> {
  const name = requiredText(input, 'ReplayName', NAME)
  const source = requiredText(input, 'EventSourceArn', { required: true, least: 1, most: 1600 })
  const description = textOf(input, 'Description')
  check(breaches('description', description, { most: 512 }))
  const destination = objectOf(input, 'Destination') ?? {}
  const filters = textsOf(destination, 'FilterArns')
  const from = (numberOf(input, 'EventStartTime') ?? 0) * 1000
  const to = (numberOf(input, 'EventEndTime') ?? 0) * 1000
  return room.store.commit((writer) => {
    const { name: bus } = busOf(writer, requiredText(destination, 'Arn', { required: true }))
    const archive = source.split(':archive/')[1] ?? source
    checkSource(writer, archive, bus)
    if (from >= to)
      throw invalid('Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.')
    if (writer.get(replayKey(name)) !== undefined) throw exists(`Replay ${name} already exists.`)
    const busy = [...writer.range<Replay>(under('events', 'replay'))].filter(({ value }) => isUnderWay(value))
    if (busy.length >= MOST_AT_ONCE) throw overLimit()
    const rules = filters.map((arn) => arn.split('/').at(-1) ?? '')
    const started = room.clock.now()
    const replay: Replay = { name, archive, bus, rules, filters, from, to, started, state: 'STARTING' }
    writer.put(replayKey(name), { ...replay, ...(description === undefined ? {} : { description }) })
    room.mail.outbox.post(writer, SENDER, { name })
    return { ReplayArn: replayArn(name), State: 'STARTING', ReplayStartTime: toSeconds(started) }
  })
}

function checkSource(reader: Writer, archive: string, bus: string): void {
  const found = reader.get<{ bus: string }>(['events', 'archive', archive.slice(0, 300)])
  if (found === undefined)
    throw invalid(`Parameter EventSourceArn is not valid. Reason: Archive ${archive} does not exist.`)
  if (found.bus !== bus)
    throw invalid('Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.')
  archiveOf(reader, archive)
}

/** Goes on with the replays that are under way. */
export function serveReplays(room: Room): void {
  room.mail.outbox.serve<{ name: string }>(SENDER, ({ body }) => work(room, body.name))
}

async function work(room: Room, name: string): Promise<Verdict> {
  return room.store.commit((writer): Verdict => {
    const replay = writer.get<Replay>(replayKey(name))
    if (replay === undefined) return 'done'
    if (replay.state === 'CANCELLING') {
      writer.put(replayKey(name), { ...replay, state: 'CANCELLED', ended: room.clock.now() } satisfies Replay)
      return 'done'
    }
    const events = [...writer.range<Archived>({ ...windowOf(replay), limit: PIECE + 1 })]
    const piece = events.filter(({ key }) => JSON.stringify(key) !== JSON.stringify(replay.at)).slice(0, PIECE)
    for (const { value } of piece) send(room, writer, replay, value)
    const last = piece.at(-1)
    const time = Number(last?.key[3] ?? Number.NaN)
    const now: Replay = last === undefined ? replay : { ...replay, at: last.key, last: time }
    const isOver = piece.length < PIECE
    writer.put(replayKey(name), {
      ...now,
      ...(isOver ? { state: 'COMPLETED', ended: room.clock.now() } : { state: 'RUNNING' }),
    })
    return isOver ? 'done' : { again: 0 }
  })
}

const windowOf = ({ archive, from, to, at }: Replay): { start: Key; end: Key } => ({
  start: at ?? archivedKey(archive, from),
  end: archivedKey(archive, to),
})

function send(room: Room, writer: Writer, { name, bus, rules }: Replay, { event }: Archived): void {
  const now = room.clock.now()
  const text = toReplayedText(event, name)
  for (const post of postsFor(room, { bus, text, ingested: now, time: now, forwarded: false, replayed: rules }))
    post(writer)
}

export async function cancelReplay(room: Room, input: JsonObject): Promise<JsonObject> {
  const name = requiredText(input, 'ReplayName', NAME)
  await room.store.commit((writer) => {
    const replay = replayOf(writer, name)
    if (!isUnderWay(replay)) throw invalid(`Replay ${name} is not in a valid state for this operation.`)
    writer.put(replayKey(name), { ...replay, state: 'CANCELLING' } satisfies Replay)
  })
  return { ReplayArn: replayArn(name), State: 'CANCELLING' }
}

export async function describeReplay({ store }: Room, input: JsonObject): Promise<JsonObject> {
  const replay = replayOf(store, requiredText(input, 'ReplayName', NAME))
  const { name, description, bus, filters } = replay
  const Destination = { Arn: busArn(bus), ...(filters.length === 0 ? {} : { FilterArns: filters }) }
  return { ...toListed(replay), ReplayArn: replayArn(name), Description: description, Destination }
}

export async function listReplays({ store }: Room, input: JsonObject): Promise<JsonObject> {
  const prefix = textOf(input, 'NamePrefix') ?? ''
  const source = textOf(input, 'EventSourceArn')
  const state = textOf(input, 'State')
  const found = [...store.range<Replay>(under('events', 'replay'))]
    .map(({ value }) => value)
    .filter(({ name }) => name.startsWith(prefix))
    .filter(({ archive }) => source === undefined || archiveArn(archive) === source)
    .filter((replay) => state === undefined || replay.state === state)
  const { page, next } = toPage(found, ({ name }) => name, input)
  return { Replays: page.map(toListed), ...next }
}

const seconds = (time: number | undefined): number | undefined => (time === undefined ? undefined : toSeconds(time))

const toListed = (replay: Replay): JsonObject => ({
  ReplayName: replay.name,
  EventSourceArn: archiveArn(replay.archive),
  State: replay.state,
  EventStartTime: toSeconds(replay.from),
  EventEndTime: toSeconds(replay.to),
  EventLastReplayedTime: seconds(replay.last),
  ReplayStartTime: toSeconds(replay.started),
  ReplayEndTime: seconds(replay.ended),
})
