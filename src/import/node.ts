// A configuration file as a tree in which every value knows the line it came from.
import type { Where } from '../errors.ts'

export type Plain = string | number | boolean | null

/** A value that nobody knows before the app is deployed: it becomes a variable of the environment. */
export interface Later {
  /** As it was written: `${env:TOKEN}`. */
  readonly says: string
  /** The variable's name. */
  readonly env: string
  readonly fallback: string | undefined
}

interface Placed {
  readonly where: Where
  /** It was found by way of the stage, so that another stage may have another. */
  readonly staged?: boolean
}

export interface Scalar extends Placed {
  readonly kind: 'scalar'
  readonly value: Plain
}
export interface List extends Placed {
  readonly kind: 'list'
  readonly items: readonly Node[]
}
export interface Dict extends Placed {
  readonly kind: 'dict'
  readonly entries: ReadonlyMap<string, Entry>
}
/** A text of which parts are only known later. */
export interface Open extends Placed {
  readonly kind: 'open'
  readonly parts: readonly (string | Later)[]
}
export type Node = Scalar | List | Dict | Open

export interface Entry {
  /** Where the key stands. */
  readonly where: Where
  readonly value: Node
}

export const scalar = (value: Plain, where: Where): Scalar => ({ kind: 'scalar', value, where })

export const dict = (entries: Readonly<Record<string, Node>>, where: Where): Dict => ({
  kind: 'dict',
  where,
  entries: new Map(Object.entries(entries).map(([key, value]) => [key, { where: value.where, value }])),
})

/** The member of a map; undefined where there is none, or only `null`. */
export function member(node: Node | undefined, ...path: readonly string[]): Node | undefined {
  let at = node
  for (const key of path) {
    if (at?.kind === 'dict') at = at.entries.get(key)?.value
    else if (at?.kind === 'list') at = at.items[Number(key)]
    else return undefined
  }
  return at === undefined || isNull(at) ? undefined : at
}

export const isNull = (node: Node): boolean => node.kind === 'scalar' && node.value === null

/** The text of a scalar; undefined of anything else. */
export const textOf = (node: Node | undefined): string | undefined =>
  node?.kind === 'scalar' && node.value !== null ? String(node.value) : undefined

export const itemsOf = (node: Node | undefined): readonly Node[] =>
  node === undefined || isNull(node) ? [] : node.kind === 'list' ? node.items : [node]

/** Whether a value, or anything in it, depends on the stage. */
export function isStaged(node: Node | undefined): boolean {
  if (node === undefined) return false
  if (node.staged === true) return true
  if (node.kind === 'list') return node.items.some(isStaged)
  return node.kind === 'dict' && [...node.entries.values()].some(({ value }) => isStaged(value))
}

/** The same value as plain JavaScript; what is open as its fallback, or as it was written. */
export function toPlain(node: Node): unknown {
  if (node.kind === 'scalar') return node.value
  if (node.kind === 'list') return node.items.map(toPlain)
  if (node.kind === 'open') return node.parts.map((part) => (typeof part === 'string' ? part : part.says)).join('')
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, toPlain(value)]))
}

/** A member of a table by a word that somebody else wrote: `constructor` is none. */
export const ownOf = <Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined
