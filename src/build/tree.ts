// Walks a syntax tree of oxc-parser, which is ESTree, without caring which node is which.
import { visitorKeys } from 'oxc-parser'

/** Any node. Its other fields are read with `child`, `children` and `text`. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
}

export interface Span {
  readonly start: number
  readonly end: number
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value
}

/** The node in a field, or undefined. */
export function child(node: Node, field: string): Node | undefined {
  const value: unknown = Reflect.get(node, field)
  return isNode(value) ? value : undefined
}

/** The nodes in a field that holds a list. */
export function children(node: Node, field: string): Node[] {
  const value: unknown = Reflect.get(node, field)
  return Array.isArray(value) ? value.filter(isNode) : []
}

/** The text in a field, such as the name of an Identifier. */
export function text(node: Node, field: string): string | undefined {
  const value: unknown = Reflect.get(node, field)
  return typeof value === 'string' ? value : undefined
}

/** Every node directly below. */
export function* below(node: Node): Generator<Node> {
  for (const field of visitorKeys[node.type] ?? []) {
    const value: unknown = Reflect.get(node, field)
    if (Array.isArray(value)) {
      for (const one of value) if (isNode(one)) yield one
    } else if (isNode(value)) yield value
  }
}

/** Whether a node is a function: what is in it runs later, if at all. */
export function isFunction({ type }: Node): boolean {
  return type === 'ArrowFunctionExpression' || type === 'FunctionExpression' || type === 'FunctionDeclaration'
}

/** The expression inside parentheses, `as`, `satisfies` and `!`. */
export function bare(node: Node): Node {
  const inner = WRAPPERS.has(node.type) ? child(node, 'expression') : undefined
  return inner === undefined ? node : bare(inner)
}

const WRAPPERS = new Set([
  'ParenthesizedExpression',
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
])

/** Every name that a binding pattern binds. */
export function bound(pattern: Node): string[] {
  if (pattern.type === 'Identifier') return [text(pattern, 'name') ?? '']
  if (pattern.type === 'Property') return boundIn(pattern, 'value')
  if (pattern.type === 'AssignmentPattern') return boundIn(pattern, 'left')
  if (pattern.type === 'RestElement') return boundIn(pattern, 'argument')
  if (pattern.type === 'TSParameterProperty') return boundIn(pattern, 'parameter')
  return [...children(pattern, 'properties'), ...children(pattern, 'elements')].flatMap(bound)
}

function boundIn(pattern: Node, field: string): string[] {
  const inner = child(pattern, field)
  return inner === undefined ? [] : bound(inner)
}

/** The names that a function's parameters and its own declarations bind, wherever in it they stand. */
export function boundInside(node: Node): string[] {
  const names = children(node, 'params').flatMap(bound)
  const visit = (one: Node): void => {
    if (one.type === 'VariableDeclarator' || one.type === 'FunctionDeclaration' || one.type === 'ClassDeclaration') {
      names.push(...boundIn(one, 'id'))
    }
    if (!isFunction(one)) for (const lower of below(one)) visit(lower)
  }
  const body = child(node, 'body')
  if (body !== undefined) visit(body)
  return names
}
