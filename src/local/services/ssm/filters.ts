// The filters of DescribeParameters and GetParametersByPath.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { required, textOf, textsOf } from '../../../aws/protocol/members.ts'
import type { Reader } from '../../store.ts'
import { invalidFilter } from './problems.ts'
import { readParameter, type Version } from './state.ts'

type Wants = (one: Version) => boolean

/** Whether a parameter passes all of these. */
export function toMatcher(filters: readonly JsonObject[], reader: Reader): Wants {
  const all = filters.map((filter) => toOne(filter, reader))
  return (one) => all.every((wants) => wants(one))
}

function toOne(filter: JsonObject, reader: Reader): Wants {
  const key = required(textOf(filter, 'Key'), 'key')
  const option = textOf(filter, 'Option')
  const values = textsOf(filter, 'Values') ?? []
  const isAmong = (text: string | undefined): boolean => text !== undefined && compare(text, values, option)
  if (key.startsWith('tag:')) {
    const tag = key.slice('tag:'.length)
    return ({ name }) => {
      const value = readParameter(reader, name)?.tags[tag]
      return value !== undefined && (values.length === 0 || isAmong(value))
    }
  }
  switch (key) {
    case 'Name':
      return ({ name }) => isAmong(name) || isAmong(name.replace(/^\//, ''))
    case 'Type':
      return ({ type }) => isAmong(type)
    case 'KeyId':
      return ({ keyId }) => isAmong(keyId)
    case 'Tier':
      return ({ tier }) => isAmong(tier)
    case 'DataType':
      return ({ dataType }) => isAmong(dataType)
    case 'Label':
      return ({ labels }) => labels.some(isAmong)
    case 'Path':
      return ({ name }) => values.some((path) => isBelow(name, path, option === 'Recursive'))
    default:
      throw invalidFilter(key)
  }
}

function compare(text: string, values: readonly string[], option = 'Equals'): boolean {
  if (option === 'BeginsWith') return values.some((value) => text.startsWith(value))
  if (option === 'Contains') return values.some((value) => text.includes(value))
  return values.includes(text)
}

function isBelow(name: string, path: string, deep: boolean): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`
  return name.startsWith(prefix) && (deep || !name.slice(prefix.length).includes('/'))
}
