// Event buses, and the functions that get what they carry.
import type { Complaint } from '../../errors.ts'
import type { DescribedFunction, DescribedResource } from '../describe.ts'
import { checkPatterns, isPattern, policy } from '../filters.ts'
import { FUNCTION_RULES, ownFunction } from '../functions.ts'
import type { BusTriggerModel } from '../model.ts'
import type { Target } from '../names.ts'
import { isObject, type Rule, type Rules, show, validator } from '../options.ts'
import { checkPlaced, PLACEMENT_RULES, placed } from '../placement.ts'
import { called, type Reading } from '../reading.ts'
import type { BusModel } from '../resources.ts'

const schemas: Rule = (value) => {
  const mend = 'It is an object of Standard Schemas, by the type of event: { OrderPlaced: z.object({ … }) }.'
  if (!isObject(value) || value.$ !== undefined) return { problem: `is ${show(value)}`, mend }
  const [type, wrong] = Object.entries(value).find(([, one]) => validator(one) !== undefined) ?? []
  return type === undefined ? undefined : { problem: `has ${show(wrong ?? null)} for ${type}`, mend }
}

const BUS_RULES = { ...PLACEMENT_RULES, schemas } satisfies Rules
// The factory puts the pattern here.
const TRIGGER_RULES = { ...FUNCTION_RULES, pattern: policy } satisfies Rules

export const bus = {
  rules: () => TRIGGER_RULES,
  owner: ownFunction,
  read: (
    described: DescribedFunction,
    name: string,
    { grammar }: Reading,
  ): { triggers: BusTriggerModel[]; complaints: Complaint[] } => {
    const { options, where, source } = described
    const given = options.pattern ?? null
    const pattern = isPattern(given) ? given : {}
    return {
      triggers: [{ kind: 'bus', function: name, bus: source?.name ?? '', pattern, where }],
      complaints: isPattern(given)
        ? checkPatterns([pattern], 'event', grammar, { what: called(described), where })
        : [],
    }
  },
}

export const busResource = {
  rules: (): Rules => BUS_RULES,
  read: (described: DescribedResource, target: Target): { made: BusModel; complaints: Complaint[] } => {
    const { name, where } = described
    // The account's own bus is there from the beginning, everywhere.
    const isDefault = name === 'default'
    const place = isDefault ? { physicalName: name, existing: true } : placed('bus', described, target)
    const made: BusModel = { kind: 'bus', export: described.export, name, ...place, where }
    return { made, complaints: isDefault ? [] : checkPlaced('bus', described, target) }
  },
}
