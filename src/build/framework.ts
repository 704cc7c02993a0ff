// How people call a web app that an entry exports by itself, without an app of Goblet around it.
import { findApp, type Mounted } from './shape.ts'

export interface WebApp {
  /** `an Express app`. */
  readonly word: string
  /** The export that holds it; undefined: none does, its server was told to listen. */
  readonly exported: string | undefined
}

type Members = Readonly<Record<string, unknown>>

/** The web app of a module, as `mount` would find it; one that exports nothing may be about to listen. `servers` are those that were told to listen. */
export async function webAppIn(module: object, servers: readonly object[]): Promise<WebApp | undefined> {
  const found = await findApp(async () => module, servers, Object.keys(module).length === 0 ? 1000 : 0).catch(
    () => undefined,
  )
  if (found === undefined || !('shape' in found)) return undefined
  const [, ...names] = found.way
  let app: unknown = module
  for (const name of names) {
    const [held] = await settled(app)
    app = name === '!' ? servers.at(-1) : isMembers(held) ? held[name] : undefined
  }
  const [value] = await settled(app)
  if (isLambdaHandler(found.shape, value)) return undefined
  return { word: wordOf(found.shape, value), exported: names[0] === '!' ? undefined : names[0] }
}

// Some routers answer to every name, `then` too: only a promise is awaited, and what it gives leaves in a list.
const settled = async (value: unknown): Promise<[unknown]> => (value instanceof Promise ? [await value] : [value])

const isMembers = (value: unknown): value is Members =>
  (typeof value === 'object' && value !== null) || typeof value === 'function'

// `(event, context) => …` has the form of a listener, and is no web app.
const isLambdaHandler = (shape: Mounted['shape'], value: unknown): boolean =>
  (shape === 'listener' || shape === 'fetch') &&
  typeof value === 'function' &&
  /^(?:async\s*)?(?:function\b[^(]*)?\(?\s*_?(?:event|evt)\b/.test(Function.prototype.toString.call(value))

const WORDS: Readonly<Partial<Record<Mounted['shape'], string>>> = {
  nest: 'a Nest app',
  fastify: 'a Fastify app',
  hapi: 'a Hapi server',
  koa: 'a Koa app',
  server: 'a server of node:http',
}

function wordOf(shape: Mounted['shape'], value: unknown): string {
  const word = WORDS[shape]
  if (word !== undefined || !isMembers(value)) return word ?? 'a web app'
  if (shape === 'fetch') return fetching(value)
  // Both are functions with members of their own.
  if (typeof value.handle !== 'function') return 'a listener (request, response) => …'
  return typeof value.set === 'function' ? 'an Express app' : 'a Connect app'
}

function fetching(value: Members): string {
  if (typeof value === 'function') return 'a function (request) => Response'
  const made: unknown = Reflect.get(Object.getPrototypeOf(value) ?? {}, 'constructor')
  const name = typeof made === 'function' ? made.name : ''
  if (!/^[A-Z]\w+$/.test(name) || name === 'Object') return 'an object with `fetch`'
  return `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name} app`
}
