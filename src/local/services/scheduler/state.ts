// What EventBridge Scheduler keeps: groups, schedules, and the keys they are under.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import type { Plan } from '../../../aws/schedule-plan.ts'
import type { Alarm, Clock } from '../../clock.ts'
import { ACCOUNT, type Mail, REGION } from '../../service.ts'
import { type Key, type Reader, type Store, under } from '../../store.ts'
import { noGroup, noSchedule } from './problems.ts'

export type Tags = Readonly<Record<string, string>>

export interface Group {
  readonly name: string
  /** Milliseconds since 1970. */
  readonly created: number
  readonly modified: number
  readonly tags: Tags
}

/** What a client says of a schedule, with AWS's defaults filled in. */
export interface Given {
  readonly expression: string
  readonly timezone: string
  readonly description: string | undefined
  /** Seconds since 1970. */
  readonly start: number | undefined
  readonly end: number | undefined
  /** Minutes; 0: no flexible window. */
  readonly window: number
  readonly state: string
  readonly after: string
  readonly target: Target
  readonly kmsKey: string | undefined
}

export interface Target extends JsonObject {
  readonly Arn: string
  readonly RoleArn: string
  readonly RetryPolicy: { readonly MaximumEventAgeInSeconds: number; readonly MaximumRetryAttempts: number }
}

export interface Schedule extends Given {
  readonly group: string
  readonly name: string
  /** Milliseconds since 1970. */
  readonly created: number
  readonly modified: number
  /** When its expression was given: nothing before it counts. */
  readonly since: number
  /** What makes a repeated request to create it no second one. */
  readonly token: string | undefined
  /** Made for the app's own triggers, and removed when the app has it no more. */
  readonly own?: true
}

/** What the operations of Scheduler stand on. */
export interface Room {
  readonly store: Store
  readonly clock: Clock
  readonly mail: Mail
  /** By group and name. */
  readonly timers: Map<string, Alarm>
}

export const DEFAULT = 'default'
const PREFIX = `arn:aws:scheduler:${REGION}:${ACCOUNT}:`

export const groupArn = (name: string): string => `${PREFIX}schedule-group/${name}`
export const scheduleArn = ({ group, name }: Pick<Schedule, 'group' | 'name'>): string =>
  `${PREFIX}schedule/${group}/${name}`

export const groupKey = (name: string): Key => ['scheduler', 'group', name]
export const scheduleKey = (group: string, name: string): Key => ['scheduler', 'schedule', group, name]

/** The default group is always there. */
export function groupOf(reader: Reader, name: string): Group {
  const found = reader.get<Group>(groupKey(name.slice(0, 300)))
  if (found !== undefined) return found
  if (name === DEFAULT) return { name, created: 0, modified: 0, tags: {} }
  throw noGroup(name)
}

export const findSchedule = (reader: Reader, group: string, name: string): Schedule | undefined =>
  reader.get<Schedule>(scheduleKey(group.slice(0, 300), name.slice(0, 300)))

export function scheduleOf(reader: Reader, group: string, name: string): Schedule {
  const found = findSchedule(reader, group, name)
  if (found === undefined) throw noSchedule(name)
  return found
}

export function schedulesOf(reader: Reader, ...group: [] | [string]): Schedule[] {
  return [...reader.range<Schedule>(under('scheduler', 'schedule', ...group))].map(({ value }) => value)
}

export function toPlan({ expression, timezone, start, end, since }: Schedule): Plan {
  return {
    expression,
    timezone,
    created: since,
    ...(start === undefined ? {} : { start: start * 1000 }),
    ...(end === undefined ? {} : { end: end * 1000 }),
  }
}

/** Seconds since 1970, as the wire has times. */
export const toSeconds = (milliseconds: number): number => milliseconds / 1000
