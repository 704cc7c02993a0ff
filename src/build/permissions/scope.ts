// What names mean in one module: its variables, its types, what it imports and exports.
import type { CodeNode, Expression, FunctionNode, Node, Program } from './ast.ts'

/** Where the value of an imported name comes from. `*`: the whole module. */
export interface ImportedFrom {
  readonly specifier: string
  readonly name: string
}

export interface Variable {
  readonly name: string
  /** What runs when the variable comes to be. */
  readonly owner: CodeNode
  readonly imported?: ImportedFrom | undefined
  /** Of a function declaration: it has its value before anything runs. */
  readonly hoisted?: FunctionNode | undefined
}

/** A class, an interface, an alias, an enum or a type parameter; or a type that is imported. */
export type TypeEntry = { readonly node: Node } | { readonly imported: ImportedFrom }

export interface Scope {
  readonly parent: Scope | undefined
  readonly owner: CodeNode
  readonly names: Map<string, Variable>
  readonly typeNames: Map<string, TypeEntry>
}

export type Exported =
  | { readonly kind: 'local'; readonly name: string; readonly variable: Variable }
  | { readonly kind: 'from'; readonly name: string; readonly imported: ImportedFrom }
  | { readonly kind: 'all'; readonly specifier: string }

/** One file, parsed and bound. Nothing in it depends on which function is analysed. */
export interface Code {
  readonly file: string
  readonly text: string
  readonly program: Program
  readonly scope: Scope
  /** Names that are used, and what they mean; a name that is missing is global. */
  readonly references: ReadonlyMap<Node, Variable>
  /** The innermost scope of functions and classes. */
  readonly scopes: ReadonlyMap<Node, Scope>
  readonly exports: readonly Exported[]
  /** Variables that are assigned after they were declared. */
  readonly assigned: ReadonlySet<Variable>
  /** Types under other names than their own: exported → local. */
  readonly typeExports: ReadonlyMap<string, string>
  /** Where other exported types come from; `*`: any. */
  readonly typeSources: readonly { readonly name: string; readonly specifier: string; readonly imported?: string }[]
  /** The modules that are loaded with it, in their order. */
  readonly loads: readonly string[]
  /** It does not parse: nothing of it is known. */
  readonly isBroken: boolean
  /** Declares its exports by `module.exports` and `exports`. */
  readonly isCommon: boolean
  /** Variables that are made by a declaration: by its name's node. */
  readonly declared: ReadonlyMap<Node, Variable>
  /** `export default …`, or `export = …`. */
  readonly defaultExport: { readonly variable: Variable; readonly expression: Expression } | undefined
}

export function openScope(parent: Scope | undefined, owner: CodeNode): Scope {
  return { parent, owner, names: new Map<string, Variable>(), typeNames: new Map<string, TypeEntry>() }
}

/** What a name means here. */
export function lookUp(scope: Scope, name: string): Variable | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    const found = at.names.get(name)
    if (found !== undefined) return found
  }
  return undefined
}

export function functionScope(scope: Scope): Scope {
  let at = scope
  while (at.parent !== undefined && at.parent.owner === at.owner) at = at.parent
  return at
}
