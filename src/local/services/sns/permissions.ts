// AddPermission and RemovePermission: statements of a topic's policy by their label. The local cloud keeps policies and enforces none.
import type { Form } from '../../../aws/protocol/query.ts'
import { requiredText, textOf, textsOf } from './input.ts'
import { invalidParameter } from './problems.ts'
import { arnOf, type Room, type Topic, topicKey, topicOf } from './state.ts'
import { defaultPolicy, readDocument } from './topic-attributes.ts'

// Recorded: others are out of scope.
const ACTIONS = new Set(
  'GetTopicAttributes,SetTopicAttributes,AddPermission,RemovePermission,DeleteTopic,Subscribe,ListSubscriptionsByTopic,Publish,Receive'.split(
    ',',
  ),
)

const oneOrAll = (values: readonly string[]): string | readonly string[] | undefined =>
  values.length === 1 ? values[0] : values

export async function addPermission(room: Room, form: Form): Promise<undefined> {
  const label = requiredText(form, 'Label')
  const actions = textsOf(form, 'ActionName')
  if (actions.some((action) => !ACTIONS.has(action)))
    throw invalidParameter('Policy statement action out of service scope!')
  const principals = textsOf(form, 'AWSAccountId').map((account) => `arn:aws:iam::${account}:root`)
  await change(room, form, (statements, topic) => {
    if (statements.some((one) => readDocument(one).Sid === label)) throw invalidParameter('Statement already exists')
    const statement = {
      Sid: label,
      Effect: 'Allow',
      Principal: { AWS: oneOrAll(principals) },
      Action: oneOrAll(actions.map((action) => `SNS:${action}`)),
      Resource: arnOf(topic),
    }
    return [...statements, statement]
  })
}

export async function removePermission(room: Room, form: Form): Promise<undefined> {
  const label = requiredText(form, 'Label')
  await change(room, form, (statements) => statements.filter((one) => readDocument(one).Sid !== label))
}

async function change(
  { store }: Room,
  form: Form,
  by: (statements: readonly unknown[], topic: string) => readonly unknown[],
): Promise<void> {
  await store.commit((writer) => {
    const topic = topicOf(writer, textOf(form, 'TopicArn'))
    const policy = readDocument(topic.attributes.Policy ?? defaultPolicy(topic.name))
    const statements: readonly unknown[] = Array.isArray(policy.Statement) ? policy.Statement : []
    const Policy = JSON.stringify({ ...policy, Statement: by(statements, topic.name) })
    writer.put(topicKey(topic.name), { ...topic, attributes: { ...topic.attributes, Policy } } satisfies Topic)
  })
}
