// What kind of web app a value is, and the way to it from what was mounted: asked where the app is read, so that only its adapter is bundled.

/** The adapters by their files in `web`. */
export type Shape = 'fetch' | 'fastify' | 'hapi' | 'koa' | 'listener' | 'nest' | 'server'

export interface Mounted {
  readonly shape: Shape
  /** `()` calls, `!` takes the server that listens, a name is a property; promises are awaited. */
  readonly way: readonly string[]
  /** It may tell a server to listen, now or later. */
  readonly listens: boolean
}

type Members = Readonly<Record<string, unknown>>

/** The names under which modules export their app. */
const EXPORTS = ['default', 'app', 'server', 'handler', 'listener', 'fetch']

/**
 * Finds the app in what was mounted. `servers` are those that were told to listen; where a module gives no app, one of
 * them is waited for.
 */
export async function findApp(
  mounted: unknown,
  servers: readonly object[],
  patience = 5000,
): Promise<Mounted | { readonly problem: string }> {
  try {
    const found = await search(mounted, [], { servers, patience })
    if (found === undefined) return { problem: `mounts ${shown(mounted)}, which is no web app` }
    return { ...found, listens: servers.length > 0 || found.shape !== 'fetch' }
  } catch (error) {
    return { problem: `mounts what failed while it was loaded: ${error}` }
  }
}

type Found = Pick<Mounted, 'shape' | 'way'>

interface Listening {
  readonly servers: readonly object[]
  /** Milliseconds. */
  readonly patience: number
}

async function search(given: unknown, way: readonly string[], listening: Listening): Promise<Found | undefined> {
  // Routers may answer to any name, `then` too.
  const value = given instanceof Promise ? await given : given
  const shape = shapeOf(value)
  if (shape !== undefined) return { shape, way }
  if (typeof value === 'function' && !way.includes('()')) return load(value, way, listening)
  if (!isMembers(value) || way.length > 3) return undefined
  for (const name of EXPORTS) {
    const found = name in value ? await search(value[name], [...way, name], listening) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

// A function without parameters gives the app or the module that has it; or what listens once that is loaded.
async function load(make: object, way: readonly string[], listening: Listening): Promise<Found | undefined> {
  const called = [...way, '()']
  const made: unknown = Reflect.apply(make as () => unknown, undefined, [])
  const found = await search(made, called, listening)
  if (found !== undefined) return found
  // Only what is loaded can have a server that listens later.
  return (await listens(listening, made instanceof Promise)) ? { shape: 'server', way: [...called, '!'] } : undefined
}

async function listens({ servers, patience }: Listening, waits: boolean): Promise<boolean> {
  const end = Date.now() + (waits ? patience : 0)
  while (servers.length === 0 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 5))
  return servers.length > 0
}

/** What a value can be hosted as. */
function shapeOf(value: unknown): Shape | undefined {
  if (!isMembers(value)) return undefined
  const has = (...names: string[]): boolean => names.every((name) => typeof value[name] === 'function')
  // First, as itty's router answers to every name.
  if (has('fetch')) return 'fetch'
  if (has('getHttpAdapter', 'init')) return 'nest'
  if (has('routing', 'ready')) return 'fastify'
  if (has('initialize') && isMembers(value.listener)) return 'hapi'
  if (has('callback', 'use')) return 'koa'
  if (typeof value === 'function') return value.length >= 2 ? 'listener' : value.length === 1 ? 'fetch' : undefined
  return has('listen', 'emit', 'listeners') ? 'server' : undefined
}

const isMembers = (value: unknown): value is Members & (object | ((...given: never[]) => unknown)) =>
  (typeof value === 'object' && value !== null) || typeof value === 'function'

function shown(value: unknown): string {
  if (typeof value === 'function') return value.length === 0 ? 'a function that gives none' : 'a function'
  if (!isMembers(value)) return value === null ? 'null' : typeof value
  const names = Object.keys(value).slice(0, 5)
  return names.length === 0 ? 'an object' : `an object with ${names.join(', ')}`
}
