// The app's own buses and rules, made without a client.

import { under } from '../../store.ts'
import { forget, readPattern } from './matching.ts'
import { dropRule, keepRule } from './rules.ts'
import { type Bus, busKey, findBus, findRule, type Room, type Rule, ruleArn, type Target } from './state.ts'

/** A rule of the app's own. */
export interface WantedRule {
  readonly bus: string
  readonly name: string
  /** As JSON has it. */
  readonly pattern: object
  readonly targets: readonly Target[]
}

/** Makes the bus, unless it is there. */
export function ensureBus(room: Room, name: string): Promise<void> {
  return room.store.commit((writer) => {
    if (findBus(writer, name) !== undefined) return
    const now = room.clock.now()
    writer.put(busKey(name), { name, created: now, modified: now, statements: [], tags: {}, given: {} } satisfies Bus)
    forget(room, writer, name)
  })
}

/** Makes the rule, or gives the one that is there this pattern and these targets. Resolves with its ARN. */
export async function ensureRule(room: Room, { bus, name, pattern, targets }: WantedRule): Promise<string> {
  const text = JSON.stringify(pattern)
  readPattern(text)
  await room.store.commit((writer) => {
    const there = findRule(writer, bus, name)
    const since = there?.since ?? room.clock.now()
    const rule: Rule = {
      bus,
      name,
      pattern: text,
      state: 'ENABLED',
      tags: there?.tags ?? {},
      targets,
      since,
      own: true,
    }
    keepRule(room, writer, rule)
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
