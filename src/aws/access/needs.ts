// What a call of an operation needs: the service's own rules first, then the action of the operation's name.
import { everyOne, findByName, type Type, toType } from './generic.ts'
import type { Need, NeedsOf } from './need.ts'
import { EVERYTHING, joined, need, type Resource, type Rule, type Service } from './resource.ts'
import { prefixOf } from './sdk.ts'
import { handedRoles } from './services/pass-role.ts'
import { serviceOf } from './services.ts'
import { type Action, type ServiceTable, tableOf } from './table.ts'
import { alternatives, type Input, isAbsent } from './text.ts'
import { UNKNOWN, type Value } from './value.ts'

const NOTHING: Value = { kind: 'object', members: new Map(), open: false }

/** What a call needs; undefined for an operation that neither the table nor a rule knows. */
export const needsOf: NeedsOf = (operation, input, place) => {
  const service = serviceOf(operation.service)
  const ask = own(service?.rules, operation.name) ?? toRule(service, prefixOf(operation.service), operation.name)
  if (ask === undefined) return undefined
  // Each of several inputs is a call of its own: what one names must not be joined with what another names.
  const inputs = alternatives(input).map((value) => (isAbsent(value) ? NOTHING : value))
  return joined((inputs.length === 0 ? [UNKNOWN] : inputs).flatMap((value) => ask({ value, place })))
}

/** What the table says of an operation, with what the service has besides. */
function toRule(service: Service | undefined, prefix: string | undefined, name: string): Rule | undefined {
  if (service?.free?.includes(name)) return () => []
  const table = prefix === undefined ? undefined : tableOf(prefix)
  if (prefix === undefined || table === undefined) return undefined
  const actions = actionsOf(service, name).map((action) => table.actions.get(action.toLowerCase()))
  if (!actions.every((action) => action !== undefined)) return undefined
  const besides = own(service?.besides, name)
  return (input) => [
    ...actions.flatMap((action) => toNeeds(prefix, action, table, service, input)),
    ...(besides === undefined ? [] : besides(input)),
  ]
}

function toNeeds(
  prefix: string,
  action: Action,
  table: ServiceTable,
  service: Service | undefined,
  input: Input,
): Need[] {
  const own = need(`${prefix}:${action.name}`, resourcesOf(action, table, service, input))
  return action.level === 'write' ? [own, ...handedRoles(prefix, input)] : [own]
}

/** The operations of an SDK client that are known, as `needsOf` takes them; none of a service that is not known. */
export function operationsOf(sdkService: string): readonly string[] {
  const service = serviceOf(sdkService)
  const prefix = prefixOf(sdkService)
  const table = prefix === undefined ? undefined : tableOf(prefix)
  const named = [...(table?.actions.values() ?? [])].map(({ name }) => name)
  const listed = [
    ...Object.keys(service?.rules ?? {}),
    ...Object.keys(service?.renamed ?? {}),
    ...(service?.free ?? []),
  ]
  return [...new Set([...named, ...listed])].sort()
}

function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
}

function actionsOf(service: Service | undefined, operation: string): readonly string[] {
  const renamed = own(service?.renamed, operation) ?? operation
  return typeof renamed === 'string' ? [renamed] : renamed
}

interface Found {
  readonly type: Type
  readonly required: boolean
  readonly resources: readonly Resource[]
}

/**
 * The resources that an action works on: those that it always needs, and of the others those that the input names. Where it
 * names none at all: all of each type, or `*` where it could have named one and did not.
 */
function resourcesOf(
  action: Action,
  table: ServiceTable,
  service: Service | undefined,
  input: Input,
): readonly Resource[] {
  if (action.on.length === 0) return [EVERYTHING]
  const only = action.on.length === 1
  const found = action.on.map(({ type: name, required }): Found => {
    const type = toType(name, table.types.get(name) ?? '*')
    return { type, required, resources: find(type, service, input, only) }
  })
  const named = found.filter(({ resources }) => resources.length > 0)
  const required = found.filter((each) => each.required)
  if (named.length === 0 && required.length === 0 && isClosed(input)) return [EVERYTHING]
  const silent = saysNothing(action, input)
  const wide = isChoice(action, named) ? named : found.filter((each) => each.required || named.includes(each))
  return (wide.length > 0 ? wide : found).flatMap(({ type, resources }) =>
    resources.length > 0 ? resources : [everyOne(type, input.place, silent)],
  )
}

/**
 * Whether the types that the input does not name are only others that it might have named. The table marks all of them as
 * needed when an action takes one of several; nothing in it tells that from an action that needs each.
 */
function isChoice({ name, level, on }: Action, named: readonly Found[]): boolean {
  if (named.length === 0) return false
  const tagging = level === 'tagging' || /Tag|ResourcePolic/.test(name)
  return (
    tagging ||
    on.filter(({ required }) => required).length > 2 ||
    named.some(({ type, resources }) => byArn(type, resources))
  )
}

/** Whether the input told these by their ARNs, and not by names that the template was filled in with. */
function byArn(type: Type, resources: readonly Resource[]): boolean {
  return resources.some(({ arn, whole }) => whole === true && arn.startsWith('arn:') && type.holes.length > 0)
}

function find(type: Type, service: Service | undefined, input: Input, only: boolean): readonly Resource[] {
  const finder = own(service?.finders, type.name)
  return finder === undefined ? findByName(type, input, only, service?.aliases) : finder(input)
}

function isClosed({ value }: Input): boolean {
  return alternatives(value).every((one) => one.kind === 'object' && !one.open)
}

/** Whether the call itself names no resource, so that every one of its type is just what it works on: lists, and what gets its name later. */
function saysNothing({ name, level }: Action, input: Input): boolean {
  const unnamed =
    level === 'list' || /^(List|Describe|Create|Run|Request|Allocate|Import|Generate|Register|Search)/.test(name)
  return (
    isClosed(input) &&
    (unnamed || alternatives(input.value).every((one) => one.kind === 'object' && one.members.size === 0))
  )
}
