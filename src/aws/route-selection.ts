// Route selection expressions of WebSocket APIs: which route a message is for.

/** Evaluates an expression against a message; undefined where it cannot be, as the message is no JSON. */
export type Selection = (message: string) => string | undefined

type Part = string | { readonly path: readonly (string | number)[] }

/**
 * Reads a route selection expression: `$request.body.action`, `${request.body.service}/${request.body.action}`, or words
 * that never change (`\$default`). Undefined: it is none. Source: "Route selection expressions" of the developer guide. Of
 * JSONPath, which it allows behind `request.body`, names and indexes are understood.
 */
export function readSelection(expression: string): Selection | undefined {
  const parts = readParts(expression)
  if (parts === undefined || parts.length === 0) return undefined
  return (message) => {
    try {
      const body: unknown = JSON.parse(message)
      return parts.map((part) => evaluate(part, body)).join('')
    } catch {
      // No JSON, or nested deeper than can be written as text.
      return undefined
    }
  }
}

/** The routes that no message is ever for, whatever it says: the gateway alone calls them. */
const RESERVED: ReadonlySet<string> = new Set(['$connect', '$disconnect'])

/** The route of an API that a message is for; undefined: none, not even `$default`. */
export function selectRoute<Route>(
  select: Selection,
  routes: ReadonlyMap<string, Route>,
  message: string,
): Route | undefined {
  const key = select(message)
  const found = key === undefined || RESERVED.has(key) ? undefined : routes.get(key)
  return found ?? routes.get('$default')
}

const VARIABLE = /\$(?:\{request\.body([^{}]+)\}|request\.body([^$/{}\\\s]+))/y
const LITERAL = /(?:\\\$|[^$])+/y

function readParts(expression: string): Part[] | undefined {
  const parts: Part[] = []
  let at = 0
  while (at < expression.length) {
    const variable = matchAt(VARIABLE, expression, at)
    const found = variable ?? matchAt(LITERAL, expression, at)
    if (found === undefined) return undefined
    const path = variable === undefined ? undefined : readPath(variable[1] ?? variable[2] ?? '')
    if (variable !== undefined && path === undefined) return undefined
    parts.push(path === undefined ? found[0].replaceAll('\\$', '$') : { path })
    at += found[0].length
  }
  return parts
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}

const STEP = /\.([^.[\]*'"]+)|\[(\d{1,9})\]|\['([^']+)'\]|\["([^"]+)"\]/y

function readPath(text: string): (string | number)[] | undefined {
  const path: (string | number)[] = []
  for (let at = 0; at < text.length; ) {
    const step = matchAt(STEP, text, at)
    if (step === undefined) return undefined
    const [all, name, index, single, double] = step
    path.push(index === undefined ? (name ?? single ?? double ?? '') : Number(index))
    at += all.length
  }
  return path
}

function evaluate(part: Part, body: unknown): string {
  if (typeof part === 'string') return part
  let at: unknown = body
  for (const step of part.path) {
    // Only what the message itself holds: `constructor` is a name like any other.
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return ''
    at = Reflect.get(at, step)
  }
  return toText(at)
}

// What is not there is the empty string; a list is `[item1, item2]`, as Java writes it. Source: the same page.
function toText(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return `[${value.map(inside).join(', ')}]`
  if (typeof value !== 'object') return String(value)
  const members = Object.entries(value).map(([name, member]) => `${name}=${inside(member)}`)
  return `{${members.join(', ')}}`
}

const inside = (value: unknown): string => (value === null ? 'null' : toText(value))
