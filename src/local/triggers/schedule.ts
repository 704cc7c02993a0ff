// A schedule: wakes its function at each moment its expression names. Firings missed while nothing ran are not made up for, as on AWS.
import { randomUUID } from 'node:crypto'
import { toScheduleEvent } from '../../aws/events/schedule.ts'
import { nextFire } from '../../aws/schedule.ts'
import type { Model, ScheduleTriggerModel } from '../../model/index.ts'
import type { Alarm } from '../clock.ts'
import type { Hub } from '../hub.ts'
import { ACCOUNT, REGION } from '../service.ts'

/** Starts the schedule. Returns how to stop it. */
export function startScheduleTrigger({ expression, function: name }: ScheduleTriggerModel, hub: Hub): () => void {
  const rule = ruleName(name, hub.model)
  const began = hub.schedules.began(rule)
  let alarm: Alarm | undefined
  const arm = (after: number): void => {
    const time = nextFire(expression, after, began)
    if (time === undefined) return
    alarm = hub.clock.at(time, () => {
      arm(time)
      const event = toScheduleEvent({
        id: randomUUID(),
        account: ACCOUNT,
        region: REGION,
        time,
        rule,
      })
      const parent = hub.hop(name, expression)
      return hub.invoke(name, JSON.stringify(event), { parent }).then(() => {})
    })
  }
  arm(hub.clock.now())
  return () => alarm?.cancel()
}

/** The name of a schedule's rule: its function's on AWS. */
export const ruleName = (name: string, { functions }: Model): string =>
  functions.find((found) => found.name === name)?.physicalName ?? name
