// Marks a file's source so that esbuild may drop what a function does not use. It only inserts text, never a line break: line numbers stay.
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Call, Source } from './syntax.ts'
import type { Span } from './tree.ts'

/** What discovery found in a file: local name → the name under which the entry exports it. */
export type Names = ReadonlyMap<string, string>

interface Insert {
  readonly at: number
  readonly rank: number
  readonly text: string
}

/** Stands before the specifier of `import 'package'`: an import for its effects alone, which must stay. */
export const EFFECT = 'goblet-effect:'

/**
 * Marks factory calls, the calls that discovery found to make a declaration, and the making of SDK clients as pure; tells
 * each `lambda(…)` its name. A call is wrapped in a function of its own, because esbuild keeps a pure call whose arguments
 * might do something, be it reading `process.env`.
 */
export function mark(source: Source, names: Names, shells: ReadonlySet<string> = new Set()): string {
  const { calls, bindings, classes, module } = source
  const pure = new Map<string, Span & { awaits: boolean }>()
  const inserts: Insert[] = []
  for (const call of calls) {
    if (!call.leads) pure.set(`${call.start}-${call.end}`, call)
    inserts.push(...unasked(call))
  }
  for (const { name, call, ...whole } of bindings) {
    const identity = names.get(name)
    if (identity === undefined) continue
    if (call !== undefined) pure.set(`${call.start}-${call.end}`, call)
    inserts.push(...identities(source, whole, identity))
  }
  for (const { start, end, awaits } of pure.values()) inserts.push(...wrapping(start, end, awaits))
  for (const { entries, moduleRequest } of module.staticImports) {
    const isPackage = /^[^./]/.test(moduleRequest.value)
    if (entries.length === 0 && isPackage) inserts.push({ at: moduleRequest.start + 1, rank: 0, text: EFFECT })
  }
  // Minifying renames classes, and `error.constructor.name` is how many tell errors apart. (esbuild's keepNames would do it
  // for every inner function too, at each of its calls.)
  for (const { name, body } of classes) {
    inserts.push({ at: body, rank: 0, text: ` static get name() { return ${JSON.stringify(name)} }` })
  }
  return insert(source.text, inserts) + [...shells].map((name) => shell(source, name)).join('')
}

/** The name under which a file exports a group without what it holds. */
export const shellOf = (group: string): string => `gobletShell_${group}`

// `const admin = group('/admin', { … }, routes)` once more, empty: a function that answers for one route takes the prefix and the options, and not the other routes.
function shell({ bindings, calls, text }: Source, name: string): string {
  const made = bindings.find((one) => one.name === name)?.call
  const call = calls.find(({ start, end }) => start === made?.start && end === made.end)
  const routes = call?.args.at(-1)
  if (call === undefined || routes === undefined) return ''
  const { start, end, auth } = call
  const before =
    auth === undefined
      ? text.slice(start, routes.start)
      : `${text.slice(start, auth.start)}${auth.short ? 'auth: ' : ''}false${text.slice(auth.end, routes.start)}`
  return `;export const ${shellOf(name)} = /* @__PURE__ */ (() => ${before}{}${text.slice(routes.end, end)})();`
}

// Who may call is settled before a function wakes: it holds no authorizer, nor what that one reaches.
function unasked({ factory, auth }: Call): Insert[] {
  if (auth === undefined || factory === undefined || !GUARDED.has(factory)) return []
  return [
    { at: auth.start, rank: -auth.end, text: `${auth.short ? 'auth: ' : ''}false && (` },
    { at: auth.end, rank: 0, text: ')' },
  ]
}

const GUARDED = new Set(['app', 'group', 'mount', 'route'])

// At one offset the wider call opens first; a closing comes before an added argument.
const wrapping = (start: number, end: number, awaits: boolean): Insert[] => [
  { at: start, rank: -end, text: awaits ? '(/* @__PURE__ */ ' : '(/* @__PURE__ */ (() => ' },
  { at: end, rank: 0, text: awaits ? ')' : ')())' },
]

// lambda(handler) → lambda(handler, undefined, "name"); lambda(options, handler) → lambda(options, handler, "name")
function identities({ calls }: Source, whole: Span, identity: string): Insert[] {
  return calls.flatMap(({ factory, inside, args, start, end }) => {
    const last = args.at(-1)
    if (factory !== 'lambda' || inside || start < whole.start || end > whole.end || last === undefined) return []
    if (args.length > 2) return []
    const missing = args.length === 1 ? ', undefined' : ''
    return [{ at: last.end, rank: 1, text: `${missing}, ${JSON.stringify(identity)}` }]
  })
}

function insert(text: string, inserts: readonly Insert[]): string {
  const sorted = [...inserts].sort((left, right) => left.at - right.at || left.rank - right.rank)
  let marked = ''
  let done = 0
  for (const { at, text: added } of sorted) {
    marked += text.slice(done, at) + added
    done = at
  }
  return marked + text.slice(done)
}

/** For reading the app: `import.meta` and `__dirname` say where the file lies, not where the bundle does. */
export function settle({ file, text, module }: Source): string {
  const directory = dirname(file)
  const values: Readonly<Record<string, string>> = {
    '.url': pathToFileURL(file).href,
    '.filename': file,
    '.dirname': directory,
  }
  const isCommon = /\b__(dirname|filename)\b/.test(text) && !/\b(const|let|var)\s+__(dirname|filename)\b/.test(text)
  let settled = isCommon ? `var __filename = ${JSON.stringify(file)}, __dirname = ${JSON.stringify(directory)};` : ''
  let done = 0
  for (const { start, end } of module.importMetas) {
    const property = /^\.(url|filename|dirname)\b/.exec(text.slice(end, end + 10))?.[0]
    const value = property === undefined ? undefined : values[property]
    if (property === undefined || value === undefined) continue
    settled += text.slice(done, start) + JSON.stringify(value)
    done = end + property.length
  }
  return settled + text.slice(done)
}
