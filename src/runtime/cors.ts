// CORS where the gateway does not do it: who may read a route's answers, and the answer to a preflight.
import type { Draft } from './response.ts'

/** Which pages of other origins may call. */
export interface CorsOptions {
  /** `https://example.com`, several, or patterns; `*` is any. Default: any. */
  origins?: string | RegExp | readonly (string | RegExp)[]
  /** Request headers that pages may send. Default: Authorization, Content-Type and those that AWS signs with. */
  headers?: readonly string[]
  /** Response headers that pages may read. Default: only those that every page may. */
  expose?: readonly string[]
  /** Whether pages may send cookies. Needs origins. Default: false. */
  credentials?: boolean
  /** Seconds that a browser remembers a preflight's answer. Default: as the browser likes. */
  maxAge?: number
}

/** CORS options made ready once, when the function wakes. */
export interface Cors {
  /** Adds to an answer what its reader's browser looks for. What the handler set itself stays. */
  readonly apply: (draft: Draft, origin: string | undefined) => void
  /** The answer to a preflight. */
  readonly preflight: (methods: readonly string[], origin: string | undefined) => Readonly<Record<string, string>>
}

const HEADERS = ['Authorization', 'Content-Type', 'X-Amz-Date', 'X-Amz-Security-Token', 'X-Api-Key']

export function toCors(given: true | CorsOptions): Cors {
  const { origins = '*', headers = HEADERS, expose = [], credentials = false, maxAge } = given === true ? {} : given
  const allowed = toOrigins(origins)
  const own: Record<string, string> = {}
  if (credentials) own['access-control-allow-credentials'] = 'true'
  const shown = { ...own, ...(expose.length === 0 ? {} : { 'access-control-expose-headers': expose.join(',') }) }

  const mark = (draft: Draft, origin: string | undefined, others: Readonly<Record<string, string>>): void => {
    const allow = allowed.one ?? (origin !== undefined && allowed.has(origin) ? origin : undefined)
    const set: Record<string, string> = { ...draft.headers }
    // Whoever stores the answer must not give it to a page of another origin, nor the lack of the header to an allowed one.
    if (allowed.one === undefined) set.vary = withVary(set.vary, 'Origin')
    if (allow !== undefined && set['access-control-allow-origin'] === undefined) {
      set['access-control-allow-origin'] = allow
      for (const [name, value] of Object.entries(others)) set[name] ??= value
    }
    draft.headers = set
  }

  return {
    apply: (draft, origin) => mark(draft, origin, shown),
    preflight: (methods, origin) => {
      const draft: Draft = { statusCode: 204 }
      mark(draft, origin, {
        ...own,
        'access-control-allow-methods': methods.join(','),
        'access-control-allow-headers': headers.join(','),
        ...(maxAge === undefined ? {} : { 'access-control-max-age': String(maxAge) }),
      })
      return draft.headers ?? {}
    },
  }
}

interface Origins {
  /** The same answer to everybody: `*`, or the only origin. */
  readonly one: string | undefined
  readonly has: (origin: string) => boolean
}

function toOrigins(origins: NonNullable<CorsOptions['origins']>): Origins {
  const list = typeof origins === 'string' || origins instanceof RegExp ? [origins] : origins
  const exact = new Set(list.filter((one) => typeof one === 'string'))
  const patterns = list.filter((one) => one instanceof RegExp)
  const [only] = list
  if (exact.has('*')) return { one: '*', has: () => true }
  if (list.length === 1 && typeof only === 'string') return { one: only, has: () => true }
  // `search` begins at the start whatever a pattern with the flag `g` matched before.
  return { one: undefined, has: (origin) => exact.has(origin) || patterns.some((one) => origin.search(one) >= 0) }
}

/** A `Vary` that names this header too. */
export function withVary(vary: string | undefined, name: string): string {
  if (vary === undefined || vary === '') return name
  const names = vary.split(',').map((one) => one.trim().toLowerCase())
  return names.includes(name.toLowerCase()) || names.includes('*') ? vary : `${vary}, ${name}`
}

/** Whether an app's CORS is the gateway's affair where the door can do it: an HTTP API and a URL can, but for patterns. */
export function hasPatterns(given: true | CorsOptions): boolean {
  const origins = given === true ? undefined : given.origins
  return origins instanceof RegExp || (Array.isArray(origins) && origins.some((one) => one instanceof RegExp))
}
