// iam.lock.json: what every function may do, as it was reviewed; and what has changed since.
import type { Where } from '../errors.ts'
import type { Finding, Grant, Permissions } from './permissions.ts'

/** Names in alphabetical order, each with what it stands for; the same text for the same app. */
type Sorted<Value> = Readonly<Record<string, Value>>

export interface Lock {
  readonly version: 1
  /** Whose names stand in the ARNs. */
  readonly stage: string
  /** Function → action → resource → the lines that need it. Only new actions and resources are new: lines move. */
  readonly functions: Sorted<Sorted<Sorted<readonly string[]>>>
  /** Function → kind → message → lines: the warnings that were looked at and accepted. */
  readonly warnings: Sorted<Sorted<Sorted<readonly string[]>>>
}

/** A grant or a warning of a function. */
export interface Change {
  readonly function: string
  /** The action, or the kind of the warning. */
  readonly name: string
  /** The resource, or the message. */
  readonly detail: string
  readonly places: readonly string[]
}

export interface Changes {
  readonly grants: readonly Change[]
  readonly warnings: readonly Change[]
  /** Grants that nothing needs any more. */
  readonly gone: readonly Change[]
}

export function toLock(permissions: Permissions, stage: string): Lock {
  const grants = [...permissions].flatMap(([name, { grants: all }]) => all.map((grant) => ofGrant(name, grant)))
  const warnings = [...permissions].flatMap(([name, one]) => one.warnings.map((finding) => ofFinding(name, finding)))
  const functions = nest(grants)
  const names = [...permissions.keys()].sort()
  return {
    version: 1,
    stage,
    // A function that may do nothing is told, too.
    functions: Object.fromEntries(names.map((name) => [name, functions[name] ?? {}])),
    warnings: nest(warnings),
  }
}

export const lockText = (lock: Lock): string => `${JSON.stringify(lock, null, 2)}\n`

/** Reads what `lockText` wrote; undefined for anything else. */
export function readLock(text: string): Lock | undefined {
  try {
    const read: Partial<Lock> | null = JSON.parse(text)
    if (read?.version !== 1 || typeof read.stage !== 'string') return undefined
    const { functions, warnings } = read
    if (!isNested(functions) || !isNested(warnings)) return undefined
    return { version: 1, stage: read.stage, functions, warnings }
  } catch {
    return undefined
  }
}

/** What is in `now` and was not in `before`, and the other way round. */
export function compareLocks(before: Lock, now: Lock): Changes {
  return {
    grants: missing(now.functions, before.functions),
    warnings: missing(now.warnings, before.warnings),
    gone: missing(before.functions, now.functions),
  }
}

type Nested = Lock['functions']

function ofGrant(name: string, { action, resource, conditions, chain }: Grant): Change {
  const detail = conditions === undefined ? resource : `${resource} when ${JSON.stringify(conditions)}`
  const last = chain.at(-1)
  return { function: name, name: action, detail, places: last === undefined ? [] : [lineOf(last)] }
}

const ofFinding = (name: string, { kind, message, where }: Finding): Change => ({
  function: name,
  name: kind,
  detail: message,
  places: [lineOf(where)],
})

const lineOf = ({ file, line }: Where): string => `${file}:${line}`

function nest(changes: readonly Change[]): Nested {
  const found: Record<string, Record<string, Record<string, string[]>>> = {}
  const sorted = [...changes].sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1))
  for (const { function: name, name: action, detail, places } of sorted) {
    const actions = found[name] ?? {}
    const details = actions[action] ?? {}
    found[name] = actions
    actions[action] = details
    details[detail] = [...new Set([...(details[detail] ?? []), ...places])].sort()
  }
  return found
}

const keyOf = ({ function: name, name: action, detail }: Change): string => [name, action, detail].join('\n')

const flat = (nested: Nested): Change[] =>
  Object.entries(nested).flatMap(([name, actions]) =>
    Object.entries(actions).flatMap(([action, details]) =>
      Object.entries(details).map(([detail, places]) => ({ function: name, name: action, detail, places })),
    ),
  )

function missing(here: Nested, there: Nested): Change[] {
  const known = new Set(flat(there).map(keyOf))
  return flat(here).filter((one) => !known.has(keyOf(one)))
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isNested = (value: unknown): value is Nested =>
  isRecord(value) &&
  Object.values(value).every(
    (actions) =>
      isRecord(actions) &&
      Object.values(actions).every((details) => isRecord(details) && Object.values(details).every(Array.isArray)),
  )
