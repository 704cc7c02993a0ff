// What one file of the user's says, as far as the build must know: calls of our factories, SDK clients, top-level names, exports.
import type { EcmaScriptModule, ParserOptions, StaticImportEntry } from 'oxc-parser'
import { parseSync } from 'oxc-parser'
import { bare, below, boundInside, child, children, isFunction, isNode, type Node, type Span, text } from './tree.ts'

/** A direct call of a name that comes from 'goblet', or of an SDK client's constructor. */
export interface Call extends Span {
  /** The imported name: `queue`. Of SDK clients: undefined. */
  readonly factory: string | undefined
  /** Where the callee ends. */
  readonly callee: number
  readonly args: readonly Span[]
  /** Stands in a function, so whether it ever runs is not known. */
  readonly inside: boolean
  /** It begins a statement: nothing can be put before it without a semicolon. */
  readonly leads: boolean
  readonly awaits: boolean
  /** The value of `auth` in its options. `short`: it is written `{ auth }`. */
  readonly auth: (Span & { readonly short: boolean }) | undefined
}

/** A top-level `const N = …`. */
export interface Binding extends Span {
  readonly name: string
  /** The call that makes its value, if it is one. */
  readonly call: (Span & { readonly awaits: boolean }) | undefined
}

/** A class with a name of its own, and where its body begins. */
export interface NamedClass {
  readonly name: string
  readonly body: number
}

/** One file, read. */
export interface Source {
  readonly file: string
  readonly text: string
  readonly calls: readonly Call[]
  readonly bindings: readonly Binding[]
  /** Everything that is in a function. */
  readonly functions: readonly Span[]
  readonly classes: readonly NamedClass[]
  readonly module: EcmaScriptModule
}

const CLIENTS = /^@aws-sdk\/(client|lib)-/

/** What a name stands for that was imported from where calls are of interest. `*` is the whole module. */
interface Imported {
  readonly from: 'goblet' | 'client'
  readonly name: string
}

/** Reads a file. Text that does not parse yields nothing: esbuild says what is wrong with it. */
export function readSource(file: string, contents: string): Source {
  const { program, module, errors } = parseSync(file, contents, parserOptions(file))
  const reader = new Reader(importsOf(module))
  if (errors.length === 0 && isNode(program)) reader.read(program)
  const { calls, bindings, functions, classes } = reader
  return { file, text: contents, calls, bindings, functions, classes, module }
}

// `.js` may hold JSX for some, but esbuild takes it by name too; a file of unknown kind is TypeScript.
function parserOptions(file: string): ParserOptions {
  if (file.endsWith('.tsx')) return { lang: 'tsx', sourceType: 'module' }
  if (file.endsWith('.jsx')) return { lang: 'jsx', sourceType: 'module' }
  return /\.[mc]?js$/.test(file) ? { lang: 'js', sourceType: 'unambiguous' } : { lang: 'ts', sourceType: 'module' }
}

function importsOf(module: EcmaScriptModule): Map<string, Imported> {
  const found = new Map<string, Imported>()
  for (const { moduleRequest, entries } of module.staticImports) {
    const from = moduleRequest.value === 'goblet' ? 'goblet' : CLIENTS.test(moduleRequest.value) ? 'client' : undefined
    if (from === undefined) continue
    for (const entry of entries) {
      if (!entry.isType) found.set(entry.localName.value, { from, name: importedName(entry) })
    }
  }
  return found
}

const importedName = ({ importName }: StaticImportEntry): string => importName.name ?? '*'

/** Where the walk is. */
interface Place {
  readonly inside: boolean
  /** Names that mean something else here. */
  readonly hidden: ReadonlySet<string>
  /** Where the statement begins. */
  readonly statement: number
}

class Reader {
  readonly calls: Call[] = []
  readonly bindings: Binding[] = []
  readonly functions: Span[] = []
  readonly classes: NamedClass[] = []
  readonly #imports: ReadonlyMap<string, Imported>

  constructor(imports: ReadonlyMap<string, Imported>) {
    this.#imports = imports
  }

  read(program: Node): void {
    for (const statement of children(program, 'body')) this.#bind(statement)
    this.#visit(program, { inside: false, hidden: new Set(), statement: -1 })
  }

  #bind(statement: Node): void {
    const declaration = statement.type === 'ExportNamedDeclaration' ? child(statement, 'declaration') : statement
    if (declaration?.type !== 'VariableDeclaration') return
    for (const declarator of children(declaration, 'declarations')) {
      const id = child(declarator, 'id')
      const init = child(declarator, 'init')
      if (id?.type !== 'Identifier' || init === undefined) continue
      const value = bare(init)
      const call = value.type === 'CallExpression' ? { ...span(value), awaits: awaits(value) } : undefined
      this.bindings.push({ name: text(id, 'name') ?? '', ...span(init), call })
    }
  }

  #visit(node: Node, place: Place): void {
    const call = this.#callOf(node, place)
    if (call !== undefined) this.calls.push(call)
    if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') this.#name(node)
    const inner = this.#enter(node, place)
    for (const lower of below(node)) {
      // A decorator's expression cannot be wrapped.
      if (lower.type !== 'Decorator') this.#visit(lower, inner)
    }
  }

  #name(node: Node): void {
    const id = child(node, 'id')
    const body = child(node, 'body')
    // `declare class` has no body that runs.
    if (id === undefined || body === undefined || Reflect.get(node, 'declare') === true) return
    const isNamed = children(body, 'body').some((member) => {
      const key = child(member, 'key')
      return (
        Reflect.get(member, 'static') === true &&
        key !== undefined &&
        (text(key, 'name') ?? text(key, 'value')) === 'name'
      )
    })
    if (!isNamed) this.classes.push({ name: text(id, 'name') ?? '', body: body.start + 1 })
  }

  #enter(node: Node, place: Place): Place {
    if (node.type === 'ExpressionStatement') return { ...place, statement: node.start }
    if (!isFunction(node)) return place
    this.functions.push(span(node))
    return { inside: true, hidden: new Set([...place.hidden, ...boundInside(node)]), statement: -1 }
  }

  #callOf(node: Node, { inside, hidden, statement }: Place): Call | undefined {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined
    const callee = child(node, 'callee')
    const imported = callee === undefined ? undefined : this.#calleeOf(callee, hidden)
    if (callee === undefined || imported === undefined) return undefined
    const isNew = node.type === 'NewExpression'
    const isFrom = imported.from === 'client' && imported.name.endsWith('.from')
    if (imported.from === 'goblet' ? isNew : !isNew && !isFrom) return undefined
    return {
      ...span(node),
      factory: imported.from === 'goblet' ? imported.name : undefined,
      callee: callee.end,
      args: children(node, 'arguments').map(span),
      inside,
      leads: node.start === statement,
      awaits: awaits(node),
      auth: imported.from === 'goblet' ? authOf(node, imported.name === 'mount' ? 2 : 1) : undefined,
    }
  }

  // `queue`, `goblet.queue`, `S3Client`, `s3.S3Client`, `DynamoDBDocumentClient.from`.
  #calleeOf(callee: Node, hidden: ReadonlySet<string>): Imported | undefined {
    if (callee.type === 'Identifier') {
      const name = text(callee, 'name') ?? ''
      return hidden.has(name) ? undefined : this.#imports.get(name)
    }
    if (callee.type !== 'MemberExpression') return undefined
    const object = child(callee, 'object')
    const property = child(callee, 'property')
    if (object === undefined || property?.type !== 'Identifier') return undefined
    const name = text(property, 'name') ?? ''
    const whole = this.#calleeOf(object, hidden)
    if (whole?.name === '*') return { from: whole.from, name }
    return whole?.from === 'client' && name === 'from' ? { from: 'client', name: `${whole.name}.from` } : undefined
  }
}

// Only in options that are written where they are given.
function authOf(call: Node, at: number): Call['auth'] {
  const options = children(call, 'arguments')[at]
  if (options?.type !== 'ObjectExpression') return undefined
  const property = children(options, 'properties').find((one) => {
    const key = child(one, 'key')
    return (
      key !== undefined &&
      Reflect.get(one, 'computed') === false &&
      (text(key, 'name') ?? text(key, 'value')) === 'auth'
    )
  })
  const value = property === undefined ? undefined : child(property, 'value')
  if (property === undefined || value === undefined || isFunction(value)) return undefined
  return { ...span(value), short: Reflect.get(property, 'shorthand') === true }
}

const span = ({ start, end }: Span): Span => ({ start, end })

// Whether an `await` or `yield` of the surrounding function is in it.
function awaits(node: Node): boolean {
  if (node.type === 'AwaitExpression' || node.type === 'YieldExpression') return true
  if (isFunction(node)) return false
  for (const lower of below(node)) if (awaits(lower)) return true
  return false
}
