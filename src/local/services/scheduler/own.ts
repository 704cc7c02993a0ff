// The app's own schedules, made without a client.
import { isDeepStrictEqual } from 'node:util'
import { readTarget } from './read.ts'
import { DEFAULT, findSchedule, type Room, type Schedule, scheduleKey, schedulesOf, toSeconds } from './state.ts'
import { armAnew, armKept, disarm } from './timers.ts'

/** A schedule of the app's own, in the default group. Times are milliseconds since 1970. */
export interface WantedSchedule {
  readonly name: string
  readonly expression: string
  readonly timezone: string
  readonly start: number | undefined
  readonly end: number | undefined
  /** Minutes. */
  readonly window: number
  readonly target: { readonly Arn: string; readonly RoleArn: string; readonly Input?: string }
  /** Where a rate counts from. */
  readonly since: number
  /** It is seen for the first time: it may fire at this very moment. */
  readonly isNew: boolean
}

/** Makes the schedule, or gives the one that is there these settings. */
export async function ensureSchedule(room: Room, wanted: WantedSchedule): Promise<void> {
  const { name, expression, timezone, start, end, window, since, isNew } = wanted
  const target = readTarget(wanted.target)
  await room.store.commit((writer) => {
    const there = findSchedule(writer, DEFAULT, name)
    const schedule: Schedule = {
      name,
      group: DEFAULT,
      expression,
      timezone,
      description: undefined,
      start: start === undefined ? undefined : toSeconds(start),
      end: end === undefined ? undefined : toSeconds(end),
      window,
      // As after a deployment that does not change it: what somebody has disabled stays so.
      state: there?.own === true ? there.state : 'ENABLED',
      after: 'NONE',
      target,
      kmsKey: undefined,
      token: undefined,
      created: there?.created ?? since,
      modified: there?.modified ?? since,
      since,
      own: true,
    }
    if (isDeepStrictEqual(schedule, there)) return
    const changed: Schedule = { ...schedule, modified: isNew ? since : room.clock.now() }
    writer.put(scheduleKey(DEFAULT, name), changed)
    writer.after(() => (isNew ? armAnew : armKept)(room, changed))
  })
}

/** Removes what `ensureSchedule` ever made and has none of these names. */
export async function keepSchedules(room: Room, names: ReadonlySet<string>): Promise<void> {
  await room.store.commit((writer) => {
    for (const schedule of schedulesOf(writer, DEFAULT)) {
      if (schedule.own !== true || names.has(schedule.name)) continue
      writer.remove(scheduleKey(DEFAULT, schedule.name))
      writer.after(() => disarm(room, schedule))
    }
  })
}
