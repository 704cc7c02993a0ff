// What kind of web app a value is, and the way to it from what was mounted: asked where the app is read, so that only its adapter is bundled.

/** The adapters by their files in `web`. */
export type Shape = 'fetch' | 'fastify' | 'hapi' | 'koa' | 'listener' | 'nest' | 'server'

export interface Mounted {
  readonly shape: Shape
  /** `()` calls, `!` takes the server that listens, a name is a property; promises are awaited. */
  readonly way: readonly string[]
  /** Some server was told to listen while the app was read. */
  readonly listens: boolean
}

type Members = Readonly<Record<string, unknown>>

/** The names under which modules export their app. */
const EXPORTS = ['default', 'app', 'server', 'handler', 'listener', 'fetch']

/** Finds the app in what was mounted. `servers` are those that were told to listen. */
export async function findApp(
  mounted: unknown,
  servers: readonly object[],
): Promise<Mounted | { readonly problem: string }> {
  try {
    const found = await search(mounted, [], servers)
    if (found === undefined) return { problem: `mounts ${shown(mounted)}, which is no web app` }
    return { ...found, listens: servers.length > 0 }
  } catch (error) {
    return { problem: `mounts what failed while it was loaded: ${error}` }
  }
}

type Found = Pick<Mounted, 'shape' | 'way'>

async function search(given: unknown, way: readonly string[], servers: readonly object[]): Promise<Found | undefined> {
  // Routers may answer to any name, `then` too.
  const value = given instanceof Promise ? await given : given
  const shape = shapeOf(value)
  if (shape !== undefined) return { shape, way }
  if (typeof value === 'function' && !way.includes('()')) return load(value, way, servers)
  if (!isMembers(value) || way.length > 3) return undefined
  for (const name of EXPORTS) {
    const found = name in value ? await search(value[name], [...way, name], servers) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

// A function without parameters gives the app or the module that has it; or what listens once that is loaded.
async function load(make: object, way: readonly string[], servers: readonly object[]): Promise<Found | undefined> {
  const called = [...way, '()']
  const made: unknown = Reflect.apply(make as () => unknown, undefined, [])
  const found = await search(made, called, servers)
  if (found !== undefined || servers.length === 0) return found
  return { shape: 'server', way: [...called, '!'] }
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
