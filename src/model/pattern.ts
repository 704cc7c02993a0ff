// Route patterns: what API Gateway takes as a method and a path, and how a group's prefix goes before it.
import { type Complaint, complaint, toPlace, type Where } from '../errors.ts'
import type { HttpTriggerModel } from './model.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'ANY']

/** A pattern behind the prefixes of its groups: `/admin` and `GET /users` are `GET /admin/users`, `/admin` and `GET /` are `GET /admin`. */
export function prefixed(prefixes: readonly string[], pattern: string): string {
  const before = prefixes.map((prefix) => prefix.replace(/\/$/, '')).join('')
  const space = pattern.indexOf(' ')
  if (before === '' || space < 0) return pattern
  const path = pattern.slice(space + 1)
  return `${pattern.slice(0, space)} ${before}${path === '/' ? '' : path}`
}

// Sources: API Gateway's route and path-part rules; "Amazon API Gateway important notes": /ping and /sping at the root of a host
// are its health checks. A REST API's paths have their stage before them.
/** What is wrong with a pattern, or undefined; `staged`: the API's stage stands before it. */
export function patternProblem(pattern: string, staged = false): string | undefined {
  const parts = pattern.split(' ')
  const [methods = '', path = ''] = parts
  if (parts.length !== 2) return 'is not a method, one space and a path'
  for (const method of methods.split('|'))
    if (!METHODS.includes(method))
      return `has the method ${JSON.stringify(method)}; the methods are ${METHODS.join(', ')}`
  if (!path.startsWith('/')) return 'has a path that does not begin with /'
  if (path.length > 512) return `has a path of ${path.length} characters, where 512 are allowed`
  if (!staged && (path === '/ping' || path === '/sping'))
    return 'has a path that API Gateway keeps for its own health checks'
  return segmentsProblem(path.slice(1).split('/'))
}

/** What is wrong with the prefix of a group, or undefined. */
export function prefixProblem(prefix: string): string | undefined {
  if (!prefix.startsWith('/')) return 'does not begin with /'
  if (prefix.includes('+}')) return 'has a greedy parameter, behind which no path can follow'
  return segmentsProblem(prefix.slice(1).split('/'))
}

function segmentsProblem(segments: readonly string[]): string | undefined {
  const names = new Set<string>()
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1
    if (segment === '' && !last) return 'has an empty segment (//)'
    if (!/[{}]/.test(segment)) {
      if (!/^[A-Za-z0-9_.,:~@!$&'()*+;=%-]*$/.test(segment))
        return `has characters in ${JSON.stringify(segment)} that a path cannot hold unencoded`
      continue
    }
    const match = /^\{([A-Za-z_][A-Za-z0-9_]*)(\+?)\}$/.exec(segment)
    if (match === null) return `has ${JSON.stringify(segment)}, but a parameter is a whole segment: {name} or {name+}`
    const [, name = '', greedy] = match
    if (greedy === '+' && !last) return `has {${name}+} before its end; a greedy parameter comes last`
    if (names.has(name)) return `has two parameters called ${name}`
    names.add(name)
  }
  return undefined
}

/** A path with its parameters unnamed: two paths of the same shape are the same to a gateway. */
export const shapeOf = (path: string): string => path.replace(/\{[^}+]*(\+?)\}/g, '{$1}')

/** Complains of routes that would answer the same requests. The names of parameters do not tell routes apart. */
export function checkRoutes(triggers: readonly HttpTriggerModel[]): Complaint[] {
  const seen = new Map<string, Where>()
  return triggers.flatMap(({ method, path, where }) => {
    const key = `${method} ${shapeOf(path)}`
    const first = seen.get(key)
    if (first === undefined) seen.set(key, where)
    return first === undefined
      ? []
      : [complaint('GOBLET_DUPLICATE_ROUTE', { route: `${method} ${path}`, first: toPlace(first) }, where)]
  })
}

/**
 * Complains of what REST APIs alone refuse: a slash at the end, and two parameters of different names at one place.
 * Source: CreateResource ("A sibling of this resource already has a variable path part").
 */
export function checkRestRoutes(triggers: readonly HttpTriggerModel[]): Complaint[] {
  const names = new Map<string, string>()
  return triggers.flatMap(({ method, path, where }) => {
    const wrong = restProblem(path, names)
    return wrong === undefined
      ? []
      : [complaint('GOBLET_BAD_PATTERN', { pattern: `${method} ${path}`, problem: wrong }, where)]
  })
}

function restProblem(path: string, names: Map<string, string>): string | undefined {
  if (path !== '/' && path.endsWith('/')) return 'ends with /, which a REST API cannot tell from the path without it'
  let place = ''
  for (const segment of path.slice(1).split('/')) {
    if (segment.startsWith('{')) {
      const first = names.get(place) ?? segment
      names.set(place, first)
      if (first !== segment)
        return `has ${segment} where another route has ${first}: a REST API takes one name for a parameter at one place`
    }
    place += `/${segment}`
  }
  return undefined
}
