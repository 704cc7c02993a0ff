// Whether an event matches a pattern: both trees are walked together, so that the time is at most the product of their sizes.
// In an array of objects, all that the pattern asks of them must be found in one element.
// Source: ACFinder.java, ArrayMembership.java and Event.java of aws/event-ruler.
import { isObject } from './error.ts'
import type { Leaf } from './leaf.ts'
import type { Alternative } from './operators.ts'
import type { Node } from './tree.ts'

type Fields = Readonly<Record<string, unknown>>

const NOTHING: Fields = Object.freeze(Object.create(null))

export function matches(node: Node, value: unknown): boolean {
  const elements = toElements(value)
  const leaves = elements.filter(isLeaf)
  if (!node.leaves.every((alternatives) => passes(alternatives, leaves))) return false
  if (node.children.size === 0 && node.choices.length === 0) return true
  const objects = elements.filter(isObject).map(undotted)
  if (objects.length === 0) return fits(node, NOTHING)
  if (objects.length > 1 && node.absent.some((name) => objects.some((object) => hasLeaf(object, name)))) return false
  return objects.some((object) => fits(node, object))
}

function fits(node: Node, object: Fields): boolean {
  for (const [name, child] of node.children) if (!matches(child, fieldOf(object, name))) return false
  return node.choices.every((branches) => branches.some((branch) => fits(branch, object)))
}

function passes(alternatives: readonly Alternative[], leaves: readonly Leaf[]): boolean {
  if (leaves.length === 0) return alternatives.some(({ absent }) => absent)
  return alternatives.some(({ test }) => leaves.some(test))
}

const isLeaf = (value: unknown): value is Leaf =>
  value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'

const fieldOf = (object: Fields, name: string): unknown => (Object.hasOwn(object, name) ? object[name] : undefined)

const hasLeaf = (object: Fields, name: string): boolean => toElements(fieldOf(object, name)).some(isLeaf)

/** What an array holds, those inside it included. Without recursion: an event may nest them deeper than the stack is. */
function toElements(value: unknown): unknown[] {
  if (!Array.isArray(value)) return [value]
  if (!value.some(Array.isArray)) return value
  const elements: unknown[] = []
  const open: { readonly list: readonly unknown[]; at: number }[] = [{ list: value, at: 0 }]
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    if (top.at === top.list.length) {
      open.pop()
      continue
    }
    const element = top.list[top.at++]
    if (Array.isArray(element)) open.push({ list: element, at: 0 })
    else elements.push(element)
  }
  return elements
}

/** A field `a.b` is the same as `b` in `a`. */
function undotted(object: Fields): Fields {
  const names = Object.keys(object)
  if (!names.some((name) => name.includes('.'))) return object
  const fields: Record<string, unknown> = Object.create(null)
  for (const name of names) {
    const dot = name.indexOf('.')
    if (dot < 0) fields[name] = merge(fields[name], object[name])
    else fields[name.slice(0, dot)] = merge(fields[name.slice(0, dot)], { [name.slice(dot + 1)]: object[name] })
  }
  return fields
}

function merge(one: unknown, other: unknown): unknown {
  if (one === undefined) return other
  if (isObject(one) && isObject(other)) return Object.assign(Object.create(null), one, other)
  return [one, other]
}
