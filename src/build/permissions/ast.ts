// The syntax tree as oxc-parser types it, and the few questions that every part of the engine asks of it.
import {
  type ArrowFunctionExpression,
  type Class,
  type ClassBody,
  type Expression,
  type Function as FunctionLike,
  type ModuleExportName,
  type Node,
  type Program,
  type PropertyKey,
  visitorKeys,
} from 'oxc-parser'

export type {
  Argument,
  AssignmentTarget,
  BindingIdentifier,
  BindingPattern,
  BindingRestElement,
  Class,
  ClassBody,
  ClassElement,
  Directive,
  Expression,
  FormalParameterRest,
  ImportDeclaration,
  ModuleExportName,
  Node,
  ParamPattern,
  Program,
  PropertyKey,
  Statement,
  TSType,
  TSTypeName,
} from 'oxc-parser'

export type FunctionNode = FunctionLike | ArrowFunctionExpression

/** What has variables of its own whenever it runs: a function, a module, or the fields of a class. */
export type CodeNode = FunctionNode | Program | ClassBody

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value
}

/** Every node directly below. */
export function below(node: Node): Node[] {
  const found: Node[] = []
  for (const field of visitorKeys[node.type] ?? []) {
    const value: unknown = Reflect.get(node, field)
    if (Array.isArray(value)) {
      for (const one of value) if (isNode(one)) found.push(one)
    } else if (isNode(value)) found.push(value)
  }
  return found
}

export function isFunction(node: Node): node is FunctionNode {
  return (
    node.type === 'ArrowFunctionExpression' ||
    node.type === 'FunctionExpression' ||
    node.type === 'FunctionDeclaration' ||
    node.type === 'TSDeclareFunction' ||
    node.type === 'TSEmptyBodyFunctionExpression'
  )
}

export function isClass(node: Node): node is Class {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression'
}

/** Whether a node stands for a value: anything that can be evaluated. */
export function isExpression(node: Node): node is Expression {
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') return true
  return EXPRESSIONS.has(node.type) || node.type.endsWith('Expression') || node.type.endsWith('Literal')
}

const EXPRESSIONS = new Set(['Identifier', 'Super', 'MetaProperty', 'JSXElement', 'JSXFragment'])

/** The name in an import or export. */
export const nameOf = (name: ModuleExportName): string => (name.type === 'Literal' ? name.value : name.name)

/** The name of a property that is written down; undefined where it is computed. */
export function keyOf(key: PropertyKey, computed: boolean): string | undefined {
  if (key.type === 'PrivateIdentifier') return `#${key.name}`
  if (key.type === 'Literal') return String(key.value)
  if (computed) return undefined
  return key.type === 'Identifier' ? key.name : undefined
}

const ids = new WeakMap<Node, number>()
let last = 0

/** A number that is the same for the same node, however often it is analysed. */
export function idOf(node: Node): number {
  const known = ids.get(node)
  if (known !== undefined) return known
  last++
  ids.set(node, last)
  return last
}
