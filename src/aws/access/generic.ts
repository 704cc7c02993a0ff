// Finds a type's resources by the names of an input's members: `${StreamName}` of an ARN is told by StreamName, streamName or StreamARN.
import type { Place } from './need.ts'
import { isArn, type Resource } from './resource.ts'
import { alternatives, type Input, items, type Text, texts, UNTOLD } from './text.ts'
import { UNKNOWN, type Value } from './value.ts'

/** A resource type of the table, with its template taken apart. */
export interface Type {
  readonly name: string
  readonly template: string
  /** What the template has to be filled in with, without partition, region and account. */
  readonly holes: readonly string[]
}

const HOLE = /\$\{(\w+)\}/g
const ENDS = ['', 'name', 'id', 'identifier', 'arn', 's', 'names', 'ids', 'identifiers', 'arns']
// What a call may name its only resource by.
const PLAIN = ['resourcearn', 'resourceid', 'arn', 'name', 'id', 'identifier']

export function toType(name: string, template: string): Type {
  const holes = [...template.matchAll(HOLE)].map(([, hole = '']) => hole)
  return { name, template, holes: holes.filter((hole) => !/^(Partition|Region|Account)$/.test(hole)) }
}

/** The template filled in. What is not given is not known. */
export function fill({ template }: Type, place: Place, given: Readonly<Record<string, string>>): string {
  const here: Record<string, string> = { Partition: place.partition, Region: place.region, Account: place.account }
  return template.replace(HOLE, (_, hole: string) => here[hole] ?? given[hole] ?? '*')
}

/** Every resource of a type. */
export function everyOne(type: Type, place: Place, exact: boolean): Resource {
  return { arn: fill(type, place, {}), exact: exact || type.holes.length === 0 }
}

/** The resources of a type that the input names; `only` where the action works on no other type. None where it names none. */
export function findByName(type: Type, input: Input, only: boolean): readonly Resource[] {
  return alternatives(input.value).flatMap((value) => findIn(type, toMembers(value), input.place, only))
}

function findIn(type: Type, members: ReadonlyMap<string, Value>, place: Place, only: boolean): readonly Resource[] {
  const whole = arnMembers(type)
    .flatMap((name) => textsOf(members, name))
    .filter(({ pattern }) => fits(type, pattern))
  if (whole.length > 0) return whole.map(({ pattern, told }) => ({ arn: pattern, exact: told }))
  const [first = ''] = type.holes
  const last = type.holes.length - 1
  let found: readonly (readonly Text[])[] = [[]]
  let arns: readonly Text[] = []
  for (const [index, hole] of type.holes.entries()) {
    const given =
      namesOf(type, hole, index === last, only)
        .map((name) => textsOf(members, name))
        .find((each) => each.length > 0) ?? []
    arns = [...arns, ...given.filter(({ pattern }) => isArn(pattern))]
    const names = given.filter(({ pattern }) => !isArn(pattern))
    found = found.flatMap((before) => (names.length === 0 ? [UNTOLD] : names).map((name) => [...before, name]))
  }
  const fitting = arns.filter(({ pattern }) => fits(type, pattern))
  if (fitting.length > 0) return fitting.map(({ pattern, told }) => ({ arn: pattern, exact: told }))
  if (first === '' || !found.some((each) => each.some(({ told }) => told))) return []
  return found.map((each) => {
    const given = Object.fromEntries(type.holes.map((hole, index) => [hole, each[index]?.pattern ?? '*']))
    return { arn: fill(type, place, given), exact: each.some(({ told }) => told) }
  })
}

function toMembers(value: Value): ReadonlyMap<string, Value> {
  if (value.kind !== 'object') return new Map()
  return new Map([...value.members].map(([name, given]) => [plain(name), given]))
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** What a member says; of a list, what each of its items says. */
function textsOf(members: ReadonlyMap<string, Value>, name: string): readonly Text[] {
  const value = members.get(name)
  if (value === undefined) return []
  const each = alternatives(value).flatMap((one) => (one.kind === 'list' ? items([one]) : [one]))
  return texts(each.map((one) => (one.kind === 'object' ? UNKNOWN : one)))
}

/** Without what says that it is a name: `StreamName`, `ClusterIdentifier`. */
function stem(hole: string): string {
  return plain(hole).replace(/(?<=.)(name|id|identifier|arn)$/, '')
}

function arnMembers(type: Type): readonly string[] {
  const own = [plain(type.name), ...type.holes.slice(-1).map(stem)]
  return [...own.flatMap((name) => [`${name}arn`, `${name}arns`]), 'resourcearn', 'resourcearns', 'resource', 'arn']
}

function namesOf(type: Type, hole: string, last: boolean, only: boolean): readonly string[] {
  const own = ENDS.map((end) => `${stem(hole)}${end}`)
  const byType = last ? ENDS.map((end) => `${plain(type.name)}${end}`) : []
  return [plain(hole), ...own, ...byType, ...(last && only ? PLAIN : [])]
}

/** Whether an ARN may be one of this type: its service and the start of its path are the template's. */
function fits(type: Type, arn: string): boolean {
  if (!isArn(arn)) return false
  const [, , service = '', , , ...rest] = arn.split(':')
  const [, , wanted = '', , , ...path] = type.template.split(':')
  const start = path.join(':').split('$')[0] ?? ''
  const given = rest.join(':')
  const known = given.split('*')[0] ?? ''
  return (
    (service === wanted || service === '*') &&
    (known.startsWith(start) || (given.includes('*') && start.startsWith(known)))
  )
}
