// What `goblet policy` says of functions: a table for people, statements for programs.
import { toPlace, type Where } from '../errors.ts'
import {
  type Finding,
  type FunctionPermissions,
  type Grant,
  lengthOf,
  type Permissions,
  toPolicies,
  toPolicyDocument,
} from '../model/index.ts'
import { paint, toTable } from './terminal.ts'

// What the code needs is looked for first; what Goblet needs for it is much the same everywhere.
const BY: readonly Grant['by'][] = ['code', 'app', 'goblet']
const byAction = (left: Grant, right: Grant): number =>
  BY.indexOf(left.by) - BY.indexOf(right.by) || order(left.action, right.action) || order(left.resource, right.resource)
const order = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

const lineOf = ({ file, line }: Where): string => `${file}:${line}`
const places = (grants: readonly Grant[]): string[] =>
  [...new Set(grants.flatMap(({ chain }) => chain.slice(-1).map(lineOf)))].sort()

/** Who asks for a grant, as people are told. */
function from({ by, why, chain }: Grant): string {
  const last = chain.at(-1)
  const place = last === undefined ? '' : lineOf(last)
  if (by === 'code') return place
  return by === 'goblet' ? `${why} (${place})` : `permissions: ${why} (${place})`
}

const conditionsOf = ({ conditions }: Grant): string =>
  conditions === undefined ? '' : ` when ${JSON.stringify(conditions)}`

/** The grants of a function, those on the same resource from several lines as one. */
function rowsOf(grants: readonly Grant[]): string[][] {
  const rows = new Map<string, { cells: string[]; from: Set<string> }>()
  for (const grant of [...grants].sort(byAction)) {
    const cells = [grant.action, `${grant.resource}${conditionsOf(grant)}`]
    const row = rows.get(cells.join('\n')) ?? { cells, from: new Set() }
    rows.set(cells.join('\n'), row)
    row.from.add(from(grant))
  }
  return [...rows.values()].map((row) => [...row.cells, [...row.from].join(', ')])
}

/** One function as a table, and what there is to say about it. */
export function toReport(name: string, role: string | undefined, permissions: FunctionPermissions): string {
  const { grants } = permissions
  const lines = [paint('bold', name)]
  if (role !== undefined) lines.push(`  runs as ${role}, which is not Goblet's to fill`)
  else if (grants.length === 0) lines.push('  may do nothing')
  else lines.push(...indented(toTable([['ACTION', 'RESOURCE', 'FROM'], ...rowsOf(grants)])))
  return [...lines, ...toFindings(permissions), ...toLength(name, grants)].join('\n')
}

const indented = (text: string): string[] =>
  text.split('\n').map((line, index) => `  ${index === 0 ? paint('dim', line) : line}`)

/** One function with the way from its handler to every call. */
export function toExplanation(name: string, role: string | undefined, permissions: FunctionPermissions): string {
  if (permissions.grants.length === 0) return toReport(name, role, permissions)
  const grants = [...permissions.grants].sort(byAction)
  const lines = grants.flatMap((grant) => [
    `  ${paint('bold', grant.action)} ${grant.resource}${conditionsOf(grant)}`,
    ...(grant.by === 'code' ? wayTo(grant) : [`    ${from(grant)}`]),
  ])
  return [paint('bold', name), ...lines, ...toFindings(permissions)].join('\n')
}

const wayTo = ({ why, chain }: Grant): string[] => [
  `    ${why}`,
  ...chain.map((where, index) => `    ${'  '.repeat(Math.min(index, 8))}${index === 0 ? '' : '→ '}${toPlace(where)}`),
]

/** Warnings and errors, as complaints look. */
export const toFindings = ({ warnings, errors }: Pick<FunctionPermissions, 'warnings' | 'errors'>): string[] => [
  ...errors.flatMap((one) => toFinding(one, paint('red', '✗'))),
  ...warnings.flatMap((one) => toFinding(one, paint('yellow', '!'))),
]

const toFinding = ({ kind, where, message, mend }: Finding, sign: string): string[] => [
  `  ${sign} ${paint('cyan', toPlace(where))}  ${message}`,
  `    ${mend} ${paint('dim', `[${kind}]`)}`,
]

/** Whether no role could hold it, in however many policies. */
export const isTooLong = (grants: readonly Grant[]): boolean => !toPolicies(grants).fits

function toLength(name: string, grants: readonly Grant[]): string[] {
  if (!isTooLong(grants)) return []
  const length = lengthOf(toPolicyDocument(grants)).toLocaleString('en')
  return [
    `  ${paint('red', '✗')} What ${name} may do takes ${length} characters, more than a role can hold in its own policy and ten more.`,
    '    Split the function (routes: `isolate: true`), or name fewer resources one by one.',
  ]
}

/** What `--json` prints. */
export function toJson(permissions: Permissions): unknown {
  const functions = [...permissions].map(([name, { grants, warnings, errors }]) => [
    name,
    {
      statements: toPolicyDocument(grants).Statement.map(({ Action, Resource, Condition }) => ({
        actions: Action,
        resources: Resource,
        from: places(grants.filter((one) => Action.includes(one.action) && Resource.includes(one.resource))),
        ...(Condition === undefined ? {} : { conditions: Condition }),
      })),
      warnings: warnings.map(toPlain),
      errors: errors.map(toPlain),
    },
  ])
  return { functions: Object.fromEntries(functions) }
}

export const toPlain = ({ kind, where, message }: Finding): unknown => ({
  kind,
  file: where.file,
  line: where.line,
  message,
})
