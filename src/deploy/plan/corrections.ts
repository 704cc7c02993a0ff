// Settings of a function that another hand changed: CloudFormation compares templates, so it never sees them.
import type { FunctionConfiguration, Runtime } from '@aws-sdk/client-lambda'
import type { TemplateResource, Value } from '../template.ts'

/** What UpdateFunctionConfiguration is given to put right. */
export interface Corrections {
  /** For people: `timeout is 3, not 10`. */
  readonly said: readonly string[]
  readonly MemorySize?: number
  readonly Timeout?: number
  readonly Runtime?: Runtime
  readonly Handler?: string
  readonly Role?: string
  readonly Environment?: { readonly Variables: Record<string, string> }
}

/**
 * Holds what is there against the template that CloudFormation made it from. What the template only refers to has the
 * value that the live version was published with. Undefined: nothing was changed.
 */
export function correctionsOf(
  { Properties = {} }: TemplateResource,
  latest: FunctionConfiguration,
  version: FunctionConfiguration | undefined,
  physicalIds: ReadonlyMap<string, string>,
): Corrections | undefined {
  const said: string[] = []
  const note = (what: string, found: unknown, meant: unknown) => {
    said.push(`${what} is ${String(found)}, not ${String(meant)}`)
  }
  const { MemorySize, Timeout, Runtime: runtime, Handler, Role } = Properties
  const corrections: { -readonly [Name in keyof Corrections]: Corrections[Name] } = { said }
  if (typeof MemorySize === 'number' && latest.MemorySize !== MemorySize) {
    note('memory', latest.MemorySize, MemorySize)
    corrections.MemorySize = MemorySize
  }
  if (typeof Timeout === 'number' && latest.Timeout !== Timeout) {
    note('timeout', latest.Timeout, Timeout)
    corrections.Timeout = Timeout
  }
  if (isRuntime(runtime) && latest.Runtime !== runtime) {
    note('runtime', latest.Runtime, runtime)
    corrections.Runtime = runtime
  }
  if (typeof Handler === 'string' && latest.Handler !== Handler) {
    note('handler', latest.Handler, Handler)
    corrections.Handler = Handler
  }
  const role = roleOf(Role, version, physicalIds)
  if (role !== undefined && latest.Role !== role) {
    note('role', latest.Role, role)
    corrections.Role = role
  }
  const variables = variablesOf(Properties, latest, version)
  if (variables !== undefined) {
    const found = latest.Environment?.Variables ?? {}
    const names = [...new Set([...Object.keys(found), ...Object.keys(variables)])]
    // Names only: values may be secret.
    const changed = names.filter((name) => found[name] !== variables[name]).sort()
    said.push(`the environment differs in ${changed.join(', ')}`)
    corrections.Environment = { Variables: variables }
  }
  return said.length === 0 ? undefined : corrections
}

// Whichever the client's list knows yet: it was taken before.
const isRuntime = (value: unknown): value is Runtime => typeof value === 'string'

// A role that the stack made: the function's ARN is right when it names it.
function roleOf(
  role: Value | undefined,
  version: FunctionConfiguration | undefined,
  physicalIds: ReadonlyMap<string, string>,
): string | undefined {
  if (typeof role === 'string') return role
  const [id] = refersTo(role)
  const name = id === undefined ? undefined : physicalIds.get(id)
  const known = version?.Role
  // Only an ARN that AWS told is put back: paths and partitions are not guessed.
  return name !== undefined && known?.endsWith(`/${name}`) ? known : undefined
}

const refersTo = (value: Value | undefined): string[] => {
  if (typeof value !== 'object' || value === null || !('Fn::GetAtt' in value)) return []
  const of = value['Fn::GetAtt']
  return Array.isArray(of) && typeof of[0] === 'string' ? [of[0]] : []
}

// What CloudFormation puts in its place only AWS knows.
const isLookedUp = (value: Value): boolean =>
  typeof value === 'object' || (typeof value === 'string' && value.startsWith('{{resolve:'))

/** The environment as it should be; undefined: it is so. */
function variablesOf(
  { Environment }: Readonly<Record<string, Value>>,
  latest: FunctionConfiguration,
  version: FunctionConfiguration | undefined,
): Record<string, string> | undefined {
  const told =
    typeof Environment === 'object' && Environment !== null && 'Variables' in Environment ? Environment.Variables : {}
  const meant = Object.entries(typeof told === 'object' && told !== null ? told : {})
  const found = latest.Environment?.Variables ?? {}
  const before = version?.Environment?.Variables ?? {}
  const right: Record<string, string> = {}
  for (const [name, value] of meant) {
    const text = isLookedUp(value) ? (before[name] ?? found[name]) : String(value)
    if (text !== undefined) right[name] = text
  }
  const isRight =
    Object.keys(found).length === Object.keys(right).length &&
    Object.entries(right).every(([name, value]) => found[name] === value)
  return isRight ? undefined : right
}
