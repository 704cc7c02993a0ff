// One request over the wire: AWS JSON 1.1.
import { readText } from '../../../aws/protocol/body.ts'
import { type JsonObject, readJson, readTarget, toJson, toJsonError } from '../../../aws/protocol/json.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import type { WireRequest, WireResponse } from '../../service.ts'
import { createArchive, deleteArchive, describeArchive, listArchives, updateArchive } from './archives.ts'
import { createEventBus, deleteEventBus, describeEventBus, listEventBuses, updateEventBus } from './buses.ts'
import { putPermission, removePermission } from './permissions.ts'
import { notHere } from './problems.ts'
import { putEvents } from './put-events.ts'
import { cancelReplay, describeReplay, listReplays, startReplay } from './replays.ts'
import {
  deleteRule,
  describeRule,
  disableRule,
  enableRule,
  listRuleNamesByTarget,
  listRules,
  putRule,
} from './rules.ts'
import type { Room } from './state.ts'
import { listTagsForResource, tagResource, untagResource } from './tags.ts'
import { listTargetsByRule, putTargets, removeTargets } from './targets.ts'
import { testEventPattern } from './test-pattern.ts'

type Action = (room: Room, input: JsonObject) => Promise<JsonObject | undefined>

const ACTIONS: Readonly<Record<string, Action>> = {
  CancelReplay: cancelReplay,
  CreateArchive: createArchive,
  CreateEventBus: createEventBus,
  DeleteArchive: deleteArchive,
  DeleteEventBus: deleteEventBus,
  DeleteRule: deleteRule,
  DescribeArchive: describeArchive,
  DescribeEventBus: describeEventBus,
  DescribeReplay: describeReplay,
  DescribeRule: describeRule,
  DisableRule: disableRule,
  EnableRule: enableRule,
  ListArchives: listArchives,
  ListEventBuses: listEventBuses,
  ListReplays: listReplays,
  ListRuleNamesByTarget: listRuleNamesByTarget,
  ListRules: listRules,
  ListTagsForResource: listTagsForResource,
  ListTargetsByRule: listTargetsByRule,
  PutEvents: putEvents,
  PutPermission: putPermission,
  PutRule: putRule,
  PutTargets: putTargets,
  RemovePermission: removePermission,
  RemoveTargets: removeTargets,
  StartReplay: startReplay,
  TagResource: tagResource,
  TestEventPattern: testEventPattern,
  UntagResource: untagResource,
  UpdateArchive: updateArchive,
  UpdateEventBus: updateEventBus,
}

const NAMESPACE = 'com.amazonaws.eventbridge'
// Ten events of 1 MB in all, every character escaped.
const LARGEST_BODY = 8 * 1024 * 1024
// AWS has them; they lead to other companies and other regions.
const ELSEWHERE = /Connection|ApiDestination|Endpoint|EventSource|Partner/

export async function answer(room: Room, request: WireRequest): Promise<WireResponse> {
  try {
    const body = await readText(request.body, LARGEST_BODY)
    if (body === undefined)
      throw new ServiceError('RequestEntityTooLarge', 'The request is too large.', { status: 413 })
    const action = actionOf(readTarget(request.headers['x-amz-target'], 'AWSEvents') ?? '')
    return toJson(await action(room, readJson(body)), request.id, '1.1')
  } catch (problem) {
    if (!(problem instanceof ServiceError)) throw problem
    return toJsonError(problem, NAMESPACE, request.id, '1.1')
  }
}

function actionOf(name: string): Action {
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
  if (action !== undefined) return action
  if (ELSEWHERE.test(name)) throw notHere(`have the action ${name}`)
  throw new ServiceError('UnknownOperationException', '')
}
