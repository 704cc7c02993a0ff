// A pattern as a tree of field names, with tests where its arrays are. A dotted name is the same as nested ones.
// Source: JsonRuleCompiler.java of aws/event-ruler, words included.
import { fail, isObject } from './error.ts'
import type { Dialect } from './leaf.ts'
import { type Alternative, compileAlternative, RESERVED } from './operators.ts'

export interface Node {
  /** Of each of these lists one alternative must pass here. */
  readonly leaves: Alternative[][]
  readonly children: Map<string, Node>
  /** Of each of these lists one branch must match the same object. */
  readonly choices: Node[][]
  /** Children that must be nowhere in an array, not only in one element: nothing before them has chosen the element. */
  absent: readonly string[]
}

// Jackson, which AWS reads patterns with, stops there too.
const DEEPEST = 1000

export function compileTree(pattern: unknown, dialect: Dialect): Node {
  if (!isObject(pattern)) fail('Filter is not an object')
  const root = toNode()
  fill(root, pattern, dialect, 0)
  return root
}

const toNode = (): Node => ({ leaves: [], children: new Map(), choices: [], absent: [] })

function fill(node: Node, pattern: Readonly<Record<string, unknown>>, dialect: Dialect, depth: number): void {
  if (depth > DEEPEST) fail(`Document nesting depth (${DEEPEST + 1}) exceeds the maximum allowed (${DEEPEST})`)
  const entries = Object.entries(pattern)
  if (entries.length === 0) fail('Empty objects are not allowed')
  for (const [name, value] of entries) {
    if (name === '$or' && isChoice(value)) node.choices.push(value.map((branch) => toBranch(branch, dialect, depth)))
    else if (isObject(value)) fill(childOf(node, name), value, dialect, depth + 1)
    else if (Array.isArray(value)) childOf(node, name).leaves.push(toAlternatives(value, dialect))
    else fail(`"${name}" must be an object or an array`)
  }
  node.absent = toAbsent(node)
}

function toBranch(branch: Readonly<Record<string, unknown>>, dialect: Dialect, depth: number): Node {
  const node = toNode()
  fill(node, branch, dialect, depth + 1)
  return node
}

// Anything else under `$or` is a field of that name.
function isChoice(value: unknown): value is Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value) || value.length < 2) return false
  return value.every((branch) => isObject(branch) && !Object.keys(branch).some((name) => RESERVED.has(name)))
}

function toAlternatives(values: readonly unknown[], dialect: Dialect): Alternative[] {
  if (values.length === 0) fail('Empty arrays are not allowed')
  return values.map((value) => compileAlternative(value, dialect))
}

function childOf(node: Node, name: string): Node {
  let at = node
  for (const part of name.split('.')) {
    const child = at.children.get(part) ?? toNode()
    at.children.set(part, child)
    at = child
  }
  return at
}

// The ruler goes through the fields by name: `exists: false` sees the whole array until a field before it has chosen an element.
function toAbsent(node: Node): string[] {
  const names = [...node.children.keys()].sort()
  const chooser = names.findIndex((name) => !isAbsence(node.children.get(name)))
  return chooser < 0 ? names : names.slice(0, chooser)
}

const isAbsence = (node: Node | undefined): boolean =>
  node !== undefined &&
  node.children.size === 0 &&
  node.choices.length === 0 &&
  node.leaves.every((leaf) => leaf.every(({ absent }) => absent))
