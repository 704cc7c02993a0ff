// One request over the wire: AWS JSON 1.1.
import { readText } from '../../../aws/protocol/body.ts'
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { answerJson, type JsonAction } from '../../../aws/protocol/json-actions.ts'
import { guardedBy, type WireRequest, type WireResponse } from '../../service.ts'
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

// Ten events of 1 MB in all, every character escaped.
const LARGEST_BODY = 8 * 1024 * 1024
// AWS has them; they lead to other companies and other regions.
const ELSEWHERE = [
  'ActivateEventSource',
  'CreateApiDestination',
  'CreateConnection',
  'CreateEndpoint',
  'CreatePartnerEventSource',
  'DeactivateEventSource',
  'DescribeEventSource',
  'PutPartnerEvents',
]

/** How requests over the wire are answered. */
export function toAnswer(room: Room): (request: WireRequest) => Promise<WireResponse> {
  const actions = new Map<string, JsonAction>(
    Object.entries(ACTIONS).map(([name, action]) => [name, (input) => action(room, input)]),
  )
  for (const name of ELSEWHERE)
    actions.set(name, () => {
      throw notHere(`have the action ${name}`)
    })
  const service = { prefix: 'AWSEvents', namespace: '', actions }
  return async (request) => {
    const { id, headers, body } = request
    const text = await readText(body, LARGEST_BODY)
    return answerJson(
      { id, target: headers['x-amz-target'], text },
      { ...service, ...guardedBy(request, 'eventbridge') },
    )
  }
}
