// The local CloudWatch Logs: the logs of the app's functions, and groups that anybody may put events into.
import { readText } from '../../../aws/protocol/body.ts'
import { accessDenied, type JsonObject, readJson, toJsonError } from '../../../aws/protocol/json.ts'
import { answerJson, type JsonAction } from '../../../aws/protocol/json-actions.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import { type Ground, guardedBy, type Service, type WireRequest, type WireResponse } from '../../service.ts'
import { filterEvents, getEvents, putEvents } from './events.ts'
import {
  createGroup,
  createStream,
  deleteGroup,
  deleteRetention,
  deleteStream,
  describeGroups,
  describeStreams,
  groupIn,
  listTags,
  putRetention,
  tag,
  untag,
} from './groups.ts'
import { notHere } from './problems.ts'
import { type FunctionLogs, findGroup, needGroup, type Room, readStream, writeStream } from './state.ts'
import { startTail } from './tail.ts'

export type { FunctionLogs, LogEvent } from './state.ts'

export interface Logs extends Service {
  find(group: string): boolean
  /** Puts one message into a group, in a stream that is made for it when it is not there. */
  put(group: string, stream: string, message: string): Promise<void>
}

const PREFIX = 'Logs_20140328'
const CLIENT = 'cloudwatch-logs'
// 1 MiB of messages, escaped.
const LARGEST_BODY = 8 * 1024 * 1024

/** Opens the service on what the store holds. */
export function openLogs({ store, clock }: Pick<Ground, 'store' | 'clock'>, functions: FunctionLogs): Logs {
  const room: Room = { store, clock, functions, since: clock.now(), listeners: new Set() }
  const actions = toActions(room)
  return {
    handle: async (request) => {
      const { id, headers, body } = request
      const target = headers['x-amz-target']
      const text = await readText(body, LARGEST_BODY)
      if (target === `${PREFIX}.StartLiveTail`) return tail(room, request, text ?? '')
      const guarded = guardedBy(request, CLIENT)
      return answerJson({ id, target, text }, { prefix: PREFIX, namespace: '', actions, ...guarded })
    },
    find: (group) => findGroup(room, group) !== undefined,
    put: async (group, stream, message) => {
      await store.commit((writer) => {
        needGroup(room, group, writer)
        const created = clock.now()
        if (readStream(writer, group, stream) === undefined)
          writeStream(writer, group, { name: stream, created, first: undefined, last: undefined, ingested: undefined })
      })
      const logEvents = [{ timestamp: clock.now(), message }]
      await putEvents(room, { logGroupName: group, logStreamName: stream, logEvents })
    },
  }
}

function tail(room: Room, request: WireRequest, text: string): WireResponse {
  const { id } = request
  try {
    const input = readJson(text)
    const denied = request.denied?.({ client: CLIENT, operation: 'StartLiveTail', input })
    if (denied !== undefined) throw accessDenied(denied)
    return startTail(room, input, id)
  } catch (problem) {
    if (!(problem instanceof ServiceError)) throw problem
    return toJsonError(problem, 'com.amazonaws.logs', id, '1.1')
  }
}

const toActions = (room: Room): ReadonlyMap<string, JsonAction> =>
  new Map<string, JsonAction>([
    ['CreateLogGroup', (input) => createGroup(room, input)],
    ['DeleteLogGroup', (input) => deleteGroup(room, input)],
    ['DescribeLogGroups', (input) => describeGroups(room, input)],
    ['CreateLogStream', (input) => createStream(room, input)],
    ['DeleteLogStream', (input) => deleteStream(room, input)],
    ['DescribeLogStreams', (input) => describeStreams(room, input)],
    ['PutLogEvents', (input) => putEvents(room, input)],
    ['GetLogEvents', (input) => getEvents(room, input)],
    ['FilterLogEvents', (input) => filterEvents(room, input)],
    ['PutRetentionPolicy', (input) => putRetention(room, input)],
    ['DeleteRetentionPolicy', (input) => deleteRetention(room, input)],
    ['TagResource', (input) => tag(room, input)],
    ['UntagResource', (input) => untag(room, input)],
    ['ListTagsForResource', (input) => listTags(room, input)],
    ['TagLogGroup', (input) => tag(room, input)],
    ['UntagLogGroup', (input) => untag(room, input)],
    ['ListTagsLogGroup', (input) => listTags(room, input)],
    ['DescribeSubscriptionFilters', (input) => none(room, input, 'subscriptionFilters')],
    ['DescribeMetricFilters', () => ({ metricFilters: [] })],
    ['PutSubscriptionFilter', refuse('subscription filters')],
    ['PutMetricFilter', refuse('metric filters')],
    ['StartQuery', refuse('Logs Insights')],
  ])

function none(room: Room, input: JsonObject, list: string): JsonObject {
  needGroup(room, groupIn(input))
  return { [list]: [] }
}

const refuse =
  (what: string): JsonAction =>
  () => {
    throw notHere(what)
  }
