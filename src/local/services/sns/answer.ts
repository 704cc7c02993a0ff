// One request over the wire: the query protocol, as a form or, for the links in messages, as the query of a GET.
import { readText } from '../../../aws/protocol/body.ts'
import { type Form, readForm, toQuery, toQueryError } from '../../../aws/protocol/query.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import type { XmlNodes } from '../../../aws/protocol/xml.ts'
import type { WireRequest, WireResponse } from '../../service.ts'
import { publishBatch } from './batch.ts'
import { addPermission, removePermission } from './permissions.ts'
import { notHere } from './problems.ts'
import { publish } from './publish.ts'
import type { Room } from './state.ts'
import { confirmSubscription, subscribe } from './subscribe.ts'
import {
  getSubscriptionAttributes,
  listSubscriptions,
  listSubscriptionsByTopic,
  setSubscriptionAttributes,
  unsubscribe,
} from './subscriptions.ts'
import { listTags, tagResource, untagResource } from './tags.ts'
import { createTopic, deleteTopic, getTopicAttributes, listTopics, setTopicAttributes } from './topics.ts'

/** Takes a request; resolves with its result, undefined where the action has none. `origin`: where the client reached us. */
type Action = (room: Room, form: Form, origin: string) => Promise<XmlNodes | undefined>

const ACTIONS: Readonly<Record<string, Action>> = {
  AddPermission: addPermission,
  ConfirmSubscription: confirmSubscription,
  CreateTopic: createTopic,
  DeleteTopic: deleteTopic,
  GetSubscriptionAttributes: getSubscriptionAttributes,
  GetTopicAttributes: getTopicAttributes,
  ListSubscriptions: listSubscriptions,
  ListSubscriptionsByTopic: listSubscriptionsByTopic,
  ListTagsForResource: listTags,
  ListTopics: listTopics,
  Publish: publish,
  PublishBatch: publishBatch,
  RemovePermission: removePermission,
  SetSubscriptionAttributes: setSubscriptionAttributes,
  SetTopicAttributes: setTopicAttributes,
  Subscribe: subscribe,
  TagResource: tagResource,
  Unsubscribe: unsubscribe,
  UntagResource: untagResource,
}

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/'

// What a message of 256 KB takes with every byte written as %XX, and room for its attributes; ten in a batch share it.
const LARGEST_BODY = 4 * 1024 * 1024

// AWS has them; they lead to telephones.
const ELSEWHERE = /SMS|PhoneNumber|Platform|Endpoint|OriginationNumbers|DataProtection/

export async function answer(room: Room, request: WireRequest): Promise<WireResponse> {
  const { id, query, endpoint } = request
  try {
    const body = await readText(request.body, LARGEST_BODY)
    if (body === undefined)
      throw new ServiceError('RequestEntityTooLarge', 'The request is too large.', { status: 413 })
    const form = readForm([query, body].filter((part) => part !== '').join('&'))
    const name = typeof form.Action === 'string' ? form.Action : ''
    const action = actionOf(name)
    const denied = request.denied?.({ client: 'sns', operation: name, input: form })
    if (denied !== undefined) throw new ServiceError('AuthorizationError', denied, { status: 403 })
    return toQuery(name, await action(room, form, endpoint), NAMESPACE, id)
  } catch (problem) {
    if (!(problem instanceof ServiceError)) throw problem
    return toQueryError(problem, NAMESPACE, id)
  }
}

function actionOf(name: string): Action {
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
  if (action !== undefined) return action
  if (ELSEWHERE.test(name)) throw notHere(`have the action ${name}`)
  throw new ServiceError('InvalidAction', `The action ${name} is not valid for this endpoint.`)
}
