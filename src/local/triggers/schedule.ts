// A schedule that wakes a function: a rule of EventBridge, or, where a rule cannot do it, a schedule of EventBridge Scheduler.
import type { FunctionModel, ScheduleTriggerModel } from '../../model/index.ts'
import { functionArn } from '../environment.ts'
import type { Hub, WantedRule, WantedSchedule } from '../hub.ts'
import { schedulerRoleArn } from '../mirror/names.ts'

/** Its rule; undefined: it is one of Scheduler. */
export function toScheduleRule(trigger: ScheduleTriggerModel, hub: Hub): WantedRule | undefined {
  const woken = wokenBy(trigger, hub)
  if (trigger.service !== 'rule' || woken === undefined) return undefined
  const { expression: schedule } = trigger
  const since = hub.anchor(trigger.function, schedule)
  const targets = [{ Id: 'function', Arn: functionArn(woken) }]
  return { bus: 'default', name: woken.physicalName, when: { schedule, since }, targets }
}

/** Makes the app's schedules of Scheduler, and removes those that it has no more. */
export async function makeSchedules(hub: Hub): Promise<void> {
  const wanted = hub.model.triggers
    .map((trigger) => (trigger.kind === 'schedule' ? toSchedule(trigger, hub) : undefined))
    .filter((one) => one !== undefined)
  await hub.schedules.keepSchedules(new Set(wanted.map(({ name }) => name)))
  await Promise.all(wanted.map((one) => hub.schedules.ensureSchedule(one)))
}

function toSchedule(trigger: ScheduleTriggerModel, hub: Hub): WantedSchedule | undefined {
  const woken = wokenBy(trigger, hub)
  if (trigger.service !== 'scheduler' || woken === undefined) return undefined
  const { expression, timezone, start, end, window, input } = trigger
  const now = hub.clock.now()
  const since = hub.anchor(trigger.function, expression)
  const target = {
    Arn: functionArn(woken),
    RoleArn: schedulerRoleArn(hub.model),
    ...(input === undefined ? {} : { Input: JSON.stringify(input) }),
  }
  const name = woken.physicalName
  return { name, expression, timezone, start, end, window, target, since, isNew: since >= now }
}

const wokenBy = (trigger: ScheduleTriggerModel, { model }: Hub): FunctionModel | undefined =>
  model.functions.find(({ name }) => name === trigger.function)
