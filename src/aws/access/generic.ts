// Finds a type's resources by the names of an input's members: `${StreamName}` of an ARN is told by StreamName, streamName or StreamARN.
import type { Place } from './need.ts'
import { isArn, type Resource } from './resource.ts'
import { alternatives, type Input, items, member, type Text, texts, UNTOLD } from './text.ts'
import { UNKNOWN, type Value } from './value.ts'

/** A resource type of the table, with its template taken apart. */
export interface Type {
  readonly name: string
  readonly template: string
  /** What the template has to be filled in with, without partition, region and account. */
  readonly holes: readonly string[]
}

/** Members that stand for a hole of a template besides those that are called like it, by hole. */
export type Aliases = Readonly<Record<string, readonly string[]>>

/** What findByName works with. */
interface Search {
  readonly type: Type
  readonly place: Place
  /** Whether the action works on no other type, so that a plain `Name` can only be this one's. */
  readonly only: boolean
  readonly aliases: Aliases
  /** The input. */
  readonly value: Value
  /** Its members' names, by themselves in lower case, without what is not a letter or a digit. */
  readonly members: ReadonlyMap<string, string>
}

const HOLE = /\$\{(\w+)\}/g
const ENDS = ['', 'name', 'id', 'identifier', 'arn', 's', 'names', 'ids', 'identifiers', 'arns']
// What a call may name its only resource by.
const PLAIN = ['resourcearn', 'resourceid', 'arn', 'name', 'id', 'identifier', 'names', 'ids']
const END = /(?<=.)(names?|ids?|identifiers?|arns?)$/

// So many resources of one type may a call name by the members of a list, and by all the values that they may have.
const MOST = 1024

const NO_MEMBERS: ReadonlyMap<string, string> = new Map()

const types = new Map<string, Type>()

export function toType(name: string, template: string): Type {
  const key = `${name} ${template}`
  const known = types.get(key)
  if (known !== undefined) return known
  // Some have two templates, of two generations of the service.
  const [first = template] = template.split(', ')
  const holes = [...first.matchAll(HOLE)].map(([, hole = '']) => hole)
  const type = { name, template: first, holes: holes.filter((hole) => !/^(Partition|Region|Account)$/.test(hole)) }
  types.set(key, type)
  return type
}

/** The template filled in. What is not given is not known. */
function fill({ template }: Type, place: Place, given: Readonly<Record<string, string>>): string {
  const here: Record<string, string> = { Partition: place.partition, Region: place.region, Account: place.account }
  return template.replace(HOLE, (_, hole: string) => here[hole] ?? given[hole] ?? '*')
}

/** Every resource of a type. */
export function everyOne(type: Type, place: Place, exact: boolean): Resource {
  return { arn: fill(type, place, {}), exact: exact || type.holes.length === 0 }
}

/** The resources of a type that the input names, told or not; none where it has no member for them. */
export function findByName(type: Type, input: Input, only: boolean, aliases: Aliases = {}): readonly Resource[] {
  return alternatives(input.value).flatMap((value) =>
    findIn({ type, place: input.place, only, aliases, value, members: toMembers(value) }),
  )
}

function findIn(search: Search): readonly Resource[] {
  const { type } = search
  const whole = byArn(
    type,
    arnMembers(type).flatMap((name) => textsOf(search, name)),
  )
  if (whole.length > 0) return whole
  const given = type.holes.map((hole) => textsOfHole(search, hole))
  const arns = byArn(type, given.flat())
  if (arns.length > 0) return arns
  const names = given.map((each) => each.filter(({ pattern }) => !isArn(pattern)))
  return names.every((each) => each.length === 0) ? [] : filled(search, names)
}

function byArn(type: Type, given: readonly Text[]): readonly Resource[] {
  return given
    .filter(({ pattern }) => fits(type, pattern))
    .map(({ pattern, told }) => ({ arn: pattern, exact: told, whole: true }))
}

/** Every combination of what the holes may be. */
function filled({ type, place }: Search, names: readonly (readonly Text[])[]): readonly Resource[] {
  let found: readonly (readonly Text[])[] = [[]]
  for (const each of names) {
    const some = each.length === 0 || found.length * each.length > MOST ? [UNTOLD] : each
    found = found.flatMap((before) => some.map((name) => [...before, name]))
  }
  return found.map((each) => {
    const given = Object.fromEntries(type.holes.map((hole, index) => [hole, each[index]?.pattern ?? '*']))
    return { arn: fill(type, place, given), exact: each.some(({ told }) => told) }
  })
}

// Names only: what a member is, is looked at when it is asked for. A request's input may be large.
function toMembers(value: Value): ReadonlyMap<string, string> {
  if (value.kind !== 'object') return NO_MEMBERS
  return new Map([...value.members.keys()].map((name) => [plain(name), name]))
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}

/** What a member says; of a list, what each of its items says. */
function textsOf({ members, value }: Search, name: string): readonly Text[] {
  const written = members.get(name)
  if (written === undefined) return []
  const each = member(value, written).flatMap((one) => (one.kind === 'list' ? items([one]) : [one]))
  return texts(each.map((one) => (one.kind === 'object' ? UNKNOWN : one)))
}

function textsOfHole(search: Search, hole: string): readonly Text[] {
  const { type, only, aliases } = search
  const others = type.holes.filter((other) => other !== hole).map(stem)
  // A stack's name fills the hole of its name, and not that of its id, too.
  const last = hole === type.holes.at(-1) && !others.includes(plain(type.name))
  const own = ENDS.map((end) => `${stem(hole)}${end}`)
  const byType = last ? ENDS.map((end) => `${plain(type.name)}${end}`) : []
  const names = [plain(hole), ...(aliases[hole] ?? []).map(plain), ...own, ...byType, ...(last && only ? PLAIN : [])]
  const given = names.map((name) => textsOf(search, name)).find((each) => each.length > 0)
  return given ?? (last && only ? likeHole(search, hole) : [])
}

/** Members that are called nearly so: jobIdentifier of an evaluation-job, DBClusterIdentifier of a cluster. */
function likeHole(search: Search, hole: string): readonly Text[] {
  const wanted = [stem(hole), plain(search.type.name)]
  const others = search.type.holes.filter((other) => other !== hole).map(stem)
  const alike = [...search.members.keys()].filter((name) => {
    const own = stem(name)
    if (own === name || own.length < 3 || others.includes(own)) return false
    return wanted.some((want) => want.endsWith(own) || own.endsWith(want))
  })
  return alike.flatMap((name) => textsOf(search, name))
}

/** Without what says that it is a name: `StreamName`, `ClusterIdentifier`, `RoleNameWithPath`. */
function stem(hole: string): string {
  return plain(hole)
    .replace(/(?<=.)withpath$/, '')
    .replace(END, '')
}

function arnMembers(type: Type): readonly string[] {
  const own = [plain(type.name), ...type.holes.slice(-1).map(stem)]
  return [...own.flatMap((name) => [`${name}arn`, `${name}arns`]), 'resourcearn', 'resourcearns', 'resource', 'arn']
}

/** Whether an ARN may be one of this type: its service and the start of its path are the template's. */
function fits(type: Type, arn: string): boolean {
  if (!isArn(arn)) return false
  const [, , service = '', , , ...rest] = arn.split(':')
  const [, , wanted = '', , , ...path] = type.template.split(':')
  const start = path.join(':').split('$')[0] ?? ''
  const given = rest.join(':')
  const [known = ''] = given.split('*')
  if (service !== wanted && service !== '*') return false
  return known.startsWith(start) || (given.includes('*') && start.startsWith(known))
}
