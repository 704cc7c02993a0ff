// What functions did: each action on each resource, once. Kept over restarts, for `goblet policy` to compare with what is granted.
import type { Clock } from '../clock.ts'
import { type Store, under } from '../store.ts'
import { tellFault } from '../tell.ts'

/** Something that a function did, or tried to. */
export interface Exercised {
  readonly function: string
  readonly action: string
  readonly resource: string
  /** Whether its permissions allow it. */
  readonly allowed: boolean
}

export interface Recording {
  /** `wider` stands for the resource where a function has used too many of them to tell each. */
  record(one: Exercised, wider: () => string): void
  all(): readonly Exercised[]
  /** Writes what waits to be written. */
  flush(): Promise<void>
}

// Resources of one action by one function that are told one by one.
const MOST = 100
const FLUSH_AFTER = 200
const KEY = ['iam', 'exercised']

type Known = Map<string, Exercised>

/** What the store holds of them. */
export function readRecording(store: Pick<Store, 'range'>): readonly Exercised[] {
  return [...store.range<readonly Exercised[]>(under(...KEY))].flatMap(({ value }) => value)
}

export function openRecording(store: Store, clock: Clock): Recording {
  const byFunction = new Map<string, Known>()
  for (const one of readRecording(store)) knownOf(one.function).set(keyOf(one), one)
  const counts = new Map<string, number>()
  const changed = new Set<string>()
  let flushing: { cancel(): void } | undefined

  function knownOf(name: string): Known {
    const known = byFunction.get(name) ?? new Map<string, Exercised>()
    byFunction.set(name, known)
    return known
  }

  const flush = async (): Promise<void> => {
    flushing?.cancel()
    flushing = undefined
    const names = [...changed]
    changed.clear()
    if (names.length === 0) return
    const written = store.commit((writer) => {
      for (const name of names) writer.put([...KEY, name], [...knownOf(name).values()])
    })
    // What only shows what happened must not end what happens.
    await written.catch(tellFault)
  }

  const record: Recording['record'] = (one, wider) => {
    const known = knownOf(one.function)
    const there = known.get(keyOf(one))
    if (there?.allowed === one.allowed) return
    const counted = `${one.function}\n${one.action}`
    const count = counts.get(counted) ?? 0
    const kept = there === undefined && count >= MOST ? { ...one, resource: wider() } : one
    if (known.get(keyOf(kept))?.allowed === kept.allowed) return
    counts.set(counted, count + 1)
    known.set(keyOf(kept), kept)
    changed.add(one.function)
    flushing ??= clock.after(FLUSH_AFTER, () => flush())
  }

  return { record, flush, all: () => [...byFunction.values()].flatMap((known) => [...known.values()]) }
}

const keyOf = ({ action, resource }: Exercised): string => `${action}\n${resource}`
