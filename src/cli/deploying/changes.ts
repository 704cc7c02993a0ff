// What `goblet plan` shows, and `goblet deploy` before it begins: what comes, changes and goes, and what that means.
import {
  type CostNote,
  type Doing,
  MASK,
  type Plan,
  type PropertyChange,
  type ResourceChange,
  type Value,
} from '../../deploy/index.ts'
import type { Change } from '../../model/index.ts'
import { paint, toTable } from '../terminal.ts'

const SIGNS: Readonly<Record<Doing, string>> = {
  add: paint('green', '+'),
  change: paint('yellow', '~'),
  replace: paint('red', '±'),
  refuse: paint('red', '✗'),
  remove: paint('red', '-'),
  leave: paint('cyan', '='),
}

// What others are made with: told by their number where they come all at once.
const PARTS = new Set([
  'AWS::IAM::Role',
  'AWS::IAM::ManagedPolicy',
  'AWS::Logs::LogGroup',
  'AWS::Lambda::Alias',
  'AWS::Lambda::Permission',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::ApiGateway::Deployment',
  'AWS::ApiGateway::Method',
  'AWS::ApiGateway::Resource',
  'AWS::ApiGateway::GatewayResponse',
  'AWS::SQS::QueuePolicy',
  'AWS::CloudFormation::Stack',
])

/** The plan as text, without its refusals. */
export function toPlanText(plan: Plan): string {
  const sections = [
    toSection('Code', codeLines(plan)),
    toSection('Resources', resourceLines(plan)),
    toSection(
      'Put right',
      plan.mends.map((one) => `${SIGNS.change} ${one}`),
    ),
    toSection('Permissions', permissionLines(plan)),
    toSection('Standing costs', costLines(plan.costs)),
  ]
  return sections.filter((one) => one !== '').join('\n\n')
}

const toSection = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : [paint('bold', title), ...lines.map((line) => `  ${line}`)].join('\n')

const linesOf = (rows: readonly (readonly string[])[]): string[] => (rows.length === 0 ? [] : toTable(rows).split('\n'))

function codeLines({ code }: Plan): string[] {
  // The sign is painted, so it stands outside of what is measured.
  const lines = linesOf(code.map((one) => [one.function, one.does === 'add' ? 'new' : 'changed', toSize(one.size)]))
  return lines.map((line, index) => `${SIGNS[code[index]?.does ?? 'change']} ${line}`)
}

/** `84 kB`, as disks count. */
export const toSize = (bytes: number): string =>
  bytes < 1000 ? `${bytes} B` : bytes < 1e6 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`

function resourceLines({ resources, kind }: Plan): string[] {
  const hidden = resources.filter(({ does, type }) => PARTS.has(type) && (does === 'add' || does === 'remove'))
  const folds = kind === 'first' || hidden.length > 8
  const shown = (folds ? resources.filter((one) => !hidden.includes(one)) : resources).toSorted(byType)
  const lines = linesOf(shown.map(({ type, name, id }) => [type, name ?? id]))
  const all = shown.flatMap((one, index) => [`${SIGNS[one.does]} ${lines[index] ?? ''}`, ...detailsOf(one)])
  return folds ? [...all, ...foldedLines(hidden)] : all
}

// What is lost comes first.
const ORDER: readonly Doing[] = ['refuse', 'replace', 'remove', 'leave', 'change', 'add']

function byType(left: ResourceChange, right: ResourceChange): number {
  const rank = ORDER.indexOf(left.does) - ORDER.indexOf(right.does)
  const [a, b] = [left, right].map(({ type, name, id }) => `${type} ${name ?? id}`)
  return rank || (a === b ? 0 : (a ?? '') < (b ?? '') ? -1 : 1)
}

function foldedLines(hidden: readonly ResourceChange[]): string[] {
  return (['add', 'remove'] as const).flatMap((does) => {
    const types = hidden.filter((one) => one.does === does).map(({ type }) => type.replace(/^AWS::/, ''))
    const counts = [...new Set(types)].sort().map((type) => `${types.filter((one) => one === type).length} ${type}`)
    return counts.length === 0 ? [] : [`${SIGNS[does]} ${paint('dim', `and their parts: ${counts.join(', ')}`)}`]
  })
}

const FATES: Partial<Record<Doing, string>> = {
  leave: 'leaves the stack and stays on AWS, with what it holds',
  replace: 'is replaced by a new one',
  refuse: 'cannot be changed so',
}

function detailsOf({ does, type, properties, loses }: ResourceChange): string[] {
  const fate = FATES[does]
  const words = [
    ...(fate === undefined ? [] : [fate]),
    ...(loses === undefined ? [] : [paint('red', `loses ${loses}`)]),
  ]
  // Policies are told as permissions.
  const told = properties.filter(({ path }) => type !== 'AWS::IAM::Role' || path !== 'Policies')
  const changes = told.slice(0, SHOWN).map((one) => paint('dim', toChange(one)))
  const rest = told.length > SHOWN ? [paint('dim', `and ${told.length - SHOWN} more`)] : []
  return [...(words.length === 0 ? [] : [words.join('; ')]), ...changes, ...rest].map((line) => `    ${line}`)
}

/** Of one resource. */
const SHOWN = 12

const toChange = ({ path, before, after }: PropertyChange): string => `${path}: ${toShort(before)} → ${toShort(after)}`

function toShort(value: Value | undefined): string {
  if (value === undefined) return 'none'
  if (value === MASK) return value
  const text = JSON.stringify(value)
  return text.length <= 60 ? text : `${text.slice(0, 57)}…`
}

function permissionLines({ permissions: { grants, gone }, kind }: Plan): string[] {
  const rows = (all: readonly Change[], sign: string): string[] =>
    linesOf(all.map((one) => [one.function, one.name, one.detail, one.places.join(', ')])).map(
      (line) => `${sign} ${line.trimEnd()}`,
    )
  if (kind === 'first' && grants.length > SHOWN) {
    const functions = new Set(grants.map((one) => one.function)).size
    return [`${SIGNS.add} ${grants.length} for ${functions} functions; \`goblet policy\` shows each with its line`]
  }
  return [...rows(grants, SIGNS.add), ...rows(gone, SIGNS.remove)]
}

function costLines({ costs, month, notice }: CostNote): string[] {
  if (costs.length === 0) return []
  const dollars = (amount: number): string => `${amount < 0 ? '-' : '+'}$${Math.abs(amount).toFixed(2)}`
  const rows = costs.map((one) => [dollars(one.month), one.name ?? one.id, one.what])
  const sum = costs.length > 1 ? [[dollars(month), 'a month, together', '']] : []
  return [...linesOf([...rows, ...sum]).map((line) => line.trimEnd()), paint('dim', notice)]
}

/** One line: what it comes to. */
export function toSummary({ resources, code, kind, stack }: Plan): string {
  if (kind === 'nothing') return `${stack} is as the code says: there is nothing to do.`
  const count = (word: string, ...does: readonly Doing[]): string[] => {
    const number = resources.filter((one) => does.includes(one.does)).length
    return number === 0 ? [] : [`${number} to ${word}`]
  }
  const changed = code.filter((one) => one.does === 'change').length
  const parts = [
    ...count('add', 'add'),
    ...count('change', 'change', 'refuse'),
    ...count('replace', 'replace'),
    ...count('remove', 'remove', 'leave'),
    ...(changed === 0 ? [] : [`new code for ${changed} function${changed === 1 ? '' : 's'}`]),
  ]
  if (parts.length === 0) return `${stack} is to be put right.`
  const how = kind === 'code' ? ' CloudFormation has nothing to do.' : ''
  return `${parts.join(', ')}.${how}`
}
