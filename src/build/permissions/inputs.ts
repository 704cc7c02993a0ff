// From what the engine knows of an operation's input to what the data of permissions reads.
import { UNKNOWN, type Value } from '../../aws/access.ts'
import type { Atom, Unknown, Values } from './atoms.ts'
import { Thing } from './heap.ts'
import { isAbsent } from './values.ts'

/** What is known of a part of the event, by its path. */
export type EventValue = (path: string) => Value | undefined

const DEEPEST = 6
const MOST_ITEMS = 40

/** The abstract values as one value. */
export function toInput(values: Values, event: EventValue, depth = 0, name = ''): Value {
  const all = [...values.values()]
  // What may be missing is there where it matters: without it AWS would refuse the call.
  // But for what a call may go without, and then is another one.
  const drops = !OPTIONAL.has(name) && all.some((atom) => !isAbsent(atom))
  const present = drops ? all.filter((atom) => !isAbsent(atom)) : all
  const found: Value[] = []
  for (const atom of present) {
    const value = toOne(atom, event, depth)
    for (const one of value.kind === 'any' ? value.values : [value]) found.push(one)
  }
  const [only] = found
  if (only === undefined) return UNKNOWN
  return found.length === 1 ? only : { kind: 'any', values: found }
}

const OPTIONAL = new Set(['IndexName'])

function toOne(atom: Atom, event: EventValue, depth: number): Value {
  switch (atom.kind) {
    case 'known':
      return { kind: 'known', value: atom.value }
    case 'text':
      return { kind: 'text', parts: atom.parts }
    case 'unknown':
      return toUnknown(atom, event)
    case 'object':
      return depth > DEEPEST ? UNKNOWN : toStructure(atom, event, depth)
    default:
      return UNKNOWN
  }
}

function toUnknown(atom: Unknown, event: EventValue): Value {
  return (atom.origin === 'event' ? event(atom.path) : undefined) ?? UNKNOWN
}

function toStructure(thing: Thing, event: EventValue, depth: number): Value {
  const rest = thing.rest.see(undefined)
  const entries = thing.entries(undefined)
  if (thing.shape === 'array') {
    const items = entries.slice(0, MOST_ITEMS).map(([, held]) => toInput(held, event, depth + 1))
    for (const atom of rest.values()) if (items.length < MOST_ITEMS) items.push(toOne(atom, event, depth + 1))
    // What lies at places that are not known is among the items: there are more of them, but no others.
    return { kind: 'list', items, open: entries.length + rest.size > MOST_ITEMS }
  }
  const members = new Map<string, Value>()
  let open = rest.size > 0
  for (const base of thing.bases.see(undefined).values()) {
    if (!(base instanceof Thing)) {
      open = true
      continue
    }
    const inherited = toStructure(base, event, depth + 1)
    if (inherited.kind !== 'object') continue
    if (inherited.open) open = true
    for (const [name, value] of inherited.members) members.set(name, value)
  }
  for (const [name, held] of entries) members.set(name, toInput(held, event, depth + 1, name))
  return { kind: 'object', members, open }
}
