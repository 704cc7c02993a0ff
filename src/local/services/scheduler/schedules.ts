// Makes, shows, changes and removes schedules.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { type Asked, checkName, textOf, toPage } from './input.ts'
import { conflict } from './problems.ts'
import { readGiven } from './read.ts'
import {
  DEFAULT,
  findSchedule,
  groupOf,
  type Room,
  type Schedule,
  scheduleArn,
  scheduleKey,
  scheduleOf,
  schedulesOf,
  toSeconds,
} from './state.ts'
import { armAnew, disarm } from './timers.ts'

export async function createSchedule(room: Room, { name, body }: Asked): Promise<JsonObject> {
  checkName(name)
  const group = checkName(textOf(body, 'GroupName') ?? DEFAULT, 'groupName')
  const token = textOf(body, 'ClientToken')
  const given = readGiven(body)
  return room.store.commit((writer) => {
    groupOf(writer, group)
    const there = findSchedule(writer, group, name)
    const isRepeated = there !== undefined && token !== undefined && there.token === token
    if (there !== undefined && !isRepeated) throw conflict(`Schedule ${name} already exists.`)
    if (there === undefined) {
      const now = room.clock.now()
      const made: Schedule = { ...given, group, name, token, created: now, modified: now, since: now }
      writer.put(scheduleKey(group, name), made)
      writer.after(() => armAnew(room, made))
    }
    return { ScheduleArn: scheduleArn({ group, name }) }
  })
}

export async function updateSchedule(room: Room, { name, body }: Asked): Promise<JsonObject> {
  const group = textOf(body, 'GroupName') ?? DEFAULT
  const given = readGiven(body)
  return room.store.commit((writer) => {
    const there = scheduleOf(writer, group, name)
    const now = room.clock.now()
    const isSame = there.expression === given.expression && there.start === given.start && there.state === given.state
    const changed: Schedule = { ...there, ...given, modified: now, since: isSame ? there.since : now }
    writer.put(scheduleKey(group, name), changed)
    writer.after(() => armAnew(room, changed))
    return { ScheduleArn: scheduleArn({ group, name }) }
  })
}

export async function getSchedule({ store }: Room, { name, query }: Asked): Promise<JsonObject> {
  const schedule = scheduleOf(store, query.get('groupName') ?? DEFAULT, name)
  const { target, window } = schedule
  return {
    ...toListed(schedule),
    Target: target,
    ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: schedule.timezone,
    Description: schedule.description,
    StartDate: schedule.start,
    EndDate: schedule.end,
    FlexibleTimeWindow: window === 0 ? { Mode: 'OFF' } : { Mode: 'FLEXIBLE', MaximumWindowInMinutes: window },
    ActionAfterCompletion: schedule.after,
    KmsKeyArn: schedule.kmsKey,
  }
}

export async function deleteSchedule(room: Room, { name, query }: Asked): Promise<JsonObject> {
  const group = query.get('groupName') ?? DEFAULT
  await room.store.commit((writer) => {
    const schedule = scheduleOf(writer, group, name)
    writer.remove(scheduleKey(group, name))
    writer.after(() => disarm(room, schedule))
  })
  return {}
}

export async function listSchedules({ store }: Room, { query }: Asked): Promise<JsonObject> {
  const group = query.get('ScheduleGroup')
  const prefix = query.get('NamePrefix') ?? ''
  const state = query.get('State')
  if (group !== null) groupOf(store, group)
  const found = schedulesOf(store, ...(group === null ? ([] as const) : ([group] as const))).filter(
    (schedule) => schedule.name.startsWith(prefix) && (state === null || schedule.state === state),
  )
  const { page, next } = toPage(found, (one) => `${one.group}/${one.name}`, query)
  return { ...next, Schedules: page.map((one) => ({ ...toListed(one), Target: { Arn: one.target.Arn } })) }
}

const toListed = (schedule: Schedule): JsonObject => ({
  Arn: scheduleArn(schedule),
  Name: schedule.name,
  GroupName: schedule.group,
  State: schedule.state,
  CreationDate: toSeconds(schedule.created),
  LastModificationDate: toSeconds(schedule.modified),
})
