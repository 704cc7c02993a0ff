// What a template says of itself, so that the next deploy knows what the last one did without asking anything else.
import { type Permissions, toLock } from '../../model/index.ts'
import type { Properties, Template } from '../template.ts'
import type { Making } from './making.ts'

/** Function → action → resources. */
export type Allowed = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>>>

export interface Metadata {
  readonly version: 1
  /** Function → the key of its code in the artifact bucket. */
  readonly code: Readonly<Record<string, string>>
  readonly permissions: Allowed
}

/** `Metadata` of a template. */
export function toMetadata({ code, permissions }: Pick<Making, 'code' | 'permissions'>, stage: string): Properties {
  const keys = [...code]
    .map(([name, { key }]) => [name, key] as const)
    .sort(([left], [right]) => (left < right ? -1 : 1))
  return { Goblet: { version: 1, code: Object.fromEntries(keys), permissions: toAllowed(permissions, stage) } }
}

// The lines are left out: they move without anything being allowed that was not.
function toAllowed(permissions: Permissions, stage: string): Properties {
  const { functions } = toLock(permissions, stage)
  return Object.fromEntries(
    Object.entries(functions).map(([name, actions]) => [
      name,
      Object.fromEntries(Object.entries(actions).map(([action, resources]) => [action, Object.keys(resources)])),
    ]),
  )
}

/** Reads what `toMetadata` wrote; undefined for what another version, or another hand, wrote. */
export function readMetadata({ Metadata }: Template): Metadata | undefined {
  const found: unknown = Metadata?.Goblet
  if (!isObject(found) || found.version !== 1) return undefined
  const code = isObject(found.code) ? Object.entries(found.code) : []
  const permissions = isObject(found.permissions) ? Object.entries(found.permissions) : []
  return {
    version: 1,
    code: Object.fromEntries(code.filter((one): one is [string, string] => typeof one[1] === 'string')),
    permissions: Object.fromEntries(permissions.map(([name, actions]) => [name, readActions(actions)])),
  }
}

const readActions = (actions: unknown): Allowed[string] =>
  Object.fromEntries(
    Object.entries(isObject(actions) ? actions : {}).map(([action, resources]) => [
      action,
      Object.fromEntries((Array.isArray(resources) ? resources : []).map((one) => [String(one), []])),
    ]),
  )

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
