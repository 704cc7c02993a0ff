// PutEvents: up to ten events, each taken or refused by itself.
import { randomUUID } from 'node:crypto'
import { toBusEventText } from '../../../aws/events/bus.ts'
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import { ACCOUNT, REGION } from '../../service.ts'
import { commitAll, postsFor } from './dispatch.ts'
import { check, numberOf, objectsOf, textOf, textsOf } from './input.ts'
import { parsedObject } from './matching.ts'
import { invalid } from './problems.ts'
import { busName, type Room } from './state.ts'

const MOST = 10
// Source: "Amazon EventBridge increases event payload size to 1 MB" (January 2026).
const LARGEST = 1_048_576

interface Entry {
  readonly source: string
  readonly type: string
  readonly detail: string
  readonly resources: readonly string[]
  /** Milliseconds since 1970. */
  readonly time: number | undefined
  readonly bus: string
}

export async function putEvents(room: Room, input: JsonObject): Promise<JsonObject> {
  const given = objectsOf(input, 'Entries')
  checkCount(given)
  const entries = (given ?? []).map(readEntry)
  const size = entries.reduce((sum, entry) => sum + sizeOf(entry), 0)
  if (size > LARGEST) throw invalid('Total size of the entries in the request is over the limit.')
  const ingested = room.clock.now()
  const answers: JsonObject[] = []
  const posts = entries.flatMap((entry) => {
    const problem = problemOf(entry)
    if (problem !== undefined) {
      answers.push(problem)
      return []
    }
    const id = randomUUID()
    answers.push({ EventId: id })
    const { bus, time = ingested } = entry
    const text = toBusEventText({ ...entry, id, time, account: ACCOUNT, region: REGION })
    // Recorded: a bus that is not there takes everything, and nothing comes of it.
    return postsFor(room, { bus, text, ingested, time, forwarded: false })
  })
  await commitAll(room, posts)
  return { FailedEntryCount: answers.filter(({ ErrorCode }) => ErrorCode !== undefined).length, Entries: answers }
}

function readEntry(given: JsonObject): Entry {
  const seconds = numberOf(given, 'Time')
  return {
    source: textOf(given, 'Source') ?? '',
    type: textOf(given, 'DetailType') ?? '',
    detail: textOf(given, 'Detail') ?? '',
    resources: textsOf(given, 'Resources'),
    time: seconds === undefined ? undefined : toTime(seconds),
    bus: busName(textOf(given, 'EventBusName')),
  }
}

const LATEST = 253_402_300_799

function toTime(seconds: number): number {
  if (!(seconds >= 0 && seconds <= LATEST))
    throw new ServiceError('SerializationException', `Invalid value for timestamp: ${seconds}`)
  return Math.floor(seconds * 1000)
}

// Source: user guide, "Calculating PutEvents event entry size".
function sizeOf({ source, type, detail, resources, time }: Entry): number {
  const texts = [source, type, detail, ...resources]
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), time === undefined ? 0 : 14)
}

// Recorded words.
function problemOf({ source, type, detail }: Entry): JsonObject | undefined {
  const required = (name: string): JsonObject => ({
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  })
  if (source === '') return required('Source')
  if (type === '') return required('DetailType')
  if (detail === '') return required('Detail')
  if (parsedObject(detail) === undefined || isDeep(detail))
    return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }
  if (source.startsWith('aws.'))
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' }
  return undefined
}

// Jackson, which AWS reads events with, stops there too. What is deeper could not be written again without end of the stack.
const DEEPEST = 1000

function isDeep(json: string): boolean {
  let depth = 0
  let inside = false
  for (let index = 0; index < json.length && json.length > DEEPEST; index++) {
    const char = json[index]
    if (char === '"') inside = !inside
    else if (inside) {
      if (char === '\\') index++
    } else if (char === '{' || char === '[') {
      if (++depth > DEEPEST) return true
    } else if (char === '}' || char === ']') depth--
  }
  return false
}

function checkCount(given: readonly JsonObject[] | undefined): void {
  const constraint = (value: string, words: string): void =>
    check([`Value ${value} at 'entries' failed to satisfy constraint: Member must ${words}`])
  if (given === undefined) {
    constraint('null', 'not be null')
    return
  }
  if (given.length === 0) constraint("'[]'", 'have length greater than or equal to 1')
  // Recorded, down to the names of the fields.
  if (given.length > MOST)
    constraint(`'[${given.map(toJava).join(', ')}]'`, `have length less than or equal to ${MOST}`)
}

function toJava(given: JsonObject): string {
  const resources = textsOf(given, 'Resources')
  const fields: [string, unknown][] = [
    ['time', given.Time],
    ['source', given.Source],
    ['resources', resources.length === 0 ? undefined : `[${resources.join(', ')}]`],
    ['detailType', given.DetailType],
    ['detail', given.Detail],
    ['eventBusName', given.EventBusName],
    ['traceHeader', given.TraceHeader],
    ['kmsKeyIdentifier', undefined],
    ['internalMetadata', undefined],
  ]
  return `PutEventsRequestEntry(${fields.map(([name, value]) => `${name}=${value ?? null}`).join(', ')})`
}
