// How a generated entry wakes a mounted app: the app made ready once, then a route handler like any other.
import { DECLARATION, type Declaration, declare } from '../runtime/declare.ts'
import { flatten } from '../runtime/group.ts'
import type { Request } from '../runtime/request.ts'
import type { Sent } from '../runtime/response.ts'
import { wakeFlat } from '../runtime/triggers/http.ts'

/** Answers one request. */
export type Serve = (request: Request) => Promise<Sent>

/** What an adapter must know besides the app. */
export interface Hosting {
  /** What the app does not know to stand before its paths; empty: nothing. */
  readonly base: string
  /** Answers are sent while they are made. */
  readonly streams: boolean
}

/** How one kind of app is made ready. The build chose which, by what the app was when it was read. */
export type Open<App> = (app: App, hosting: Hosting) => Serve | Promise<Serve>

/** A step from what was mounted to the app: `()` calls it, `!` takes the server that listens, a name is a property. */
export type Step = string

interface Hosted {
  /** The exports that hold it, and the name of the one. */
  readonly routes: Readonly<Record<string, Declaration>>
  readonly identity: string
  readonly way: readonly Step[]
  /** The servers that were told to listen. */
  readonly listening?: readonly unknown[]
}

/** The Lambda handler of one mounted app. */
export async function wakeMount<App>(app: Declaration, open: Open<App>, hosted: Hosted) {
  const flat = flatten(hosted.routes).find(({ identity }) => identity === hosted.identity)
  const declared = flat?.declaration[DECLARATION]
  if (flat === undefined || declared?.role !== 'function')
    throw new TypeError(`Nothing is mounted as ${hosted.identity}.`)
  const options: { basePath?: string; stream?: boolean } = declared.options
  const [found] = await reach(declared.handler, hosted)
  const serve = await open(found as App, { base: trimmed(options.basePath), streams: options.stream === true })
  return wakeFlat(app, [{ ...flat, declaration: declare({}, { ...declared, handler: serve }) }])
}

const trimmed = (base = ''): string => (base.endsWith('/') ? base.slice(0, -1) : base)

// Some routers answer to every name, `then` too: only a promise is awaited, and what is found leaves in a list.
async function reach(mounted: unknown, { way, listening = [] }: Hosted): Promise<[app: unknown]> {
  let app = mounted
  for (const step of way) {
    if (app instanceof Promise) app = await app
    if (step === '()') app = (app as () => unknown)()
    else if (step === '!') app = await lastOf(listening)
    else app = (app as Readonly<Record<string, unknown>>)[step]
  }
  return app instanceof Promise ? [await app] : [app]
}

// Nest's `bootstrap()` listens when the module has long been loaded. Source: "Lambda execution environment": init has ten seconds.
async function lastOf(listening: readonly unknown[]): Promise<unknown> {
  const end = Date.now() + 10_000
  while (listening.length === 0) {
    if (Date.now() > end) throw new Error('The mounted module gave no app, and no server of it listened within 10 s.')
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  return listening.at(-1)
}
