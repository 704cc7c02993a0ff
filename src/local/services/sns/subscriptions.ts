// Lists, changes and ends subscriptions.
import type { Form } from '../../../aws/protocol/query.ts'
import type { XmlNodes } from '../../../aws/protocol/xml.ts'
import { ACCOUNT } from '../../service.ts'
import { type Key, under } from '../../store.ts'
import { requiredText, textOf, toEntries, toMembers } from './input.ts'
import { toPage } from './pages.ts'
import { invalidParameter } from './problems.ts'
import {
  arnOf,
  findSubscription,
  type Room,
  removeSubscription,
  type Subscription,
  subscriptionArn,
  subscriptionKey,
  subscriptionOf,
  topicOf,
} from './state.ts'
import { readAttributes, subscriptionAttributes } from './subscription-attributes.ts'

export const listSubscriptions = async (room: Room, form: Form): Promise<XmlNodes> => list(room, form, [])

export async function listSubscriptionsByTopic(room: Room, form: Form): Promise<XmlNodes> {
  return list(room, form, [topicOf(room.store, textOf(form, 'TopicArn')).name])
}

function list({ store }: Room, form: Form, place: Key): XmlNodes {
  const { items, next } = toPage<Subscription>(store, ['sns', 'subscription', ...place], textOf(form, 'NextToken'))
  return [
    ['Subscriptions', toMembers(items.map(toMember))],
    ['NextToken', next],
  ]
}

const toMember = (subscription: Subscription): XmlNodes => [
  ['SubscriptionArn', subscription.pending ? 'PendingConfirmation' : subscriptionArn(subscription)],
  ['Owner', ACCOUNT],
  ['Protocol', subscription.protocol],
  ['Endpoint', subscription.endpoint],
  ['TopicArn', arnOf(subscription.topic)],
]

export async function getSubscriptionAttributes({ store }: Room, form: Form): Promise<XmlNodes> {
  const found = subscriptionOf(store, requiredText(form, 'SubscriptionArn'))
  return [['Attributes', toEntries(subscriptionAttributes(found))]]
}

export async function setSubscriptionAttributes({ store }: Room, form: Form): Promise<undefined> {
  const name = requiredText(form, 'AttributeName')
  const given = { [name]: textOf(form, 'AttributeValue') ?? '' }
  await store.commit((writer) => {
    const found = subscriptionOf(writer, requiredText(form, 'SubscriptionArn'))
    const attributes = readAttributes(found, given, found.attributes)
    writer.put(subscriptionKey(found.topic, found.id), { ...found, attributes } satisfies Subscription)
  })
}

/** Ending what has ended is no mistake. */
export async function unsubscribe({ store }: Room, form: Form): Promise<undefined> {
  const arn = textOf(form, 'SubscriptionArn')
  if (arn === undefined) throw invalidParameter('SubscriptionArn Reason: no value for required parameter')
  const { length } = arn.split(':')
  // Recorded words.
  if (length < 6) throw invalidParameter(`SubscriptionArn Reason: An ARN must have at least 6 elements, not ${length}`)
  if (length === 6) throw invalidParameter('SubscriptionId')
  await store.commit((writer) => {
    const found = findSubscription(writer, arn)
    if (found !== undefined) removeSubscription(writer, found)
  })
}

/** Ends the app's own subscriptions that are not among these. */
export function keep({ store }: Room, arns: ReadonlySet<string>): Promise<void> {
  return store.commit((writer) => {
    for (const { value } of [...writer.range<Subscription>(under('sns', 'subscription'))])
      if (value.own && !arns.has(subscriptionArn(value))) removeSubscription(writer, value)
  })
}
