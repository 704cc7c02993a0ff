// A schedule: wakes its function at each moment its expression names. Firings missed while nothing ran are not made up for, as on AWS.
import { randomUUID } from 'node:crypto'
import { toScheduleEvent } from '../../aws/events/schedule.ts'
import { nextFire } from '../../aws/schedule.ts'
import type { ScheduleTriggerModel } from '../../model/index.ts'
import type { Alarm } from '../clock.ts'
import type { Hub } from '../hub.ts'
import { ACCOUNT, REGION } from '../service.ts'

/** Starts the schedule. Returns how to stop it. */
export function startScheduleTrigger({ expression, function: name }: ScheduleTriggerModel, hub: Hub): () => void {
  const start = hub.clock.now()
  let alarm: Alarm | undefined
  const arm = (after: number): void => {
    const time = nextFire(expression, after, start)
    if (time === undefined) return
    alarm = hub.clock.at(time, () => {
      arm(time)
      const event = toScheduleEvent({
        id: randomUUID(),
        account: ACCOUNT,
        region: REGION,
        time,
        rule: ruleName(name, hub),
      })
      const parent = hub.hop(name, expression)
      return hub.invoke(name, JSON.stringify(event), { parent }).then(() => {})
    })
  }
  arm(start)
  return () => alarm?.cancel()
}

const ruleName = (name: string, hub: Hub): string =>
  hub.model.functions.find((found) => found.name === name)?.physicalName ?? name
