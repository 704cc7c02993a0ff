// The parts of a pattern: the names that it binds, and the expressions in it.
import { type BindingIdentifier, isClass, isFunction, type Node } from './ast.ts'

/** The names that a pattern binds or assigns to. */
export function namesIn(pattern: Node): BindingIdentifier[] {
  switch (pattern.type) {
    case 'Identifier':
      return isBinding(pattern) ? [pattern] : []
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) => namesIn(one.type === 'RestElement' ? one.argument : one.value))
    case 'ArrayPattern':
      return pattern.elements.flatMap((one) => (one === null ? [] : namesIn(one)))
    case 'AssignmentPattern':
      return namesIn(pattern.left)
    case 'RestElement':
      return namesIn(pattern.argument)
    case 'TSParameterProperty':
      return namesIn(pattern.parameter)
    default:
      return []
  }
}

// The parser gives one shape to all that is called Identifier.
const isBinding = (node: Node): node is BindingIdentifier => node.type === 'Identifier'

/** Defaults and computed names. */
export function expressionsIn(pattern: Node): Node[] {
  switch (pattern.type) {
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) => {
        if (one.type === 'RestElement') return expressionsIn(one.argument)
        return [...(one.computed ? [one.key] : []), ...expressionsIn(one.value)]
      })
    case 'ArrayPattern':
      return pattern.elements.flatMap((one) => (one === null ? [] : expressionsIn(one)))
    case 'AssignmentPattern':
      return [...expressionsIn(pattern.left), pattern.right]
    case 'RestElement':
      return expressionsIn(pattern.argument)
    case 'TSParameterProperty':
      return expressionsIn(pattern.parameter)
    default:
      return []
  }
}

/** The names that a declaration declares. */
export function declaredNames(node: Node): string[] {
  if (node.type === 'VariableDeclaration')
    return node.declare === true ? [] : node.declarations.flatMap(({ id }) => namesIn(id).map(({ name }) => name))
  if ((isFunction(node) || isClass(node)) && node.id !== null) return [node.id.name]
  if (node.type === 'TSEnumDeclaration') return [node.id.name]
  return node.type === 'TSModuleDeclaration' && node.id.type === 'Identifier' ? [node.id.name] : []
}
