// Events: putting them, reading a stream's page by page, searching a group's.
import { randomBytes } from 'node:crypto'
import type { JsonObject } from '../../../aws/protocol/json.ts'
import {
  flagOf,
  fromToken,
  numberOf,
  required,
  textOf,
  textsOf,
  toToken,
  within,
} from '../../../aws/protocol/members.ts'
import { groupIn, isEvent } from './groups.ts'
import { compile } from './pattern.ts'
import { invalid, noStream } from './problems.ts'
import {
  eventsOf,
  expire,
  type Group,
  isFunctions,
  type LogEvent,
  needGroup,
  needStream,
  type Room,
  readStream,
  streamsOf,
  writeEvent,
  writeStream,
} from './state.ts'

// Source: PutLogEvents.
const MOST_EVENTS = 10_000
const MOST_BYTES = 1_048_576
const OVERHEAD = 26
const HOUR = 3_600_000
const TOO_NEW = 2 * HOUR
const TOO_OLD = 14 * 24 * HOUR

interface Given {
  readonly timestamp: number
  readonly message: string
}

export async function putEvents(room: Room, input: JsonObject): Promise<JsonObject> {
  const name = groupIn(input)
  const streamName = required(textOf(input, 'logStreamName'), 'logStreamName')
  const given = readEvents(input)
  const { group, rejected, kept } = await room.store.commit((writer) => {
    const group = needGroup(room, name, writer)
    if (isFunctions(room, name) && readStream(writer, name, streamName) === undefined) throw noStream()
    const stream = needStream(writer, name, streamName)
    const now = room.clock.now()
    const { good, rejected } = sort(given, group, now)
    const kept = good.map(({ timestamp, message }): LogEvent => {
      return { id: newId(timestamp), stream: streamName, time: timestamp, ingested: now, message }
    })
    for (const event of kept) writeEvent(writer, name, event)
    expire(writer, group, streamName, now)
    const times = kept.map(({ time }) => time)
    if (times.length > 0)
      writeStream(writer, name, {
        ...stream,
        first: Math.min(stream.first ?? Number.POSITIVE_INFINITY, ...times),
        last: Math.max(stream.last ?? 0, ...times),
        ingested: now,
      })
    return { group, rejected, kept }
  })
  for (const event of kept) for (const listener of room.listeners) listener(group.name, event)
  return { nextSequenceToken: newId(0), ...(rejected === undefined ? {} : { rejectedLogEventsInfo: rejected }) }
}

function readEvents(input: JsonObject): Given[] {
  const events: unknown = input.logEvents
  if (!Array.isArray(events) || events.length === 0 || !events.every(isEvent))
    throw invalid(
      "1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length greater than or equal to 1",
    )
  if (events.length > MOST_EVENTS)
    throw invalid(
      `1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length less than or equal to ${MOST_EVENTS}`,
    )
  const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + OVERHEAD, 0)
  if (bytes > MOST_BYTES) throw invalid(`Upload too large: ${bytes} bytes exceeds limit of ${MOST_BYTES}`)
  if (events.some(({ timestamp }, index) => timestamp < (events[index - 1]?.timestamp ?? 0)))
    throw invalid('Log events in a single PutLogEvents request must be in chronological order.')
  if ((events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0) > 24 * HOUR)
    throw invalid('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.')
  return events
}

function sort(
  given: readonly Given[],
  { retention }: Group,
  now: number,
): { good: readonly Given[]; rejected?: JsonObject } {
  const tooNew = given.findIndex(({ timestamp }) => timestamp > now + TOO_NEW)
  const old = given.filter(({ timestamp }) => timestamp < now - TOO_OLD).length
  const expired =
    retention === undefined ? 0 : given.filter(({ timestamp }) => timestamp < now - retention * 24 * HOUR).length
  const good = given.slice(Math.max(old, expired), tooNew < 0 ? undefined : tooNew)
  if (good.length === given.length) return { good }
  const rejected = {
    ...(tooNew < 0 ? {} : { tooNewLogEventStartIndex: tooNew }),
    ...(old === 0 ? {} : { tooOldLogEventEndIndex: old }),
    ...(expired === 0 ? {} : { expiredLogEventEndIndex: expired }),
  }
  return { good, rejected }
}

let count = 0
/** An id that sorts by time, then by when it was made. */
function newId(time: number): string {
  count = (count + 1) % 1e9
  const random = BigInt(`0x${randomBytes(4).toString('hex')}`)
  return `${String(time).padStart(16, '3')}${String(Date.now()).padStart(16, '0')}${String(count).padStart(9, '0')}${String(random).padStart(15, '0')}`
}

export function getEvents(room: Room, input: JsonObject): JsonObject {
  const group = needGroup(room, groupIn(input))
  const name = required(textOf(input, 'logStreamName'), 'logStreamName')
  if (!streamsOf(room, group.name).some((stream) => stream.name === name)) throw noStream()
  const limit = within(numberOf(input, 'limit'), 'limit', { least: 1, most: MOST_EVENTS, or: MOST_EVENTS })
  const start = numberOf(input, 'startTime') ?? 0
  const end = numberOf(input, 'endTime') ?? Number.POSITIVE_INFINITY
  const all = eventsOf(room, group, (stream) => stream === name).filter(({ time }) => time >= start && time < end)
  const { from, to } = toSpan(textOf(input, 'nextToken'), flagOf(input, 'startFromHead'), { limit, length: all.length })
  return {
    events: all
      .slice(from, to)
      .map(({ time, message, ingested }) => ({ timestamp: time, message, ingestionTime: ingested })),
    nextForwardToken: `f/${String(to).padStart(56, '0')}/s`,
    nextBackwardToken: `b/${String(from).padStart(56, '0')}/s`,
  }
}

function toSpan(
  token: string | undefined,
  head: boolean,
  { limit, length }: { limit: number; length: number },
): { from: number; to: number } {
  const [, way, place] = /^([fb])\/(\d{56})\/s$/.exec(token ?? '') ?? []
  if (token !== undefined && way === undefined) throw invalid('The specified nextToken is invalid.')
  const at = Math.min(Number(place ?? (head ? 0 : length)), length)
  const isForward = way === undefined ? head : way === 'f'
  return isForward ? { from: at, to: Math.min(at + limit, length) } : { from: Math.max(0, at - limit), to: at }
}

/** Which streams a search or a live tail is for. */
export function streamsIn(
  input: JsonObject,
  names = 'logStreamNames',
  prefixName = 'logStreamNamePrefix',
): (stream: string) => boolean {
  const listed = textsOf(input, names)
  const prefix = textOf(input, prefixName)
  if (listed !== undefined && prefix !== undefined)
    throw invalid('logStreamNames and logStreamNamePrefix are mutually exclusive parameters.')
  return (stream) => (listed?.includes(stream) ?? true) && stream.startsWith(prefix ?? '')
}

export function filterEvents(room: Room, input: JsonObject): JsonObject {
  const group = needGroup(room, groupIn(input))
  const matches = compile(textOf(input, 'filterPattern') ?? '')
  const limit = within(numberOf(input, 'limit'), 'limit', { least: 1, most: MOST_EVENTS, or: MOST_EVENTS })
  const start = numberOf(input, 'startTime') ?? 0
  const end = numberOf(input, 'endTime') ?? Number.POSITIVE_INFINITY
  const after = Number(fromToken(textOf(input, 'nextToken')) ?? 0)
  const found = eventsOf(room, group, streamsIn(input)).filter(
    ({ time, message }) => time >= start && time <= end && matches(message),
  )
  const page = found.slice(after, after + limit)
  const events = page.map(({ id, stream, time, message, ingested }) => ({
    logStreamName: stream,
    timestamp: time,
    message,
    ingestionTime: ingested,
    eventId: id,
  }))
  const more = after + limit < found.length ? { nextToken: toToken(String(after + limit)) } : {}
  return { events, searchedLogStreams: [], ...more }
}
