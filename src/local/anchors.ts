// From when the rates of the app's schedules count: kept, so that neither a save nor a restart begins them anew.
import type { Clock } from './clock.ts'
import type { Key, Store } from './store.ts'
import { tellFault } from './tell.ts'

interface Anchor {
  readonly expression: string
  /** Milliseconds since 1970. */
  readonly since: number
}

const anchorKey = (name: string): Key => ['anchor', name]

/** When the function's schedule was first seen with this expression, in milliseconds since 1970: now, if that is new. */
export function anchorOf({ store, clock }: { store: Store; clock: Clock }, name: string, expression: string): number {
  const kept = store.get<Anchor>(anchorKey(name))
  // A state may be of a later time than the clock, where a test sets that.
  if (kept?.expression === expression && kept.since <= clock.now()) return kept.since
  const made: Anchor = { expression, since: clock.now() }
  const written = store.commit((writer) => writer.put(anchorKey(name), made))
  clock.hold(written)
  written.catch(tellFault)
  return made.since
}
