// Routes: their patterns, and the one function that they share unless they are isolated.
import { type Complaint, complaint, toPlace, type Where } from '../../errors.ts'
import type { DescribedFunction } from '../describe.ts'
import { FUNCTION_RULES } from '../functions.ts'
import type { HttpTriggerModel } from '../model.ts'
import { flag, flagOf, type Rules } from '../options.ts'

const RULES = { ...FUNCTION_RULES, isolate: flag } satisfies Rules

export const http = {
  title: 'route',
  rules: (described: DescribedFunction): Rules => (flagOf(described.options, 'isolate') ? RULES : SHARED_RULES),
  functionName: (described: DescribedFunction): string | undefined =>
    flagOf(described.options, 'isolate') ? described.export : undefined,
  read: (described: DescribedFunction, name: string) => readRoute(described, name),
}

// A function's options on a route that shares its function with others would be a lie for the others.
const SHARED_RULES: Rules = {
  ...Object.fromEntries(
    Object.keys(FUNCTION_RULES).map((option) => [
      option,
      () => ({
        problem: 'is an option of a function, and this route shares its function',
        mend: 'Add `isolate: true` to give the route its own function, or set it on app(…).',
      }),
    ]),
  ),
  isolate: flag,
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'ANY']

function readRoute(
  described: DescribedFunction,
  name: string,
): { triggers: HttpTriggerModel[]; complaints: Complaint[] } {
  const { subject, where } = described
  const problem = patternProblem(subject)
  if (problem !== undefined)
    return { triggers: [], complaints: [complaint('GOBLET_BAD_PATTERN', { pattern: subject, problem }, where)] }
  const [methods = '', path = ''] = subject.split(' ')
  const triggers = methods
    .split('|')
    .map(
      (method): HttpTriggerModel => ({ kind: 'http', function: name, export: described.export, method, path, where }),
    )
  return { triggers, complaints: [] }
}

// Source: API Gateway's route and path-part rules; /ping and /sping are taken by its health checks.
function patternProblem(pattern: string): string | undefined {
  const parts = pattern.split(' ')
  const [methods = '', path = ''] = parts
  if (parts.length !== 2) return 'is not a method, one space and a path'
  for (const method of methods.split('|'))
    if (!METHODS.includes(method))
      return `has the method ${JSON.stringify(method)}; the methods are ${METHODS.join(', ')}`
  if (!path.startsWith('/')) return 'has a path that does not begin with /'
  if (path.length > 512) return `has a path of ${path.length} characters, where 512 are allowed`
  if (path === '/ping' || path === '/sping') return 'has a path that API Gateway keeps for its own health checks'
  return segmentsProblem(path.slice(1).split('/'))
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

/** Complains of routes that would answer the same requests. The names of parameters do not tell routes apart. */
export function checkRoutes(triggers: readonly HttpTriggerModel[]): Complaint[] {
  const seen = new Map<string, Where>()
  return triggers.flatMap(({ method, path, where }) => {
    const key = `${method} ${path.replace(/\{[^}+]*(\+?)\}/g, '{$1}')}`
    const first = seen.get(key)
    if (first === undefined) seen.set(key, where)
    return first === undefined
      ? []
      : [complaint('GOBLET_DUPLICATE_ROUTE', { route: `${method} ${path}`, first: toPlace(first) }, where)]
  })
}
