// Reads what every source file opens: static, dynamic and type imports, re-exports and require, told apart by the parser.
import { readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join, posix, sep } from 'node:path'
import { parseSync } from 'oxc-parser'

/** One import. `target` is a path below src for our own files, else the specifier as written. */
export interface Opening {
  readonly file: string
  readonly line: number
  readonly kind: 'own' | 'node' | 'npm' | 'unknown'
  readonly target: string
  /** Erased when the types are: nothing is loaded. */
  readonly type: boolean
  readonly dynamic: boolean
}

export interface Source {
  /** Relative to src, with forward slashes. */
  readonly file: string
  readonly text: string
  readonly program: Node
  readonly openings: readonly Opening[]
}

export interface Node {
  readonly type: string
  readonly start: number
  readonly [key: string]: unknown
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** Calls `visit` with a node and everything below it. */
export function walk(node: Node, visit: (node: Node) => void): void {
  visit(node)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, visit)
  }
}

/** The line of an offset, from 1. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length
}

/** Every TypeScript file below a src folder, parsed. */
export function readSources(src: string): Source[] {
  const names = readdirSync(src, { recursive: true, encoding: 'utf8' }).map((name) => name.split(sep).join('/'))
  return names
    .filter((name) => name.endsWith('.ts'))
    .sort()
    .map((file) => readSource(file, readFileSync(join(src, file), 'utf8')))
}

export function readSource(file: string, text: string): Source {
  const parsed = parseSync(file, text)
  if (parsed.errors.length > 0) throw new SyntaxError(`src/${file}: ${parsed.errors[0]?.message}`)
  const program: unknown = parsed.program
  if (!isNode(program)) throw new TypeError(`src/${file}: the parser gave no program`)
  const openings: Opening[] = []
  walk(program, (node) => {
    const found = opened(node)
    if (found === undefined) return
    const { specifier, type = false, dynamic = false } = found
    openings.push({ file, line: lineOf(text, node.start), type, dynamic, ...resolve(file, specifier) })
  })
  return { file, text, program, openings }
}

interface Found {
  readonly specifier: string | undefined
  readonly type?: boolean
  readonly dynamic?: boolean
}

// `import { type A }` loads the module for its effects (verbatimModuleSyntax); only `import type` is erased.
const READERS: Record<string, (node: Node) => Found | undefined> = {
  ImportDeclaration: (node) => ({ specifier: literal(node.source), type: node.importKind === 'type' }),
  ExportAllDeclaration: (node) => ({ specifier: literal(node.source), type: node.exportKind === 'type' }),
  ExportNamedDeclaration: (node) =>
    isNode(node.source) ? { specifier: literal(node.source), type: node.exportKind === 'type' } : undefined,
  ImportExpression: (node) => ({ specifier: literal(node.source), dynamic: true }),
  TSImportType: (node) => ({ specifier: literal(node.source), type: true }),
  TSImportEqualsDeclaration: ({ moduleReference }) =>
    isNode(moduleReference) ? { specifier: literal(moduleReference.expression) } : undefined,
  CallExpression: ({ callee, arguments: given }) =>
    isNode(callee) && callee.type === 'Identifier' && callee.name === 'require' && Array.isArray(given)
      ? { specifier: literal(given[0]), dynamic: true }
      : undefined,
}

function opened(node: Node): Found | undefined {
  return READERS[node.type]?.(node)
}

function literal(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined
}

const NODE_MODULES = new Set(builtinModules)

function resolve(file: string, specifier: string | undefined): Pick<Opening, 'kind' | 'target'> {
  if (specifier === undefined) return { kind: 'unknown', target: 'a module named at run time' }
  if (specifier.startsWith('.')) return { kind: 'own', target: posix.join(posix.dirname(file), specifier) }
  if (specifier.startsWith('node:') || NODE_MODULES.has(specifier)) return { kind: 'node', target: specifier }
  return {
    kind: 'npm',
    target: specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/'),
  }
}
