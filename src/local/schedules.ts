// Since when each schedule is there: a rate counts from that moment, so saves and restarts must not begin it anew.
import type { Clock } from './clock.ts'
import type { Store } from './store.ts'

export interface Schedules {
  /** Remembers these, each by its rule's name. One whose expression has changed begins now, as a rule put anew does on AWS. */
  keep(all: readonly { readonly rule: string; readonly expression: string }[]): Promise<void>
  /** In milliseconds since 1970. */
  began(rule: string): number
}

interface Kept {
  readonly expression: string
  readonly began: number
}

const keyOf = (rule: string): string[] => ['goblet', 'schedules', rule]

export const openSchedules = (store: Store, clock: Clock): Schedules => ({
  keep: async (all) => {
    const now = clock.now()
    // A state may be older than what it holds says, where a test sets the clock.
    const isKept = (kept: Kept | undefined, expression: string): boolean =>
      kept !== undefined && kept.expression === expression && kept.began <= now
    const fresh = all.filter(({ rule, expression }) => !isKept(store.get<Kept>(keyOf(rule)), expression))
    if (fresh.length === 0) return
    await store.commit((writer) => {
      for (const { rule, expression } of fresh) writer.put(keyOf(rule), { expression, began: now })
    })
  },
  began: (rule) => store.get<Kept>(keyOf(rule))?.began ?? clock.now(),
})
