// The modules that Lambda calls: for each function the waker of its trigger around just those declarations of the user's that it wakes.
import type { Plugin } from 'esbuild'
import type { DescribedFunction, MountedApp, TriggerKind } from '../model/index.ts'
import type { BundleRequest } from './bundle.ts'
import { ours } from './copy.ts'
import type { Home } from './homes.ts'
import { shellOf } from './mark.ts'

const WAKE = {
  http: 'wakeHttp',
  queue: 'wakeQueue',
  topic: 'wakeTopic',
  bucket: 'wakeBucket',
  table: 'wakeTable',
  stream: 'wakeStream',
  bus: 'wakeBus',
  schedule: 'wakeSchedule',
  websocket: 'wakeWebsocket',
  lambda: 'wakeLambda',
  authorizer: 'wakeAuthorizer',
} satisfies Record<TriggerKind, string>

const NAMESPACE = 'goblet-function'

export interface Entries {
  /** By function. */
  readonly texts: ReadonlyMap<string, string>
  /** By file, the groups that are wanted without what they hold. */
  readonly shells: ReadonlyMap<string, ReadonlySet<string>>
}

type Homes = ReadonlyMap<string, Home>

/** What esbuild is given as a function's entry point. */
export const entryPoint = (name: string): string => `${NAMESPACE}:${name}`

/** Gives esbuild the entry modules; what they import lies in or under `directory`. */
export function serve(texts: Entries['texts'], directory: string): Plugin {
  return {
    name: 'goblet-functions',
    setup: (build) => {
      build.onResolve({ filter: new RegExp(`^${NAMESPACE}:`) }, ({ path }) => ({
        path: path.slice(NAMESPACE.length + 1),
        namespace: NAMESPACE,
      }))
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => {
        const contents = texts.get(path)
        return contents === undefined ? undefined : { contents, loader: 'js', resolveDir: directory }
      })
    },
  }
}

interface Given {
  /** The user's own, absolute. */
  readonly entry: string
  readonly homes: Homes
  /** By export. */
  readonly described: ReadonlyMap<string, DescribedFunction>
}

/** Writes the entry modules. */
export function toEntries(functions: readonly BundleRequest[], { entry, homes, described }: Given): Entries {
  const routes = functions.flatMap((one) => (one.trigger === 'http' ? one.exports : []))
  const shells = new Map<string, Set<string>>()
  const texts = functions.map((one): [string, string] => {
    const writer = new Writer(entry, homes)
    const woken = writer.waken(one, routes, described.get(one.exports[0] ?? ''))
    const call = one.warm === undefined ? woken : `${writer.take(ours('runtime/warm'), 'warmed')}(${woken})`
    for (const { file, local } of writer.shells) shells.set(file, (shells.get(file) ?? new Set()).add(local))
    return [one.name, [...writer.imports, `export const handler = ${call}`].join('\n')]
  })
  return { texts: new Map(texts), shells }
}

/** The export that holds a declaration: `admin.list` is in the exported group `admin`. */
const rootOf = (identity: string): string => identity.slice(0, `${identity}.`.indexOf('.'))

const BRAND = "[Symbol.for('goblet.declaration')]"

class Writer {
  readonly imports: string[] = []
  readonly shells: Home[] = []
  readonly #entry: string
  readonly #homes: Homes

  constructor(entry: string, homes: Homes) {
    this.#entry = entry
    this.#homes = homes
  }

  /** The call that makes the handler. */
  waken({ trigger, exports }: BundleRequest, routes: readonly string[], first: DescribedFunction | undefined): string {
    const [identity = ''] = exports
    if (first?.mounted !== undefined) return this.#mount(identity, routes, first.mounted)
    const app = this.take(this.#entry, 'default')
    if (first?.raw === true) return this.#raw(identity, trigger, routes, app)
    const waker = this.take(ours(`runtime/triggers/${trigger}`), WAKE[trigger])
    if (trigger !== 'http') return `${waker}(${app}, ${this.declaration(identity)})`
    const { text, isWhole } = this.routes(exports, routes)
    return `${waker}(${app}, ${text}${isWhole ? '' : `, ${JSON.stringify(exports)}`})`
  }

  #mount(identity: string, routes: readonly string[], { shape, way, listens }: MountedApp): string {
    // Before everything else, as the user's modules may listen as soon as they are loaded.
    const listening = listens ? `, listening: ${this.take(ours('web/listening'), 'listening')}` : ''
    const app = this.take(this.#entry, 'default')
    const wake = this.take(ours('web/wake'), 'wakeMount')
    const open = this.take(ours(`web/${shape}`), 'open')
    const hosted = `routes: ${this.routes([identity], routes).text}, identity: ${JSON.stringify(identity)}`
    // Made ready while the sandbox starts, when Lambda gives it a whole processor.
    return `await ${wake}(${app}, ${open}, { ${hosted}, way: ${JSON.stringify(way)}${listening} })`
  }

  #raw(identity: string, trigger: TriggerKind, routes: readonly string[], app: string): string {
    const waker = this.take(ours('runtime/triggers/raw'), trigger === 'http' ? 'wakeRawRoute' : 'wakeRaw')
    if (trigger !== 'http') return `${waker}(${app}, ${this.declaration(identity)})`
    return `${waker}(${app}, ${this.routes([identity], routes).text}, ${JSON.stringify(identity)})`
  }

  /** Imports a name; returns how it is called here. */
  take(file: string, name: string): string {
    const local = `taken${this.imports.length}`
    this.imports.push(`import { ${JSON.stringify(name)} as ${local} } from ${JSON.stringify(file)}`)
    return local
  }

  /** One declaration: from where it lives, or else out of its groups, as the runtime finds it. */
  declaration(identity: string): string {
    const home = this.#homes.get(identity)
    if (home?.exported !== undefined) return this.take(home.file, home.exported)
    const [root = '', ...path] = identity.split('.')
    return path.reduce(
      (holder, name) => `${holder}${BRAND}.routes[${JSON.stringify(name)}]`,
      this.take(this.#entry, root),
    )
  }

  /** Routes by the exports that hold them; `all` are those of every function. */
  routes(identities: readonly string[], all: readonly string[]): { text: string; isWhole: boolean } {
    const roots = [...new Set(identities.map(rootOf))]
    let isWhole = true
    const parts = roots.map((root) => {
      const own = identities.filter((one) => rootOf(one) === root)
      const isAll = own.length === all.filter((one) => rootOf(one) === root).length
      const thin = own[0] === root ? undefined : this.#thin(root, own)
      if (!isAll && thin === undefined) isWhole = false
      return `${JSON.stringify(root)}: ${thin ?? this.take(this.#entry, root)}`
    })
    return { text: `{ ${parts.join(', ')} }`, isWhole }
  }

  // A group that holds nothing but these routes; undefined where some part of it has no name to be imported by.
  #thin(group: string, identities: readonly string[]): string | undefined {
    const home = this.#homes.get(group)
    if (home === undefined) return undefined
    const depth = group.split('.').length
    const inner = [
      ...new Set(
        identities.map((one) =>
          one
            .split('.')
            .slice(0, depth + 1)
            .join('.'),
        ),
      ),
    ]
    const routes: string[] = []
    for (const one of inner) {
      const name = JSON.stringify(one.slice(group.length + 1))
      const below = identities.filter((identity) => identity.startsWith(`${one}.`))
      const part = below.length > 0 ? this.#thin(one, below) : this.#route(one)
      if (part === undefined) return undefined
      routes.push(`${name}: ${part}`)
    }
    this.shells.push(home)
    const shell = this.take(home.file, shellOf(home.local))
    const make = this.take(ours('runtime/group'), 'group')
    return `${make}(${shell}.prefix, ${shell}${BRAND}.options, { ${routes.join(', ')} })`
  }

  #route(identity: string): string | undefined {
    const home = this.#homes.get(identity)
    return home?.exported === undefined ? undefined : this.take(home.file, home.exported)
  }
}
