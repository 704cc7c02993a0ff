// When schedules fire: one alarm for each, set anew when it has rung or the schedule has changed.
import { randomBytes } from 'node:crypto'
import { beforeFirst, flexibleDelay, nextPlanned } from '../../../aws/schedule-plan.ts'
import { postFiring } from './delivery.ts'
import { findSchedule, type Room, type Schedule, scheduleArn, scheduleKey, schedulesOf, toPlan } from './state.ts'

const keyOf = ({ group, name }: Pick<Schedule, 'group' | 'name'>): string => `${group}/${name}`
const MINUTE = 60_000

/** Sets the alarms of all schedules. What fell due while nothing ran is not made up for. */
export function armAll(room: Room): void {
  for (const schedule of schedulesOf(room.store)) armKept(room, schedule)
}

/** Sets the alarm of a schedule that has been there for a while. */
export function armKept(room: Room, schedule: Schedule): void {
  const now = room.clock.now()
  // What has begun its flexible window may still be due in it.
  const after = Math.max(now - schedule.window * MINUTE - 1, beforeFirst(toPlan(schedule)))
  arm(room, schedule, { after, due: now + 1 })
}

/** Sets the alarm of a schedule that was just made or changed. */
export function armAnew(room: Room, schedule: Schedule): void {
  // As of that moment: by now, some time has passed.
  const { modified, since } = schedule
  arm(room, schedule, { after: since === modified ? beforeFirst(toPlan(schedule)) : modified, due: modified })
}

export function disarm(room: Room, schedule: Pick<Schedule, 'group' | 'name'>): void {
  room.timers.get(keyOf(schedule))?.cancel()
  room.timers.delete(keyOf(schedule))
}

function arm(room: Room, schedule: Schedule, { after, due }: { after: number; due: number }): void {
  disarm(room, schedule)
  if (schedule.state !== 'ENABLED') return
  let time = nextPlanned(toPlan(schedule), after)
  while (time !== undefined && time + delayOf(schedule, time) < due) time = nextPlanned(toPlan(schedule), time)
  if (time === undefined) return
  const planned = time
  const alarm = room.clock.at(planned + delayOf(schedule, planned), () => ring(room, schedule, planned))
  room.timers.set(keyOf(schedule), alarm)
}

/** How far into its flexible window a firing is. */
const delayOf = (schedule: Schedule, time: number): number =>
  flexibleDelay(scheduleArn(schedule), time, schedule.window)

async function ring(room: Room, { group, name }: Schedule, time: number): Promise<void> {
  const schedule = findSchedule(room.store, group, name)
  if (schedule === undefined) return
  const isLast = nextPlanned(toPlan(schedule), time) === undefined
  // A machine that slept does not make up for what it missed: it is at most a minute late, as AWS may be.
  const due = room.clock.now() - MINUTE
  if (!isLast) arm(room, schedule, { after: Math.max(time, due - schedule.window * MINUTE), due })
  await room.store.commit((writer) => {
    const execution = randomBytes(8).toString('hex')
    postFiring(room, writer, { arn: scheduleArn(schedule), target: schedule.target, time, execution })
    if (isLast && schedule.after === 'DELETE') writer.remove(scheduleKey(group, name))
  })
}
