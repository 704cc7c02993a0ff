// Handlers whose least permissions are known, and how well derived ones meet them: recall, precision, silence.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Finding, FunctionPermissions, Permissions } from '../../src/model/permissions.ts'

interface Pairs {
  readonly action: string
  readonly resources: readonly string[]
  /** One of these is as good as all of `resources`. */
  readonly anyOf?: readonly string[]
}

/** Where a finding belongs; without a file or a line, anywhere. */
interface Marked {
  readonly kind: Finding['kind']
  readonly file?: string
  readonly line?: number
}

/** `expect.json` of a case. In an ARN's partition, region and account `*` stands for whatever is granted. */
export interface Expectation {
  readonly id: string
  readonly title: string
  readonly tags: readonly string[]
  /** The module of the handlers; default `handler` with one of the extensions of code. */
  readonly file?: string
  /** The entry of an app in Goblet's form: its functions are told by their names. */
  readonly app?: string
  readonly env?: Readonly<Record<string, string>>
  /** What wakes it, and the name of that: `{ "s3": "incoming" }`. */
  readonly trigger?: Readonly<Record<string, string>>
  /** What an installer would link into node_modules: `{ "@acme/storage": "packages/storage" }`. */
  readonly links?: Readonly<Record<string, string>>
  /** Everything each function needs. */
  readonly functions: Readonly<Record<string, readonly Pairs[]>>
  /** What may be granted besides. */
  readonly tolerate: readonly Pairs[]
  /** Actions that no function may be granted but one that needs them; `s3:*` is all of S3's. */
  readonly forbid: readonly string[]
  readonly warnings: readonly Marked[]
  readonly errors?: readonly Marked[]
  /** Warnings that are right, and may be left out by who knows more. */
  readonly optionalWarnings?: readonly Marked[]
  /** A warning is as good as the grants. */
  readonly acceptWarnOnly?: true
}

export interface Case extends Expectation {
  /** Absolute. */
  readonly folder: string
  /** The handlers' module, or the app's entry, relative to the folder. */
  readonly entry: string
}

export interface Verdict {
  readonly pairs: number
  readonly found: number
  readonly granted: number
  readonly right: number
  /** Needed, not granted, and nothing was said. */
  readonly silent: readonly string[]
  /** Granted though it is forbidden; a finding that is missing. */
  readonly faults: readonly string[]
  /** Findings that nobody has a use for. */
  readonly noise: readonly string[]
  /** What recall and precision lack. */
  readonly misses: readonly string[]
}

const HANDLERS = /^handler\.[cm]?[jt]s$/

/** The cases of a folder, in their order. */
export function readCases(place: URL): Case[] {
  const root = fileURLToPath(place)
  return readdirSync(root)
    .sort()
    .map((name) => {
      const folder = `${root.replace(/\/$/, '')}/${name}`
      const expect: Expectation = JSON.parse(readFileSync(`${folder}/expect.json`, 'utf8'))
      const entry = expect.app ?? expect.file ?? readdirSync(folder).find((file) => HANDLERS.test(file)) ?? 'handler.ts'
      return { ...expect, folder, entry }
    })
}

/** An ARN's fields, the last one whole; of `*` the last one alone. */
function fieldsOf(pattern: string): { head: readonly string[]; tail: string } {
  const fields = pattern.split(':')
  return pattern.startsWith('arn:')
    ? { head: fields.slice(1, 5), tail: fields.slice(5).join(':') }
    : { head: [], tail: pattern }
}

const glob = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '[^*]')}$`,
    's',
  )

const sameHead = (granted: readonly string[], needed: readonly string[], wide: boolean): boolean =>
  granted.length === needed.length &&
  needed.every((field, index) => field === '*' || field === granted[index] || (wide && granted[index] === '*'))

/** Whether a grant's pattern is the needed one. */
function isSame(granted: string, needed: string): boolean {
  const [left, right] = [fieldsOf(granted), fieldsOf(needed)]
  return left.tail === right.tail && sameHead(left.head, right.head, false)
}

/** Whether a grant's pattern takes all that the needed one takes. */
function takes(granted: string, needed: string): boolean {
  if (granted === '*') return true
  const [left, right] = [fieldsOf(granted), fieldsOf(needed)]
  return glob(left.tail).test(right.tail) && sameHead(left.head, right.head, true)
}

const isMarked = ({ kind, where }: Finding, marked: Marked): boolean =>
  kind === marked.kind &&
  (marked.file === undefined || where.file === marked.file) &&
  (marked.line === undefined || where.line === marked.line)

const told = ({ kind, file = '', line = 0 }: Marked): string => `${kind} at ${file}:${line}`

/** What a function was granted for its own code, measured by what it needs. */
function judgeFunction(one: Case, name: string, { grants, warnings, errors }: FunctionPermissions): Verdict {
  const needs = one.functions[name] ?? []
  const own = grants.filter(({ by }) => by === 'code')
  const missing = needs.flatMap(({ action, resources, anyOf = [] }) => {
    const given = own.filter((grant) => grant.action === action).map(({ resource }) => resource)
    const isTolerated = one.tolerate.some(
      (pairs) => pairs.action === action && pairs.resources.some((other) => given.some((got) => isSame(got, other))),
    )
    const isGiven = (resource: string): boolean =>
      given.some((got) => takes(got, resource)) || (resource === '*' && isTolerated)
    return anyOf.some(isGiven)
      ? []
      : resources.filter((resource) => !isGiven(resource)).map((resource) => `${action} on ${resource}`)
  })
  const wrong = own.filter(
    ({ action, resource }) =>
      ![...needs, ...one.tolerate].some(
        (pairs) =>
          pairs.action === action &&
          [...pairs.resources, ...(pairs.anyOf ?? [])].some((needed) => isSame(resource, needed)),
      ),
  )
  const isSaid = warnings.length + errors.length > 0
  const pairs = needs.reduce((sum, { resources }) => sum + resources.length, 0)
  const place = `${one.id} ${name}:`
  return {
    pairs,
    found: isSaid && one.acceptWarnOnly ? pairs : pairs - missing.length,
    granted: own.length,
    right: own.length - wrong.length,
    silent: isSaid ? [] : missing.map((pair) => `${place} silently lacks ${pair}`),
    faults: own
      .filter(({ action }) => needs.every((need) => need.action !== action))
      .filter(({ action }) => one.forbid.some((forbidden) => glob(forbidden).test(action)))
      .map(({ action, resource }) => `${place} is granted ${action} on ${resource}, which is forbidden`),
    noise: [],
    misses: [
      ...missing.map((pair) => `${place} lacks ${pair}`),
      ...wrong.map(({ action, resource }) => `${place} does not need ${action} on ${resource}`),
    ],
  }
}

/** What all functions of a case were granted, and what was said, measured by what they need. */
export function judge(one: Case, derived: Permissions): Verdict {
  const verdicts = Object.keys(one.functions).map((name) =>
    judgeFunction(one, name, derived.get(name) ?? { grants: [], warnings: [], errors: [] }),
  )
  const all = [...derived.values()]
  const [warnings, errors] = [all.flatMap((each) => each.warnings), all.flatMap((each) => each.errors)]
  const lacking = (found: readonly Finding[], marked: readonly Marked[]): string[] =>
    marked
      .filter((each) => !found.some((finding) => isMarked(finding, each)))
      .map((each) => `${one.id}: does not say ${told(each)}`)
  const surplus = (found: readonly Finding[], marked: readonly Marked[]): string[] =>
    found
      .filter((finding) => !marked.some((each) => isMarked(finding, each)))
      .map(({ kind, where }) => `${one.id}: says ${told({ kind, ...where })}`)
  const silence = { pairs: 0, found: 0, granted: 0, right: 0, silent: [], misses: [] }
  const said: Verdict = {
    ...silence,
    faults: [...lacking(warnings, one.warnings), ...lacking(errors, one.errors ?? [])],
    noise: [
      ...new Set([
        ...surplus(warnings, [...one.warnings, ...(one.optionalWarnings ?? [])]),
        ...surplus(errors, one.errors ?? []),
      ]),
    ],
  }
  return sum([...verdicts, said])
}

export function sum(verdicts: readonly Verdict[]): Verdict {
  const add = (pick: (one: Verdict) => number): number => verdicts.reduce((total, one) => total + pick(one), 0)
  return {
    pairs: add(({ pairs }) => pairs),
    found: add(({ found }) => found),
    granted: add(({ granted }) => granted),
    right: add(({ right }) => right),
    silent: verdicts.flatMap(({ silent }) => silent),
    faults: verdicts.flatMap(({ faults }) => faults),
    noise: verdicts.flatMap(({ noise }) => noise),
    misses: verdicts.flatMap(({ misses }) => misses),
  }
}

/** Percent. */
export const recall = ({ pairs, found }: Verdict): number => (pairs === 0 ? 100 : (100 * found) / pairs)
export const precision = ({ granted, right }: Verdict): number => (granted === 0 ? 100 : (100 * right) / granted)
