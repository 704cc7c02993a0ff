// Groups of schedules, and their tags: schedules themselves have none.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { isObject } from '../../../aws/protocol/json.ts'
import { under } from '../../store.ts'
import { type Asked, checkName, textOf, toPage } from './input.ts'
import { conflict, invalid, noGroup } from './problems.ts'
import {
  DEFAULT,
  type Group,
  groupArn,
  groupKey,
  groupOf,
  type Room,
  scheduleKey,
  schedulesOf,
  type Tags,
  toSeconds,
} from './state.ts'
import { disarm } from './timers.ts'

const MOST_TAGS = 200

function readTags(body: JsonObject): Tags {
  const given: unknown = body.Tags ?? []
  if (!Array.isArray(given)) throw invalid('Tags is not a list.')
  return Object.fromEntries(given.filter(isObject).map((tag) => [textOf(tag, 'Key') ?? '', textOf(tag, 'Value') ?? '']))
}

export async function createScheduleGroup(room: Room, { name, body }: Asked): Promise<JsonObject> {
  checkName(name)
  const tags = readTags(body)
  await room.store.commit((writer) => {
    if (name === DEFAULT || writer.get(groupKey(name)) !== undefined)
      throw conflict(`Schedule group ${name} already exists.`)
    const now = room.clock.now()
    writer.put(groupKey(name), { name, created: now, modified: now, tags } satisfies Group)
  })
  return { ScheduleGroupArn: groupArn(name) }
}

export async function getScheduleGroup({ store }: Room, { name }: Asked): Promise<JsonObject> {
  return toListed(groupOf(store, name))
}

/** Its schedules go with it. */
export async function deleteScheduleGroup(room: Room, { name }: Asked): Promise<JsonObject> {
  if (name === DEFAULT) throw invalid('The default schedule group cannot be deleted.')
  await room.store.commit((writer) => {
    groupOf(writer, name)
    for (const schedule of schedulesOf(writer, name)) {
      writer.remove(scheduleKey(name, schedule.name))
      writer.after(() => disarm(room, schedule))
    }
    writer.remove(groupKey(name))
  })
  return {}
}

export async function listScheduleGroups({ store }: Room, { query }: Asked): Promise<JsonObject> {
  const prefix = query.get('NamePrefix') ?? ''
  const kept = [...store.range<Group>(under('scheduler', 'group'))].map(({ value }) => value)
  const all = kept.some(({ name }) => name === DEFAULT) ? kept : [...kept, groupOf(store, DEFAULT)]
  const found = all
    .filter(({ name }) => name.startsWith(prefix))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
  const { page, next } = toPage(found, ({ name }) => name, query)
  return { ...next, ScheduleGroups: page.map(toListed) }
}

const toListed = ({ name, created, modified }: Group): JsonObject => ({
  Arn: groupArn(name),
  Name: name,
  State: 'ACTIVE',
  CreationDate: toSeconds(created),
  LastModificationDate: toSeconds(modified),
})

function nameIn(arn: string): string {
  const name = arn.split(':schedule-group/')[1]
  if (name === undefined) throw invalid(`${arn} is not the ARN of a schedule group.`)
  if (groupArn(name) !== arn) throw noGroup(name)
  return name
}

async function change(room: Room, arn: string, changed: (tags: Tags) => Tags): Promise<JsonObject> {
  const name = nameIn(arn)
  await room.store.commit((writer) => {
    const group = groupOf(writer, name)
    const tags = changed(group.tags)
    if (Object.keys(tags).length > MOST_TAGS) throw invalid(`A resource can have at most ${MOST_TAGS} tags.`)
    writer.put(groupKey(name), { ...group, tags } satisfies Group)
  })
  return {}
}

export function tagResource(room: Room, { name, body }: Asked): Promise<JsonObject> {
  const given = readTags(body)
  return change(room, name, (tags) => ({ ...tags, ...given }))
}

export function untagResource(room: Room, { name, query }: Asked): Promise<JsonObject> {
  const keys = new Set(query.getAll('TagKeys'))
  return change(room, name, (tags) => Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.has(key))))
}

export async function listTags({ store }: Room, { name }: Asked): Promise<JsonObject> {
  const { tags } = groupOf(store, nameIn(name))
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }
}
