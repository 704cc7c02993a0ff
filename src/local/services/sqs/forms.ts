// The SQS shapes in the query protocol: flattened lists with names of their own, read into and written from JSON shapes.
// Source: the xmlName and flattened traits of the service model 2012-11-05 before it moved to JSON.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import { type Form, membersOf } from '../../../aws/protocol/query.ts'
import type { XmlNodes } from '../../../aws/protocol/xml.ts'

interface Plural {
  readonly name: string
  readonly as: 'list' | 'map'
  /** What the query protocol calls a map's key and value. */
  readonly key?: string
}

const list = (name: string): Plural => ({ name, as: 'list' })
const map = (name: string, key: string): Plural => ({ name, as: 'map', key })

const INPUTS: Readonly<Record<string, Plural>> = {
  Attribute: map('Attributes', 'Name'),
  AttributeName: list('AttributeNames'),
  Tag: map('Tags', 'Key'),
  TagKey: list('TagKeys'),
  MessageAttribute: map('MessageAttributes', 'Name'),
  MessageAttributeName: list('MessageAttributeNames'),
  MessageSystemAttribute: map('MessageSystemAttributes', 'Name'),
  MessageSystemAttributeName: list('MessageSystemAttributeNames'),
  SendMessageBatchRequestEntry: list('Entries'),
  DeleteMessageBatchRequestEntry: list('Entries'),
  ChangeMessageVisibilityBatchRequestEntry: list('Entries'),
  AWSAccountId: list('AWSAccountIds'),
  ActionName: list('Actions'),
}

/** A form as the JSON input of the same action. */
export function fromForm(form: Form): JsonObject {
  const input: Record<string, unknown> = Object.create(null)
  for (const [name, value] of Object.entries(form)) {
    const plural = Object.hasOwn(INPUTS, name) ? INPUTS[name] : undefined
    if (typeof value === 'string' || plural === undefined)
      input[name] = typeof value === 'string' ? value : fromForm(value)
    else if (plural.as === 'list') input[plural.name] = membersOf(value).map(fromMember)
    else input[plural.name] = fromMap(value, plural.key ?? 'Name')
  }
  return input
}

const fromMember = (member: string | Form): unknown => (typeof member === 'string' ? member : fromForm(member))

function fromMap(value: Form, key: string): JsonObject {
  const pairs: Record<string, unknown> = Object.create(null)
  // Amazon's own older clients write `Tag.1.Key`, botocore `Tag.entry.1.Key`.
  const { entry } = value
  for (const member of membersOf(typeof entry === 'object' ? entry : value)) {
    if (typeof member === 'string') continue
    const name = member[key]
    if (typeof name === 'string') pairs[name] = member.Value === undefined ? '' : fromMember(member.Value)
  }
  return pairs
}

const OUTPUTS: Readonly<Record<string, Plural>> = {
  QueueUrls: list('QueueUrl'),
  queueUrls: list('QueueUrl'),
  Attributes: map('Attribute', 'Name'),
  MessageAttributes: map('MessageAttribute', 'Name'),
  Tags: map('Tag', 'Key'),
  Messages: list('Message'),
  Failed: list('BatchResultErrorEntry'),
  Results: list('ListMessageMoveTasksResultEntry'),
}

/** A JSON output as the elements of the query answer. */
export function toForm(action: string, output: JsonObject): XmlNodes {
  return Object.entries(output).flatMap(([name, value]): XmlNodes => {
    const plural =
      name === 'Successful' ? list(`${action}ResultEntry`) : Object.hasOwn(OUTPUTS, name) ? OUTPUTS[name] : undefined
    if (plural !== undefined && Array.isArray(value))
      return value.map((one: unknown) => [plural.name, content(action, one)])
    if (plural === undefined || !isObject(value)) return [[name, content(action, value)]]
    const pairs = Object.entries(value)
    return pairs.map(([key, one]) => [
      plural.name,
      [
        [plural.key ?? 'Name', key],
        ['Value', content(action, one)],
      ],
    ])
  })
}

const content = (action: string, value: unknown): string | XmlNodes =>
  isObject(value) ? toForm(action, value) : String(value ?? '')
