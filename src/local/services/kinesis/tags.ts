// Tags of streams and consumers.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { check, listOf, numberOf, pairsOf, type Rules, required, resourceArn, STREAM, textOf } from './constraints.ts'
import { changeConsumer, consumerAt, isConsumerArn } from './consumers.ts'
import { invalidArgument } from './problems.ts'
import { type Call, changeStream, namedStream, nameInArn, streamOf } from './state.ts'

const KEYS = required({ is: 'list', least: 1, most: 50, each: { is: 'text', required: true, least: 1, most: 128 } })
const ADD = { Tags: required({ is: 'map', least: 1, most: 200 }), ...STREAM } satisfies Rules
const REMOVE = { TagKeys: KEYS, ...STREAM } satisfies Rules
const LIST = {
  Limit: { is: 'number', least: 1, most: 50 },
  ExclusiveStartTagKey: { is: 'text', least: 1, most: 128 },
  ...STREAM,
} satisfies Rules
const TAG = { Tags: ADD.Tags, ResourceARN: required(resourceArn) } satisfies Rules
const UNTAG = { TagKeys: KEYS, ResourceARN: required(resourceArn) } satisfies Rules
const READ = { ResourceARN: required(resourceArn) } satisfies Rules
const MOST = 50

export type Tags = Readonly<Record<string, string>>

/** Source: "Tag restrictions" of Kinesis. */
export function checkTags(tags: Tags): void {
  const all = Object.entries(tags)
  if (all.length > MOST) throw invalidArgument(`Failed to add tags: a resource can have at most ${MOST} tags.`)
  for (const [key, value] of all) {
    if (key === '' || key.length > 128 || value.length > 256 || /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/u.test(key + value))
      throw invalidArgument(
        'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
      )
    if (/^aws:/i.test(key)) throw invalidArgument('Tag keys may not start with aws:, which is reserved.')
  }
}

function added(old: Tags, more: Tags): Tags {
  const tags = { ...old, ...more }
  checkTags(tags)
  return tags
}

const without = (old: Tags, keys: readonly unknown[]): Tags =>
  Object.fromEntries(Object.entries(old).filter(([key]) => !keys.includes(key)))

const toList = (tags: Tags): JsonObject[] =>
  Object.entries(tags)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([Key, Value]) => ({ Key, Value }))

export async function addTags(call: Call): Promise<undefined> {
  check(call.input, ADD)
  const more = pairsOf(call.input, 'Tags')
  await changeStream(call, (stream) => ({ ...stream, tags: added(stream.tags, more) }))
  return undefined
}

export async function removeTags(call: Call): Promise<undefined> {
  check(call.input, REMOVE)
  const keys = listOf(call.input, 'TagKeys')
  await changeStream(call, (stream) => ({ ...stream, tags: without(stream.tags, keys) }))
  return undefined
}

export function listTags(call: Call): JsonObject {
  const { input } = call
  check(input, LIST)
  const after = textOf(input, 'ExclusiveStartTagKey') ?? ''
  const rest = toList(streamOf(call).tags).filter(({ Key }) => String(Key) > after)
  const page = rest.slice(0, numberOf(input, 'Limit') ?? MOST)
  return { Tags: page, HasMoreTags: page.length < rest.length }
}

export async function tagResource(call: Call): Promise<undefined> {
  check(call.input, TAG)
  const more = pairsOf(call.input, 'Tags')
  await changeTags(call, (tags) => added(tags, more))
  return undefined
}

export async function untagResource(call: Call): Promise<undefined> {
  check(call.input, UNTAG)
  const keys = listOf(call.input, 'TagKeys')
  await changeTags(call, (tags) => without(tags, keys))
  return undefined
}

export function listResourceTags({ room, input }: Call): JsonObject {
  check(input, READ)
  const arn = textOf(input, 'ResourceARN') ?? ''
  const { tags } = isConsumerArn(arn) ? consumerAt(room, room.store, arn) : namedStream(room, nameInArn(arn))
  return { Tags: toList(tags) }
}

function changeTags({ room, input }: Call, make: (tags: Tags) => Tags): Promise<void> {
  const arn = textOf(input, 'ResourceARN') ?? ''
  if (isConsumerArn(arn)) return changeConsumer(room, arn, (one) => ({ ...one, tags: make(one.tags) }))
  return changeStream({ room, input: { StreamARN: arn } }, (one) => ({ ...one, tags: make(one.tags) }))
}
