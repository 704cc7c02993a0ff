// What a call of an operation needs: the service's own rules first, then the action of the operation's name.
import { everyOne, findByName, type Type, toType } from './generic.ts'
import type { Need, NeedsOf } from './need.ts'
import { EVERYTHING, joined, need, type Resource, type Service } from './resource.ts'
import { prefixOf, sdkServices } from './sdk.ts'
import { serviceOf } from './services.ts'
import { type Action, type ServiceTable, tableOf } from './table.ts'
import { alternatives, type Input } from './text.ts'

/** What a call needs; undefined for an operation that neither the table nor a rule knows. */
export const needsOf: NeedsOf = (operation, input, place) => {
  const service = serviceOf(operation.service)
  const asked: Input = { value: input, place }
  const rule = own(service?.rules, operation.name)
  // Each of several inputs is a call of its own: what one names must not be joined with what another names.
  if (rule !== undefined) return joined(alternatives(input).flatMap((value) => rule({ value, place })))
  if (service?.free?.includes(operation.name)) return []
  const prefix = prefixOf(operation.service)
  const table = prefix === undefined ? undefined : tableOf(prefix)
  if (prefix === undefined || table === undefined) return undefined
  const needs: Need[] = []
  for (const name of actionsOf(service, operation.name)) {
    const action = table.actions.get(name.toLowerCase())
    if (action === undefined) return undefined
    needs.push(need(`${prefix}:${action.name}`, resourcesOf(action, table, service, asked)))
  }
  return joined(needs)
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

/** IAM's prefix of every SDK client that is known: `sfn` → `states`. */
export { sdkServices }

function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined
}

function actionsOf(service: Service | undefined, operation: string): readonly string[] {
  const renamed = own(service?.renamed, operation) ?? operation
  return typeof renamed === 'string' ? [renamed] : renamed
}

/**
 * The resources that an action works on. Those that it always needs, and of the others those that the input names; where it
 * names none at all, every one of each type.
 */
function resourcesOf(
  action: Action,
  table: ServiceTable,
  service: Service | undefined,
  input: Input,
): readonly Resource[] {
  if (action.on.length === 0) return [EVERYTHING]
  const types = action.on.map(({ type, required }) => ({ required, type: toType(type, table.types.get(type) ?? '*') }))
  const found = types.map(({ type, required }) => ({
    type,
    required,
    resources: find(type, service, input, types.length === 1),
  }))
  const silent = saysNothing(action, input)
  const needed = found.filter(({ required, resources }) => required || resources.length > 0)
  const wide = needed.length > 0 ? needed : found
  return wide.flatMap(({ type, resources }) =>
    resources.length > 0 ? resources : [everyOne(type, input.place, silent)],
  )
}

function find(type: Type, service: Service | undefined, input: Input, only: boolean): readonly Resource[] {
  const finder = own(service?.finders, type.name)
  return finder === undefined ? findByName(type, input, only) : finder(input)
}

/** Whether the call itself names no resource, so that every one of its type is just what it works on: lists, and what gets its name later. */
function saysNothing({ name, level }: Action, { value }: Input): boolean {
  const unnamed =
    level === 'list' || /^(List|Describe|Create|Run|Request|Allocate|Import|Generate|Register|Search)/.test(name)
  return alternatives(value).every((one) => one.kind === 'object' && !one.open && (unnamed || one.members.size === 0))
}
