// A bus of the app, made in EventBridge, and the rules that wake functions.
import type { BusModel, BusTriggerModel } from '../../model/index.ts'
import { functionArn } from '../environment.ts'
import type { Hub, WantedRule } from '../hub.ts'
import { toScheduleRule } from '../triggers/schedule.ts'

export const makeBus = ({ physicalName }: BusModel, { buses }: Hub): Promise<void> => buses.ensureBus(physicalName)

/** Makes a rule for each function that a bus or a schedule of EventBridge wakes, and removes those of functions that are no more. */
export async function makeRules(hub: Hub): Promise<void> {
  const { model, buses } = hub
  const wanted = model.triggers
    .map((trigger) => {
      if (trigger.kind === 'bus') return toRule(trigger, hub)
      return trigger.kind === 'schedule' ? toScheduleRule(trigger, hub) : undefined
    })
    .filter((one) => one !== undefined)
  await buses.keepRules(new Set(await Promise.all(wanted.map((one) => buses.ensureRule(one)))))
}

function toRule({ function: name, bus, pattern }: BusTriggerModel, { model }: Hub): WantedRule | undefined {
  const woken = model.functions.find((one) => one.name === name)
  const from = model.resources.find((one) => one.kind === 'bus' && one.name === bus)
  if (woken === undefined || from === undefined) return undefined
  const targets = [{ Id: 'function', Arn: functionArn(woken) }]
  return { bus: from.physicalName, name: woken.physicalName, when: { pattern }, targets }
}
