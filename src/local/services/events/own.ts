// The app's own buses and rules, made without a client.
import { isDeepStrictEqual } from 'node:util'
import { under } from '../../store.ts'
import { forget, readPattern } from './matching.ts'
import { dropRule, keepRule } from './rules.ts'
import { type Bus, busKey, findBus, findRule, type Room, type Rule, ruleArn, type Target } from './state.ts'

/** A rule of the app's own. */
export interface WantedRule {
  readonly bus: string
  readonly name: string
  readonly when: When
  readonly targets: readonly Target[]
}

/** What a rule waits for. */
export type When =
  /** Events; the pattern is as JSON has it. */
  | { readonly pattern: object }
  /** Moments; `since`, in milliseconds since 1970, is where a rate counts from. */
  | { readonly schedule: string; readonly since: number }

/** Makes the bus, unless it is there. */
export function ensureBus(room: Room, name: string): Promise<void> {
  return room.store.commit((writer) => {
    if (findBus(writer, name) !== undefined) return
    const now = room.clock.now()
    writer.put(busKey(name), { name, created: now, modified: now, statements: [], tags: {}, given: {} } satisfies Bus)
    forget(room, writer, name)
  })
}

/** Makes the rule, or gives the one that is there these settings. Resolves with its ARN. */
export async function ensureRule(room: Room, { bus, name, when, targets }: WantedRule): Promise<string> {
  const kept = 'pattern' in when ? { pattern: JSON.stringify(when.pattern) } : { schedule: when.schedule }
  if (kept.pattern !== undefined) readPattern(kept.pattern)
  await room.store.commit((writer) => {
    const there = findRule(writer, bus, name)
    const since = 'since' in when ? when.since : (there?.since ?? room.clock.now())
    // As after a deployment that does not change it: what somebody has disabled stays so.
    const state = there?.own === true ? there.state : 'ENABLED'
    const rule: Rule = { bus, name, ...kept, state, tags: there?.tags ?? {}, targets, since, own: true }
    if (!isDeepStrictEqual(rule, there)) keepRule(room, writer, rule)
  })
  return ruleArn({ bus, name })
}

/** Removes what `ensureRule` ever made and is not among these ARNs. */
export async function keepRules(room: Room, arns: ReadonlySet<string>): Promise<void> {
  await room.store.commit((writer) => {
    for (const { value: rule } of [...writer.range<Rule>(under('events', 'rule'))])
      if (rule.own && !arns.has(ruleArn(rule))) dropRule(room, writer, rule)
  })
}
