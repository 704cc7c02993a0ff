// What an expression may be worth: abstract values, each with an identity, so that the same one is never counted twice.
import type { Class, FunctionNode, Node } from './ast.ts'
import type { Cell, Frame, Thing } from './heap.ts'
import type { Given, Site, Unit } from './machine.ts'
import type { Tag } from './tags.ts'

export type Primitive = string | number | boolean | null | undefined

export interface Known {
  readonly kind: 'known'
  readonly id: string
  readonly value: Primitive
}

/** A text with at least one part that is not known: `undefined` among its parts. */
export interface Text {
  readonly kind: 'text'
  readonly id: string
  readonly parts: readonly (string | undefined)[]
}

/** Where a value that is not known comes from. */
export type Origin = 'anywhere' | 'environment' | 'event' | 'answer'

export interface Unknown {
  readonly kind: 'unknown'
  readonly id: string
  readonly origin: Origin
  /** Within the event or the answer: `Records.*.s3.bucket.name`. Of the environment: the variable. */
  readonly path: string
}

/** A function of the user's, with the variables around it. */
export interface FunctionAtom {
  readonly kind: 'function'
  readonly id: string
  readonly node: FunctionNode
  readonly frame: Frame
  /** The class that it is a method of: what `super` means. */
  readonly home: ClassAtom | undefined
  /** What is assigned to it, such as `handler.schema = …`. */
  readonly statics: Thing
}

/** A function with what it is called on: what `bind` makes. */
export interface Bound {
  readonly kind: 'bound'
  readonly id: string
  readonly target: Atom
  readonly self: Values
  readonly before: readonly Values[]
}

export interface ClassAtom {
  readonly kind: 'class'
  readonly id: string
  readonly node: Class
  /** Holds its own name, and parents its methods. */
  readonly frame: Frame
  readonly statics: Thing
  /** What it extends. */
  readonly parent: Cell
  /** Every object that was made of it, or of what extends it. */
  readonly instances: Cell
}

/** Something whose behaviour the engine knows by heart. What is missing does nothing. */
export interface Native {
  readonly kind: 'native'
  readonly id: string
  readonly tag?: Tag
  readonly call?: (given: Given, site: Site, self: Values) => Values
  readonly construct?: (given: Given, site: Site) => Values
  /** Undefined: by a name that is not known. */
  readonly read?: (name: string | undefined, site: Site) => Values
}

export type Atom = Known | Text | Unknown | FunctionAtom | Bound | ClassAtom | Thing | Native

/** What something may be: any of these. Empty: nothing is known of it yet. */
export type Values = ReadonlyMap<string, Atom>

export const NOTHING: Values = new Map()

export const just = (atom: Atom): Values => new Map([[atom.id, atom]])

export function known(value: Primitive): Known {
  return { kind: 'known', id: `=${typeof value}:${String(value)}`, value }
}

export const one = (value: Primitive): Values => just(known(value))

export const UNDEFINED = one(undefined)

// Texts that grow in a loop would grow without end.
const LONGEST = 2000

/** A text of parts, those that are known put together. */
export function text(parts: readonly (string | undefined)[]): Atom {
  const merged: (string | undefined)[] = []
  for (const part of parts) {
    const before = merged.at(-1)
    if (merged.length > 0 && typeof before === 'string' && typeof part === 'string')
      merged[merged.length - 1] = before + part
    else if (!(merged.length > 0 && before === undefined && part === undefined)) merged.push(part)
  }
  const kept = merged.filter((part) => part !== '')
  if (kept.length === 0) return known('')
  const [only] = kept
  if (kept.length === 1 && only !== undefined) return only.length > LONGEST ? ANYWHERE : known(only)
  if (kept.length > 24 || kept.join('').length > LONGEST || kept.every((part) => part === undefined)) return ANYWHERE
  return { kind: 'text', id: `~${JSON.stringify(kept)}`, parts: kept }
}

export function unknown(origin: Origin, path = ''): Unknown {
  return { kind: 'unknown', id: `?${origin}:${path}`, origin, path }
}

export const ANYWHERE = unknown('anywhere')
export const ANYTHING: Values = just(ANYWHERE)

export function native(id: string, behaviour: Omit<Native, 'kind' | 'id'>): Native {
  return { kind: 'native', id: `!${id}`, ...behaviour }
}

/** Names something that is made at a place in the code: once per place and way that led there. */
export const madeAt = (
  what: string,
  { node, unit }: { readonly node: Node; readonly unit: Unit },
  id: (node: Node) => number,
): string => `${what}@${id(node)}/${unit.id}`

/** The id of `process.env`. */
export const ENVIRONMENT = '!process.env'
