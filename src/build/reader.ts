// Runs in a worker thread: imports the user's entry and reports, as plain data, what it declared and exports. Of ours it imports nothing that imports more.
import { createRequire } from 'node:module'
import { Server } from 'node:net'
import { pathToFileURL } from 'node:url'
import { parentPort, workerData } from 'node:worker_threads'
import { type WebApp, webAppIn } from './framework.ts'
import { findApp, type Mounted } from './shape.ts'

/** A place in the file that was imported; lines and columns start at 1. Innermost frame first. */
export type Frame = readonly [line: number, column: number]

/** One declaration as it was made. `value` holds what its options say, made plain. */
export interface Recorded {
  readonly role: string
  readonly kind?: string
  readonly trigger?: string
  readonly name: string
  readonly subject: string
  readonly source?: { readonly kind: string; readonly name: string }
  readonly options: { readonly [key: string]: unknown }
  readonly handled: boolean
  /** Of a mount: what it hosts, or why it cannot. */
  readonly mounted?: Mounted | { readonly problem: string }
  /** Its handler is a plain Lambda one. */
  readonly raw?: true
  readonly frames: readonly Frame[]
}

/** How reading went, and whether the stand-in for the AWS SDK was not enough. */
export type Reading = Outcome & { readonly touched: boolean }

/** Under which name a declaration is exported: `['admin', 'list']` is the member `list` of the exported group `admin`. */
export type Exported = readonly [path: readonly string[], index: number]

type Outcome =
  | {
      readonly type: 'read'
      readonly recorded: readonly Recorded[]
      readonly exports: readonly Exported[]
      /** What it exports where nothing is declared. */
      readonly web: WebApp | undefined
    }
  | { readonly type: 'failed'; readonly problem: string; readonly stack: string }
  | { readonly type: 'exited'; readonly code: string; readonly stack: string }

const DECLARATION = Symbol.for('goblet.declaration')
const RECORDER = Symbol.for('goblet.recorder')
const TOUCHED = Symbol.for('goblet.touched')
const RAW = Symbol.for('goblet.raw')

// Groups in groups; a module that mounts itself would have no end.
const NESTED = 20

const made: object[] = []
// What was told to listen: a port is nothing that reading an app may take.
const servers: object[] = []
const frames: Frame[][] = []

// The app will import it: it loads while esbuild still works. A failure shows when the app does.
if (typeof workerData.door === 'string') import(workerData.door).catch(() => {})

parentPort?.once('message', ({ url, schemas = false }: { url: string; schemas?: boolean }) => {
  Reflect.set(globalThis, RECORDER, (declaration: object) => {
    made.push(declaration)
    frames.push(callers(url))
  })
  guardExit()
  guardPorts()
  import(url).then(
    async (module: object) => {
      if (schemas) toJsonSchema = await openConverter(url)
      const exports = exportsOf(module, [])
      for (const [path, index] of exports) name(made[index], path)
      // What is mounted may be loaded only now, and declare nothing any more.
      const recorded = await Promise.all(made.map(record))
      const web = made.length === 0 ? await webAppIn(module, servers) : undefined
      post({ type: 'read', recorded, exports, web })
    },
    (error: unknown) => post(failure(error)),
  )
})

const post = (outcome: Outcome): void => {
  const reading: Reading = { ...outcome, touched: Reflect.get(globalThis, TOUCHED) === true }
  parentPort?.postMessage(reading)
}

// Where the call stands, as numbers: making a stack's text, and parsing it again, is what costs.
function callers(url: string): Frame[] {
  const { prepareStackTrace, stackTraceLimit } = Error
  Error.stackTraceLimit = 100
  let sites: NodeJS.CallSite[] = []
  Error.prepareStackTrace = (_, found) => {
    sites = found
    return ''
  }
  void new Error().stack
  if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace')
  else Error.prepareStackTrace = prepareStackTrace
  Error.stackTraceLimit = stackTraceLimit
  return sites
    .filter((site) => site.getFileName() === url)
    .map((site) => [site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1] as const)
}

// A process.exit at the top level would end the reading without a word.
function guardExit(): void {
  const exit = process.exit.bind(process)
  process.exit = (code) => {
    post({ type: 'exited', code: String(code ?? process.exitCode ?? 0), stack: new Error().stack ?? '' })
    return exit(code)
  }
}

// It believes to listen, as in Lambda (web/listening.ts): many wait until it does.
function guardPorts(): void {
  Server.prototype.listen = function listen(this: Server, ...given: unknown[]): Server {
    servers.push(this)
    const told = given.find((one) => typeof one === 'function')
    if (told !== undefined) this.once('listening', () => Reflect.apply(told, this, []))
    process.nextTick(() => this.emit('listening'))
    return this
  }
  Server.prototype.address = () => ({ address: '127.0.0.1', family: 'IPv4', port: 0 })
}

function failure(error: unknown): Outcome {
  if (!(error instanceof Error)) return { type: 'failed', problem: `it threw ${String(error)}`, stack: '' }
  return { type: 'failed', problem: `${error.name}: ${error.message}`, stack: String(error.stack) }
}

// What is exported by itself comes before what is exported in a group.
function exportsOf(holder: object, within: readonly string[]): Exported[] {
  const own: Exported[] = []
  const inner: Exported[] = []
  for (const [name, value] of Object.entries(holder)) {
    const index = made.indexOf(value)
    if (index < 0 || (name === 'default' && within.length > 0)) continue
    const path = [...within, name]
    own.push([path, index])
    const { role, routes } = declaredOf(value)
    const isGroup = role === 'group' && typeof routes === 'object' && routes !== null
    if (isGroup && path.length < NESTED) inner.push(...exportsOf(routes, path))
  }
  return [...own, ...inner]
}

const identities = new Map<object, string>()

function name(declaration: object | undefined, path: readonly string[]): void {
  const identity = path.join('.')
  if (declaration !== undefined && identity !== 'default' && !identities.has(declaration))
    identities.set(declaration, identity)
}

async function record(declaration: object, index: number): Promise<Recorded> {
  const declared = declaredOf(declaration)
  const source = toPlain(declared.source, 0)
  return {
    role: String(declared.role),
    name: String(declared.name ?? ''),
    subject: String(declared.subject ?? declared.prefix ?? ''),
    options: toOptions(declared.options),
    handled: declared.mounted === true || typeof declared.handler === 'function',
    frames: frames[index] ?? [],
    ...(declared.kind === undefined ? {} : { kind: String(declared.kind) }),
    ...(declared.trigger === undefined ? {} : { trigger: String(declared.trigger) }),
    ...(isReference(source) ? { source: { kind: source.kind, name: source.name } } : {}),
    ...(typeof declared.handler === 'function' && RAW in declared.handler ? { raw: true } : {}),
    ...(declared.mounted === true ? { mounted: await findApp(declared.handler, servers) } : {}),
  }
}

function isReference(value: unknown): value is { kind: string; name: string } {
  return typeof value === 'object' && value !== null && 'kind' in value && 'name' in value
}

function declaredOf(declaration: object): Readonly<Record<string, unknown>> {
  const declared: unknown = Reflect.get(declaration, DECLARATION)
  return typeof declared === 'object' && declared !== null ? { ...declared } : {}
}

function toOptions(options: unknown): { readonly [key: string]: unknown } {
  const plain = toPlain(options, 0)
  return typeof plain === 'object' && plain !== null ? { ...plain } : {}
}

// Deeper than any option goes; an object that holds itself ends here.
const DEEPEST = 20

function toPlain(value: unknown, depth: number): unknown {
  if (value === undefined) return { $: 'undefined' }
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value
  const isFunction = typeof value === 'function'
  if ((typeof value !== 'object' && !isFunction) || depth > DEEPEST) return { $: 'other' }
  try {
    if (DECLARATION in value) return toReference(value)
    if ('~standard' in value) return toSchema(value)
    if (isFunction) return { $: 'function' }
    if (value instanceof RegExp) return { $: 'pattern' }
    if (Array.isArray(value)) return value.map((one: unknown) => (one === undefined ? null : toPlain(one, depth + 1)))
    return isDictionary(value) ? toDictionary(value, depth) : { $: 'other' }
  } catch {
    // A getter that throws, a revoked proxy.
    return { $: 'other' }
  }
}

type Direction = 'input' | 'output'

/** Writes a validator as JSON Schema, for what it takes and for what it gives. Set only where somebody asked for it. */
let toJsonSchema: ((schema: object, direction: Direction) => unknown) | undefined

function toSchema(schema: object): object {
  const convert = toJsonSchema
  if (convert === undefined) return { $: 'schema' }
  const attempt = (direction: Direction): object => {
    try {
      // What is not data does not survive this, and a schema that cannot be written says nothing.
      return JSON.parse(JSON.stringify(convert(schema, direction) ?? {}))
    } catch {
      return {}
    }
  }
  return { $: 'schema', input: attempt('input'), output: attempt('output') }
}

// zod and arktype write it themselves (Standard JSON Schema); valibot has a package of its own for it.
async function openConverter(url: string): Promise<(schema: object, direction: Direction) => unknown> {
  const valibot = await importFrom(url, '@valibot/to-json-schema')
  return (schema, direction) => {
    const standard: unknown = Reflect.get(schema, '~standard')
    const own = isObject(standard) && isObject(standard.jsonSchema) ? standard.jsonSchema[direction] : undefined
    if (typeof own === 'function') return own({ target: 'draft-2020-12' })
    if (typeof valibot?.toJsonSchema === 'function' && isObject(standard) && standard.vendor === 'valibot')
      return valibot.toJsonSchema(schema, { typeMode: direction, errorMode: 'ignore' })
    return {}
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

async function importFrom(url: string, name: string): Promise<Record<string, unknown> | undefined> {
  try {
    return await import(pathToFileURL(createRequire(url).resolve(name)).href)
  } catch {
    return undefined
  }
}

function isDictionary(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}

// Options that guard. What stands further down in its file is undefined here (esbuild makes top-level names `var`); taken
// for "nothing was said", it would leave a route open.
const GUARDS = new Set(['auth', 'body', 'filter', 'query', 'params', 'headers', 'schema', 'schemas', 'use', 'onError'])

function toDictionary(value: object, depth: number): object {
  const entries = Object.entries(value).filter(([key, one]) => one !== undefined || (depth === 0 && GUARDS.has(key)))
  return Object.fromEntries(entries.map(([key, one]) => [key, toPlain(one, depth + 1)]))
}

function toReference(declaration: object): object {
  const { role, kind, name } = declaredOf(declaration)
  // One in CloudFormation's words has a type, which several may have, and no name but its export's.
  const own = kind === 'resource' ? (identities.get(declaration) ?? name) : name
  if (role === 'resource') return { $: 'reference', kind, name: own }
  return role === 'function'
    ? { $: 'reference', kind: 'function', name: identities.get(declaration) ?? '' }
    : { $: 'reference' }
}
