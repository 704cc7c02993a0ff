// Groups and streams: making, describing, keeping, tagging.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import {
  constraint,
  flagOf,
  fromToken,
  numberOf,
  objectOf,
  required,
  textOf,
  textsOf,
  toToken,
  within,
} from '../../../aws/protocol/members.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import { functionsOwn, groupExists, invalid, noGroup, streamExists } from './problems.ts'
import {
  findGroup,
  type Group,
  groupArn,
  groupsOf,
  isFunctions,
  needGroup,
  needStream,
  type Room,
  readStream,
  removeGroup,
  removeStream,
  type Stream,
  streamsOf,
  writeGroup,
  writeStream,
} from './state.ts'

const GROUP = '[\\.\\-_/#A-Za-z0-9]+'
const STREAM = '[^:*]*'

const checked = (name: string, member: string, pattern: string): string => {
  if (name.length === 0)
    throw constraint(name, member, 'Member must have length greater than or equal to 1', 'InvalidParameterException')
  if (name.length > 512)
    throw constraint(name, member, 'Member must have length less than or equal to 512', 'InvalidParameterException')
  if (!new RegExp(`^${pattern}$`).test(name))
    throw constraint(
      name,
      member,
      `Member must satisfy regular expression pattern: ${pattern}`,
      'InvalidParameterException',
    )
  return name
}

/** The group a request names, by its name or its ARN. */
export function groupIn(input: JsonObject): string {
  const name = textOf(input, 'logGroupName')
  const identifier = textOf(input, 'logGroupIdentifier')
  if (name !== undefined && identifier !== undefined)
    throw new ServiceError('ValidationException', 'LogGroup name and LogGroup ARN are mutually exclusive parameters.')
  return checked(toName(required(name ?? identifier, 'logGroupName')), 'logGroupName', GROUP)
}

export const toName = (identifier: string): string =>
  identifier.startsWith('arn:') ? (identifier.split(':log-group:')[1] ?? '').replace(/:\*$/, '') : identifier

const tagsIn = (input: JsonObject): Record<string, string> =>
  Object.fromEntries(Object.entries(objectOf(input, 'tags') ?? {}).map(([key, value]) => [key, String(value)]))

export async function createGroup(room: Room, input: JsonObject): Promise<undefined> {
  const name = groupIn(input)
  await room.store.commit((writer) => {
    if (findGroup(room, name, writer) !== undefined) throw groupExists()
    writeGroup(writer, { name, created: room.clock.now(), retention: undefined, tags: tagsIn(input) })
  })
}

export async function deleteGroup(room: Room, input: JsonObject): Promise<undefined> {
  const name = groupIn(input)
  await room.store.commit((writer) => {
    needGroup(room, name, writer)
    if (isFunctions(room, name)) throw functionsOwn()
    removeGroup(writer, name)
  })
}

const change = async (room: Room, name: string, work: (group: Group) => Group): Promise<undefined> => {
  await room.store.commit((writer) => writeGroup(writer, work(needGroup(room, name, writer))))
}

// Source: PutRetentionPolicy.
const DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]

export function putRetention(room: Room, input: JsonObject): Promise<undefined> {
  const retention = required(numberOf(input, 'retentionInDays'), 'retentionInDays')
  if (!DAYS.includes(retention))
    throw constraint(
      retention,
      'retentionInDays',
      `Member must satisfy enum value set: [${DAYS.join(', ')}]`,
      'InvalidParameterException',
    )
  return change(room, groupIn(input), (group) => ({ ...group, retention }))
}

export const deleteRetention = (room: Room, input: JsonObject): Promise<undefined> =>
  change(room, groupIn(input), (group) => ({ ...group, retention: undefined }))

/** Tags are put by the group's ARN, or as once by its name. */
const taggedIn = (input: JsonObject): string => {
  const arn = textOf(input, 'resourceArn')
  return arn === undefined ? groupIn(input) : toName(arn)
}

export const tag = (room: Room, input: JsonObject): Promise<undefined> =>
  change(room, taggedIn(input), (group) => ({ ...group, tags: { ...group.tags, ...tagsIn(input) } }))

export function untag(room: Room, input: JsonObject): Promise<undefined> {
  const keys = new Set(textsOf(input, 'tagKeys') ?? textsOf(input, 'tags'))
  return change(room, taggedIn(input), (group) => ({
    ...group,
    tags: Object.fromEntries(Object.entries(group.tags).filter(([key]) => !keys.has(key))),
  }))
}

export const listTags = (room: Room, input: JsonObject): JsonObject => ({ tags: needGroup(room, taggedIn(input)).tags })

export function describeGroups(room: Room, input: JsonObject): JsonObject {
  const prefix = textOf(input, 'logGroupNamePrefix')
  const part = textOf(input, 'logGroupNamePattern')
  if (prefix !== undefined && part !== undefined)
    throw invalid('LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.')
  const all = groupsOf(room, prefix ?? '').filter(
    ({ name }) => part === undefined || name.toLowerCase().includes(part.toLowerCase()),
  )
  const { page, next } = toPage(all, input, 50)
  return { logGroups: page.map(toEntry), ...next }
}

const toEntry = ({ name, created, retention }: Group): JsonObject => ({
  logGroupName: name,
  creationTime: created,
  ...(retention === undefined ? {} : { retentionInDays: retention }),
  metricFilterCount: 0,
  arn: `${groupArn(name)}:*`,
  storedBytes: 0,
  logGroupClass: 'STANDARD',
  logGroupArn: groupArn(name),
})

function toPage<T extends { readonly name: string }>(
  all: readonly T[],
  input: JsonObject,
  most: number,
): { page: readonly T[]; next: { nextToken?: string } } {
  const limit = within(numberOf(input, 'limit'), 'limit', { least: 1, most, or: 50 })
  const after = fromToken(textOf(input, 'nextToken'))
  const from = after === undefined ? 0 : all.findIndex(({ name }) => name === after) + 1
  const page = all.slice(from, from + limit)
  const last = page.at(-1)
  const hasMore = from + limit < all.length
  return { page, next: hasMore && last !== undefined ? { nextToken: toToken(last.name) } : {} }
}

export async function createStream(room: Room, input: JsonObject): Promise<undefined> {
  const group = groupIn(input)
  const name = checked(required(textOf(input, 'logStreamName'), 'logStreamName'), 'logStreamName', STREAM)
  await room.store.commit((writer) => {
    needGroup(room, group, writer)
    if (readStream(writer, group, name) !== undefined) throw streamExists()
    const created = room.clock.now()
    writeStream(writer, group, { name, created, first: undefined, last: undefined, ingested: undefined })
  })
}

export async function deleteStream(room: Room, input: JsonObject): Promise<undefined> {
  const group = groupIn(input)
  const name = required(textOf(input, 'logStreamName'), 'logStreamName')
  await room.store.commit((writer) => {
    needGroup(room, group, writer)
    needStream(writer, group, name)
    removeStream(writer, group, name)
  })
}

export function describeStreams(room: Room, input: JsonObject): JsonObject {
  const group = groupIn(input)
  if (findGroup(room, group) === undefined) throw noGroup()
  const prefix = textOf(input, 'logStreamNamePrefix') ?? ''
  const byTime = textOf(input, 'orderBy') === 'LastEventTime'
  if (byTime && prefix !== '') throw invalid('Cannot order by LastEventTime with a logStreamNamePrefix.')
  const all = streamsOf(room, group)
    .filter(({ name }) => name.startsWith(prefix))
    .sort((left, right) => (byTime ? (left.last ?? 0) - (right.last ?? 0) : 0) || (left.name < right.name ? -1 : 1))
  if (flagOf(input, 'descending')) all.reverse()
  const { page, next } = toPage(all, input, 50)
  return { logStreams: page.map((stream) => toStreamEntry(group, stream)), ...next }
}

const toStreamEntry = (group: string, { name, created, first, last, ingested }: Stream): JsonObject => ({
  logStreamName: name,
  creationTime: created,
  ...(first === undefined ? {} : { firstEventTimestamp: first, lastEventTimestamp: last, lastIngestionTime: ingested }),
  uploadSequenceToken: toToken(name),
  arn: `${groupArn(group)}:log-stream:${name}`,
  storedBytes: 0,
})

/** Whether something is an object with these texts: an event as a client puts it. */
export const isEvent = (given: unknown): given is { readonly timestamp: number; readonly message: string } =>
  isObject(given) && typeof given.timestamp === 'number' && typeof given.message === 'string'
