// `mount(path, app)`: a web app of another framework, hosted as it is. Which one it is the build finds out; nothing of any adapter is here.
import type { AuthOption } from './auth.ts'
import type { CorsOptions } from './cors.ts'
import { type Declaration, declare } from './declare.ts'
import type { FunctionOptions } from './options.ts'

/** Options of a mounted app, which always has a function of its own. */
export interface MountOptions extends FunctionOptions {
  /** Who may call, before the app is asked. Default: what the group or the app says. */
  auth?: AuthOption
  /** What a token must have one of. */
  scopes?: readonly string[]
  /** A caller must show an API key. REST APIs only. */
  apiKey?: boolean
  /** Which pages of other origins may call, where the mounted app does not say so itself. Default: what the group or the app says. */
  cors?: boolean | CorsOptions
  /** Sends answers while they are made. REST APIs and function URLs only. */
  stream?: boolean
  /** What stands before the paths that the mounted app knows, such as `/shop`: it is taken off. Default: nothing. */
  basePath?: string
}

export interface Mount<Path extends string = string> extends Declaration {
  readonly path: Path
}

/**
 * Hosts a web app as it is: Express, Connect, Koa, Fastify, Hapi, Nest, a listener or a server of `node:http`, or anything
 * with `fetch` (Hono, h3, itty, Elysia). It gets every request at or below the path, its paths as the client sent them but
 * without the stage. A promise of an app is one, too; and so is a function without parameters that gives it, or the module
 * that has it.
 *
 * @example
 * export const web = mount('/{proxy+}', () => import('./server.ts'))
 */
export function mount<const Path extends string>(path: Path, app: object, options: MountOptions = {}): Mount<Path> {
  return declare(
    { path },
    { role: 'function', trigger: 'http', subject: `ANY ${pathsOf(path)}`, options, handler: app, mounted: true },
  )
}

// Its own path and all below, which a gateway takes for two; with a slash at its end the path is a third.
function pathsOf(path: string): string {
  const above = path.replace(/\/(?:\{[^{}]+\+\})?$/, '')
  const greedy = path.endsWith('+}') ? path : `${above}/{proxy+}`
  return above === '' ? `/|${greedy}` : `${above}|${above}/|${greedy}`
}
