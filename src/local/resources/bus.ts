// A bus of the app, made in EventBridge, and the rules that wake functions.
import type { BusModel } from '../../model/index.ts'
import { functionArn } from '../environment.ts'
import type { Hub } from '../hub.ts'

export const makeBus = ({ physicalName }: BusModel, { buses }: Hub): Promise<void> => buses.ensureBus(physicalName)

/** Makes a rule for each function that a bus wakes, and removes those of functions that are no more. */
export async function makeRules({ model, buses }: Hub): Promise<void> {
  const kept = new Set<string>()
  for (const trigger of model.triggers) {
    if (trigger.kind !== 'bus') continue
    const woken = model.functions.find(({ name }) => name === trigger.function)
    const from = model.resources.find(({ kind, name }) => kind === 'bus' && name === trigger.bus)
    if (woken === undefined || from === undefined) continue
    const targets = [{ Id: 'function', Arn: functionArn(woken) }]
    const { pattern } = trigger
    kept.add(await buses.ensureRule({ bus: from.physicalName, name: woken.physicalName, pattern, targets }))
  }
  await buses.keepRules(kept)
}
