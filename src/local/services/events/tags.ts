// Tags of rules, buses and archives.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import type { Writer } from '../../store.ts'
import { objectsOf, requiredText, textOf, textsOf } from './input.ts'
import { invalid, missing } from './problems.ts'
import {
  type Bus,
  busArn,
  busKey,
  DEFAULT,
  findBus,
  findRule,
  type Room,
  type Rule,
  ruleArn,
  ruleKey,
  type Tags,
} from './state.ts'

const MOST = 50
const ARN = { required: true, least: 1, most: 1600 }

export function readTags(input: JsonObject): Tags {
  const tags = (objectsOf(input, 'Tags') ?? []).map((tag) => [textOf(tag, 'Key') ?? '', textOf(tag, 'Value') ?? ''])
  return Object.fromEntries(tags)
}

export const toTags = (tags: Tags): JsonObject[] => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))

type Tagged = { readonly bus: Bus } | { readonly rule: Rule }

function taggedOf(reader: Pick<Writer, 'get' | 'range' | 'count'>, arn: string): Tagged {
  const [kind = '', ...names] = (arn.split(':')[5] ?? '').split('/')
  if (kind === 'event-bus') {
    const bus = findBus(reader, names.join('/'))
    if (bus !== undefined && busArn(bus.name) === arn) return { bus }
    throw missing(`Event bus ${names.join('/')} does not exist.`)
  }
  if (kind !== 'rule')
    throw invalid(`Parameter ResourceARN is not valid. Reason: ${arn} names no rule and no event bus.`)
  const name = names.at(-1) ?? ''
  const bus = names.slice(0, -1).join('/') || DEFAULT
  const rule = findRule(reader, bus.slice(0, 300), name)
  if (rule !== undefined && ruleArn(rule) === arn) return { rule }
  throw missing(`Rule ${name} does not exist on EventBus ${bus}.`)
}

const tagsOf = (tagged: Tagged): Tags => ('bus' in tagged ? tagged.bus.tags : tagged.rule.tags)

function change(room: Room, input: JsonObject, changed: (tags: Tags) => Tags): Promise<void> {
  const arn = requiredText(input, 'ResourceARN', ARN)
  return room.store.commit((writer) => {
    const tagged = taggedOf(writer, arn)
    const tags = changed(tagsOf(tagged))
    if (Object.keys(tags).length > MOST) throw invalid(`A resource can have at most ${MOST} tags.`)
    if ('bus' in tagged) writer.put(busKey(tagged.bus.name), { ...tagged.bus, tags } satisfies Bus)
    else writer.put(ruleKey(tagged.rule.bus, tagged.rule.name), { ...tagged.rule, tags } satisfies Rule)
  })
}

export async function tagResource(room: Room, input: JsonObject): Promise<undefined> {
  const given = readTags(input)
  await change(room, input, (tags) => ({ ...tags, ...given }))
}

export async function untagResource(room: Room, input: JsonObject): Promise<undefined> {
  const keys = new Set(textsOf(input, 'TagKeys'))
  await change(room, input, (tags) => Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.has(key))))
}

export async function listTagsForResource({ store }: Room, input: JsonObject): Promise<JsonObject> {
  return { Tags: toTags(tagsOf(taggedOf(store, requiredText(input, 'ResourceARN', ARN)))) }
}
