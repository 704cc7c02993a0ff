// From declarations that were found to what the model reads: each under every name that it has.
import type {
  DescribedApp,
  DescribedFunction,
  DescribedGroup,
  DescribedResource,
  DescribedSubscription,
  Options,
} from '../model/index.ts'
import { RESOURCE_KINDS, type ResourceKind, TRIGGER_KINDS, type TriggerKind } from '../model/index.ts'
import type { Found } from './describe.ts'
import type { Recorded } from './reader.ts'

// The reader sent what structured cloning can carry, so options hold nothing but plain values.
const isOptions = (value: unknown): value is Options => typeof value === 'object' && value !== null
const optionsOf = ({ options }: Recorded): Options => (isOptions(options) ? options : {})

const isTrigger = (value: unknown): value is TriggerKind => TRIGGER_KINDS.some((one) => one === value)
const isKind = (value: unknown): value is ResourceKind => RESOURCE_KINDS.some((one) => one === value)

export const toApp = ({ recorded, where }: Found): DescribedApp => ({
  role: 'app',
  name: recorded.name,
  where,
  options: optionsOf(recorded),
})

/** The names of a declaration; those under which it is exported by itself come first. */
export const identitiesOf = ({ exports, grouped }: Found): (readonly string[])[] => [
  ...exports.filter((name) => name !== 'default').map((name) => [name]),
  ...grouped,
]

/** The groups around what is exported as `path`. */
const around = (path: readonly string[]): string[] =>
  path.slice(1).map((_, index) => path.slice(0, index + 1).join('.'))

// A route is there once for every group it is in, each time below another path. Of anything else there is one.
export function toFunctions(found: Found): DescribedFunction[] {
  const { recorded, where } = found
  const { role, trigger, subject, source } = recorded
  if (role !== 'function' || !isTrigger(trigger)) return []
  const paths = identitiesOf(found)
  return (trigger === 'http' ? paths : paths.slice(0, 1)).map((path): DescribedFunction => {
    const identity = path.join('.')
    const options = optionsOf(recorded)
    const described: DescribedFunction = { role, export: identity, where, trigger, subject, options }
    const groups = path.length > 1 ? { groups: around(path) } : {}
    const known = source !== undefined && isKind(source.kind) ? { kind: source.kind, name: source.name } : undefined
    return { ...described, ...groups, ...formOf(recorded), ...(known === undefined ? {} : { source: known }) }
  })
}

function formOf({ mounted, raw }: Recorded): Pick<DescribedFunction, 'mounted' | 'raw'> {
  return {
    ...(mounted !== undefined && 'shape' in mounted ? { mounted } : {}),
    ...(raw === undefined ? {} : { raw }),
  }
}

export function toGroups(found: Found): DescribedGroup[] {
  const { recorded, where } = found
  const { role, subject: prefix } = recorded
  if (role !== 'group') return []
  return identitiesOf(found).map((path) => ({
    role,
    export: path.join('.'),
    where,
    prefix,
    options: optionsOf(recorded),
  }))
}

export function toResource(found: Found): DescribedResource | undefined {
  const { recorded, where } = found
  const { role, kind, name } = recorded
  if (role !== 'resource' || !isKind(kind)) return undefined
  return { role, export: identitiesOf(found)[0]?.join('.') ?? '', where, kind, name, options: optionsOf(recorded) }
}

export function toSubscription(found: Found): DescribedSubscription | undefined {
  const { recorded, where } = found
  const { role, source } = recorded
  if (role !== 'subscription' || source === undefined || !isKind(source.kind)) return undefined
  const { kind, name } = source
  const identity = identitiesOf(found)[0]?.join('.') ?? ''
  return { role, export: identity, where, source: { kind, name }, options: optionsOf(recorded) }
}
