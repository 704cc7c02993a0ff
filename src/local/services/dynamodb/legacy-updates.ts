// AttributeUpdates: updates of before there were expressions.
// Source: API reference, "Legacy conditional parameters"; the words are recorded by dynalite's tests.
import { isObject } from '../../../aws/protocol/json.ts'
import type { Layer } from './decimal.ts'
import { difference, sum } from './expressions/apply.ts'
import { invalid, invalidParameter } from './problems.ts'
import { readValue } from './value-check.ts'
import { type AttributeValue, attributeOf, copyOf, type Item, typeOf } from './values.ts'

export interface LegacyUpdate {
  readonly name: string
  readonly action: 'PUT' | 'ADD' | 'DELETE'
  readonly value: AttributeValue | undefined
}

export function readUpdates(raw: unknown, layer: Layer): LegacyUpdate[] {
  if (!isObject(raw)) return []
  return Object.entries(raw).map(([name, given]) => readOne(name, given, layer))
}

function readOne(name: string, given: unknown, layer: Layer): LegacyUpdate {
  const { Action: action, Value: raw } = isObject(given) ? given : {}
  const value = raw === undefined || raw === null ? undefined : readValue(raw, layer)
  if (value === undefined) {
    if (action !== 'DELETE')
      throw invalidParameter('Only DELETE action is allowed when no attribute value is specified')
    return { name, action, value }
  }
  const type = typeOf(value)
  const isSet = type === 'SS' || type === 'NS' || type === 'BS'
  if (action === 'DELETE' && !isSet)
    throw invalidParameter(`DELETE action with value is not supported for the type ${type}`)
  if (action === 'ADD' && !isSet && type !== 'N' && type !== 'L')
    throw invalidParameter(`ADD action is not supported for the type ${type}`)
  return { name, action: action === 'ADD' || action === 'DELETE' ? action : 'PUT', value }
}

export function applyLegacyUpdates(updates: readonly LegacyUpdate[], item: Item): Item {
  const next = copyOf(item)
  for (const { name, action, value } of updates) {
    const left = leftOf(attributeOf(item, name), action, value)
    if (left === undefined) delete next[name]
    else next[name] = left
  }
  return next
}

function leftOf(
  current: AttributeValue | undefined,
  action: LegacyUpdate['action'],
  value: AttributeValue | undefined,
): AttributeValue | undefined {
  if (value === undefined || action === 'PUT') return value
  if (current !== undefined && typeOf(current) !== typeOf(value)) throw invalid('Type mismatch for attribute to update')
  if (action === 'DELETE') return difference(current, value)
  if (current !== undefined && 'L' in current && 'L' in value) return { L: [...current.L, ...value.L] }
  return sum(current, value)
}
