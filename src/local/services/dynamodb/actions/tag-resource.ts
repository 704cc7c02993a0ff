// TagResource, UntagResource, ListTagsOfResource.
import type { JsonObject } from '../../../../aws/protocol/json.ts'
import { ServiceError } from '../../../../aws/protocol/service-error.ts'
import type { Reader } from '../../../store.ts'
import type { Call } from '../action.ts'
import { check, type Rules } from '../constraints.ts'
import { invalid } from '../problems.ts'
import { change } from '../room.ts'
import { textOf } from '../schema.ts'
import { findTable, nameOfTable, type Table } from '../table.ts'
import { checkTags, readTags } from '../tags.ts'

const ARN: Rules = { ResourceArn: { is: 'text', required: true, least: 1, most: 1283 } }
const TAG: Rules = {
  Key: { is: 'text', required: true, least: 1, most: 128 },
  Value: { is: 'text', required: true, most: 256 },
}

export async function tagResource({ room, input }: Call): Promise<JsonObject> {
  check(input, { ...ARN, Tags: { is: 'list', required: true, each: { is: 'structure', members: TAG } } })
  await change(room, ({ writer, keep }) => {
    const table = taggedTable(writer, input)
    keep({ ...table, tags: checkTags({ ...table.tags, ...readTags(input.Tags) }) })
  })
  return {}
}

export async function untagResource({ room, input }: Call): Promise<JsonObject> {
  check(input, { ...ARN, TagKeys: { is: 'list', required: true, each: { is: 'text' } } })
  const gone = new Set(Array.isArray(input.TagKeys) ? input.TagKeys.map(textOf) : [])
  await change(room, ({ writer, keep }) => {
    const table = taggedTable(writer, input)
    keep({ ...table, tags: Object.fromEntries(Object.entries(table.tags).filter(([key]) => !gone.has(key))) })
  })
  return {}
}

export async function listTagsOfResource({ room, input }: Call): Promise<JsonObject> {
  check(input, ARN)
  const { tags } = taggedTable(room.store, input)
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }
}

function taggedTable(reader: Reader, { ResourceArn }: JsonObject): Table {
  const arn = textOf(ResourceArn)
  const name = nameOfTable(arn)
  if (name === arn) throw invalid(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`)
  const table = findTable(reader, name)
  if (table === undefined)
    throw new ServiceError('ResourceNotFoundException', `Requested resource not found: ResourcArn: ${arn} not found`)
  return table
}
