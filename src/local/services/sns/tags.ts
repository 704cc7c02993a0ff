// Tags of topics.
import type { Form } from '../../../aws/protocol/query.ts'
import type { XmlNodes } from '../../../aws/protocol/xml.ts'
import type { Reader } from '../../store.ts'
import { formsOf, textOf, textsOf, toMembers } from './input.ts'
import { invalidParameter, noResource } from './problems.ts'
import { type Room, type Topic, topicKey, topicName } from './state.ts'

const MOST = 50

export function readTags(form: Form): Record<string, string> {
  const tags = formsOf(form, 'Tags').map((tag) => [textOf(tag, 'Key') ?? '', textOf(tag, 'Value') ?? ''] as const)
  const read = Object.fromEntries(tags)
  // Recorded.
  if (Object.keys(read).length < tags.length) throw invalidParameter('Duplicated keys are not allowed.')
  checkCount(read)
  return read
}

function checkCount(tags: Readonly<Record<string, string>>): void {
  if (Object.keys(tags).length > MOST) throw invalidParameter(`Tags Reason: A resource can have at most ${MOST} tags`)
}

function tagged(reader: Reader, form: Form): Topic {
  const topic = reader.get<Topic>(topicKey(topicName(textOf(form, 'ResourceArn'), 'ResourceArn')))
  if (topic === undefined) throw noResource()
  return topic
}

export async function tagResource({ store }: Room, form: Form): Promise<XmlNodes> {
  const tags = readTags(form)
  await store.commit((writer) => {
    const topic = tagged(writer, form)
    const all = { ...topic.tags, ...tags }
    checkCount(all)
    writer.put(topicKey(topic.name), { ...topic, tags: all } satisfies Topic)
  })
  return []
}

export async function untagResource({ store }: Room, form: Form): Promise<XmlNodes> {
  const keys = new Set(textsOf(form, 'TagKeys'))
  await store.commit((writer) => {
    const topic = tagged(writer, form)
    const tags = Object.fromEntries(Object.entries(topic.tags).filter(([key]) => !keys.has(key)))
    writer.put(topicKey(topic.name), { ...topic, tags } satisfies Topic)
  })
  return []
}

export async function listTags({ store }: Room, form: Form): Promise<XmlNodes> {
  const { tags } = tagged(store, form)
  return [
    [
      'Tags',
      toMembers(
        Object.entries(tags).map(([key, value]) => [
          ['Key', key],
          ['Value', value],
        ]),
      ),
    ],
  ]
}
