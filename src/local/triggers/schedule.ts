// A schedule: wakes its function at each moment its expression names. Firings missed while nothing ran are not made up for, as on AWS.
import { randomUUID } from 'node:crypto'
import { toScheduleEvent, toSchedulerEvent } from '../../aws/events/schedule.ts'
import { nextFire } from '../../aws/schedule.ts'
import { beforeFirst, flexibleDelay, nextPlanned } from '../../aws/schedule-plan.ts'
import type { ScheduleTriggerModel } from '../../model/index.ts'
import type { Alarm } from '../clock.ts'
import type { Hub } from '../hub.ts'
import { ACCOUNT, REGION } from '../service.ts'

/** When a schedule fires, and what its function then gets. */
interface Timing {
  /** The first moment after `after` for which it is planned. */
  next(after: number): number | undefined
  /** How long after that it fires. */
  delay(time: number): number
  event(time: number): object
}

const MINUTE = 60_000

/** Starts the schedule. Returns how to stop it. */
export function startScheduleTrigger(trigger: ScheduleTriggerModel, hub: Hub): () => void {
  const { expression, function: name, input } = trigger
  const now = hub.clock.now()
  const since = hub.anchor(name, expression)
  const timing = trigger.service === 'rule' ? ofRule(trigger, since, hub) : ofScheduler(trigger, since, hub)
  let alarm: Alarm | undefined
  const arm = (after: number, due: number): void => {
    let time = timing.next(after)
    while (time !== undefined && time + timing.delay(time) < due) time = timing.next(time)
    if (time === undefined) return
    const planned = time
    alarm = hub.clock.at(planned + timing.delay(planned), () => {
      // A machine that slept does not make up for what it missed: it is at most a minute late, as AWS may be.
      const due = hub.clock.now() - MINUTE
      arm(Math.max(planned, due - trigger.window * MINUTE), due)
      return hub.start(name, JSON.stringify(input ?? timing.event(planned)), expression)
    })
  }
  const first = trigger.service === 'rule' ? since : beforeFirst({ expression, created: since })
  // What is new may fire at this very moment; of what is not, only what lies in a flexible window that has begun.
  if (since >= now) arm(first, now)
  else arm(Math.max(now - trigger.window * MINUTE - 1, first), now + 1)
  return () => alarm?.cancel()
}

function ofRule({ expression, function: name }: ScheduleTriggerModel, since: number, hub: Hub): Timing {
  const rule = physicalName(name, hub)
  return {
    next: (after) => nextFire(expression, after, since),
    delay: () => 0,
    event: (time) => toScheduleEvent({ id: randomUUID(), account: ACCOUNT, region: REGION, time, rule }),
  }
}

function ofScheduler(trigger: ScheduleTriggerModel, since: number, hub: Hub): Timing {
  const { expression, timezone, start, end, window } = trigger
  const bounds = { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) }
  const plan = { expression, timezone, created: since, ...bounds }
  const schedule = `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/${physicalName(trigger.function, hub)}`
  return {
    next: (after) => nextPlanned(plan, after),
    delay: (time) => flexibleDelay(schedule, time, window),
    event: (time) => toSchedulerEvent({ id: randomUUID(), account: ACCOUNT, region: REGION, time, schedule }),
  }
}

const physicalName = (name: string, hub: Hub): string =>
  hub.model.functions.find((found) => found.name === name)?.physicalName ?? name
