// What a declared type says of a value that is not known otherwise: literals, the SDK's clients, classes behind an interface.
import { below, idOf, isClass, keyOf, type Node, type TSType, type TSTypeName } from './ast.ts'
import { ANYTHING, type ClassAtom, just, NOTHING, native, one, type Unknown, type Values } from './atoms.ts'
import { entriesOf } from './elements.ts'
import { classesOf, lineOf } from './lineage.ts'
import type { Machine, Site, Unit } from './machine.ts'
import type { Module } from './modules.ts'
import type { Scope, TypeEntry } from './scope.ts'
import { join, mapValues, without } from './values.ts'

/** A type, and where its names are looked up. */
interface Placed {
  readonly node: Node
  readonly scope: Scope
  readonly module: Module
}

/** A value, with what its type says in place of what is not known of it. */
export function refine(values: Values, type: TSType, unit: Unit, machine: Machine): Values {
  const isOpaque = [...values.values()].some(({ kind }) => kind === 'unknown')
  if (!isOpaque) return values
  const scope = scopeOf(unit)
  const said = candidates({ node: type, scope, module: unit.module }, unit, machine, 0)
  if (said === undefined || said.size === 0) return values
  const known = without(values, (atom) => atom.kind === 'unknown' && (atom.origin === 'anywhere' || isPlain(said)))
  const told = known === values ? values : join(known, said)
  return mapValues(told, (atom) =>
    atom.kind === 'unknown' && atom.origin === 'event' ? typedPart(atom, said) : just(atom),
  )
}

// A part of the event, of which the type tells the choices that some members have: `{ op: 'get' | 'put' }`.
function typedPart(part: Unknown, said: Values): Values {
  const [type] = said.values()
  if (said.size !== 1 || type?.kind !== 'native' || type.tag !== undefined) return just(part)
  const read = (name: string | undefined, site: Site): Values => {
    const member = type.read?.(name, site) ?? NOTHING
    const isChoice = member.size > 0 && [...member.values()].every(({ kind }) => kind === 'known')
    return isChoice ? member : site.machine.language.read(part, name, site)
  }
  return just(native(`${type.id}:${part.id}`, { read }))
}

// What the event holds is still the event's, whatever shape somebody gave it; a choice of literals tells more.
const isPlain = (said: Values): boolean =>
  [...said.values()].every((atom) => atom.kind !== 'native' || atom.tag !== undefined)

function scopeOf(unit: Unit): Scope {
  for (let frame: Unit['frame'] | undefined = unit.frame; frame !== undefined; frame = frame.parent) {
    const found = unit.module.code.scopes.get(frame.owner)
    if (found !== undefined) return found
  }
  return unit.module.code.scope
}

const TRANSPARENT = new Set([
  'Readonly',
  'Partial',
  'Required',
  'Pick',
  'Omit',
  'NonNullable',
  'Promise',
  'Awaited',
  'Exclude',
  'Extract',
])
const NEVER = new Set(['TSUndefinedKeyword', 'TSNullKeyword', 'TSNeverKeyword', 'TSVoidKeyword'])

// Undefined: the type says nothing that helps.
function candidates(placed: Placed, unit: Unit, machine: Machine, depth: number): Values | undefined {
  const { node, scope, module } = placed
  if (depth > 10) return undefined
  const inner = (one: Node): Values | undefined => candidates({ node: one, scope, module }, unit, machine, depth + 1)
  switch (node.type) {
    case 'TSLiteralType':
      if (node.literal.type !== 'Literal') return undefined
      return typeof node.literal.value === 'string' ? one(node.literal.value) : undefined
    case 'TSUnionType': {
      const all = node.types.filter(({ type }) => !NEVER.has(type)).map(inner)
      return all.some((one) => one === undefined) ? undefined : join(NOTHING, ...all.map((one) => one ?? NOTHING))
    }
    case 'TSIntersectionType':
      return node.types.map(inner).find((one) => one !== undefined)
    case 'TSParenthesizedType':
      return inner(node.typeAnnotation)
    case 'TSTypeOperator':
      return node.operator === 'keyof' && node.typeAnnotation.type === 'TSTypeQuery'
        ? keysOf(node.typeAnnotation, placed, unit, machine)
        : inner(node.typeAnnotation)
    case 'TSTypeLiteral':
      return typedObject(node, node.members, placed, machine, depth)
    case 'TSTypeReference':
      return named(placed, unit, machine, depth)
    default:
      return undefined
  }
}

function named(placed: Placed, unit: Unit, machine: Machine, depth: number): Values | undefined {
  const { node, scope, module } = placed
  if (node.type !== 'TSTypeReference') return undefined
  const name = nameIn(node.typeName)
  if (name === undefined) return undefined
  const [argument] = node.typeArguments?.params ?? []
  const entry = lookUp(name, scope)
  if (entry === undefined) {
    if (!TRANSPARENT.has(name) || argument === undefined) return undefined
    return candidates({ node: argument, scope, module }, unit, machine, depth + 1)
  }
  return declared(entry, { node, scope, module }, unit, machine, depth)
}

const nameIn = (name: TSTypeName): string | undefined =>
  name.type === 'Identifier' ? name.name : name.type === 'TSQualifiedName' ? name.right.name : undefined

function lookUp(name: string, scope: Scope): TypeEntry | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const found = at.typeNames.get(name)
    if (found !== undefined) return found
  }
  return undefined
}

function declared(entry: TypeEntry, placed: Placed, unit: Unit, machine: Machine, depth: number): Values | undefined {
  if ('imported' in entry) {
    const { specifier, name } = entry.imported
    const found = machine.modules.resolve(specifier, placed.module)
    if (found.kind === 'package') return machine.modules.typed(found.specifier, name, machine)
    const target = machine.modules.typeOf(found.file, name)
    return target === undefined ? undefined : declared(target.entry, { ...placed, ...target }, unit, machine, depth + 1)
  }
  const { node } = entry
  const at = { ...placed, node }
  if (node.type === 'TSTypeAliasDeclaration')
    return candidates({ ...at, node: node.typeAnnotation }, unit, machine, depth + 1)
  if (node.type === 'TSTypeParameter')
    return node.constraint === null ? undefined : candidates({ ...at, node: node.constraint }, unit, machine, depth + 1)
  if (node.type === 'TSEnumDeclaration') {
    const values = node.body.members.flatMap(({ initializer }) =>
      initializer?.type === 'Literal' && typeof initializer.value === 'string' ? [one(initializer.value)] : [],
    )
    return values.length === 0 ? undefined : join(NOTHING, ...values)
  }
  if (node.type === 'TSInterfaceDeclaration' || isClass(node)) {
    const made = instancesOf(node, unit, machine)
    if (made.size > 0 || isClass(node)) return made.size > 0 ? made : undefined
    return node.type === 'TSInterfaceDeclaration' ? typedObject(node, node.body.body, at, machine, depth) : undefined
  }
  return undefined
}

// Whatever was made of classes that are, extend or implement this.
function instancesOf(type: Node, unit: Unit, machine: Machine): Values {
  let found: Values = NOTHING
  const makeable: ClassAtom[] = []
  for (const atom of classesOf(machine).see(unit)) {
    const line = lineOf(atom, unit)
    const fits = line.some(
      ({ node, frame }) => node === type || implemented(node, frame.module, machine).some((one) => one === type),
    )
    if (!fits) continue
    found = join(found, atom.instances.see(unit))
    if (atom.node.abstract !== true) makeable.push(atom)
  }
  if (found.size > 0 || makeable.length === 0) return found
  // Somebody whom nobody sees makes them, such as a container.
  const handed = { list: [], rest: ANYTHING }
  return machine.construct(new Map(makeable.map((atom) => [atom.id, atom])), handed, { node: type, unit, machine })
}

// The interfaces that a class implements, and those that they extend.
function implemented(node: Node, module: Module, machine: Machine, depth = 0): Node[] {
  const clauses = isClass(node) ? (node.implements ?? []) : node.type === 'TSInterfaceDeclaration' ? node.extends : []
  if (depth > 6) return []
  return clauses.flatMap(({ expression }): Node[] => {
    if (expression.type !== 'Identifier') return []
    const found = resolveType(expression.name, module, machine)
    return found === undefined ? [] : [found.node, ...implemented(found.node, found.module, machine, depth + 1)]
  })
}

function resolveType(name: string, module: Module, machine: Machine): { node: Node; module: Module } | undefined {
  let entry = module.code.scope.typeNames.get(name)
  let at = module
  for (let hops = 0; entry !== undefined && 'imported' in entry && hops < 8; hops++) {
    const found = machine.modules.resolve(entry.imported.specifier, at)
    const target = found.kind === 'file' ? machine.modules.typeOf(found.file, entry.imported.name) : undefined
    if (target === undefined) return undefined
    entry = target.entry
    at = target.module
  }
  return entry === undefined || 'imported' in entry ? undefined : { node: entry.node, module: at }
}

function keysOf(query: Node, placed: Placed, unit: Unit, machine: Machine): Values | undefined {
  if (query.type !== 'TSTypeQuery' || query.exprName.type !== 'Identifier') return undefined
  const { name } = query.exprName
  for (let scope: Scope | undefined = placed.scope; scope !== undefined; scope = scope.parent) {
    const variable = scope.names.get(name)
    if (variable === undefined) continue
    const site = { node: query, unit, machine }
    const values =
      variable.imported === undefined
        ? machine.variable(variable, unit.frame).see(unit)
        : machine.modules.linked(placed.module, variable.imported, site)
    return join(NOTHING, ...entriesOf(values, site).map(([key]) => key))
  }
  return undefined
}

// An object of which only its type is known.
function typedObject(
  node: Node,
  members: readonly Node[],
  placed: Placed,
  machine: Machine,
  depth: number,
): Values | undefined {
  const read = (name: string | undefined, site: { readonly unit: Unit }): Values => {
    for (const member of members) {
      if (member.type !== 'TSPropertySignature' || member.typeAnnotation === null) continue
      if (name === undefined || keyOf(member.key, member.computed) !== name) continue
      const type = member.typeAnnotation.typeAnnotation
      return candidates({ ...placed, node: type }, site.unit, machine, depth + 1) ?? ANYTHING
    }
    return ANYTHING
  }
  return below(node).length === 0 ? undefined : just(native(`typed:${idOf(node)}`, { read }))
}
