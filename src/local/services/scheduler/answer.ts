// One request over the wire: the REST-JSON protocol, told apart by method and path.
import { readText } from '../../../aws/protocol/body.ts'
import { type JsonObject, readJson } from '../../../aws/protocol/json.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import type { WireRequest, WireResponse } from '../../service.ts'
import {
  createScheduleGroup,
  deleteScheduleGroup,
  getScheduleGroup,
  listScheduleGroups,
  listTags,
  tagResource,
  untagResource,
} from './groups.ts'
import type { Asked } from './input.ts'
import { invalid } from './problems.ts'
import { createSchedule, deleteSchedule, getSchedule, listSchedules, updateSchedule } from './schedules.ts'
import type { Room } from './state.ts'

type Action = (room: Room, asked: Asked) => Promise<JsonObject>

interface Operation {
  /** As the SDK calls it. */
  readonly name: string
  /** The member of its input that stands in the path. */
  readonly named: string
  readonly run: Action
}

const of = (name: string, run: Action, named = 'Name'): Operation => ({ name, named, run })

/** By method and path; `*` stands for the name. */
const OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /schedules': of('ListSchedules', listSchedules),
  'POST /schedules/*': of('CreateSchedule', createSchedule),
  'GET /schedules/*': of('GetSchedule', getSchedule),
  'PUT /schedules/*': of('UpdateSchedule', updateSchedule),
  'DELETE /schedules/*': of('DeleteSchedule', deleteSchedule),
  'GET /schedule-groups': of('ListScheduleGroups', listScheduleGroups),
  'POST /schedule-groups/*': of('CreateScheduleGroup', createScheduleGroup),
  'GET /schedule-groups/*': of('GetScheduleGroup', getScheduleGroup),
  'DELETE /schedule-groups/*': of('DeleteScheduleGroup', deleteScheduleGroup),
  'GET /tags/*': of('ListTagsForResource', listTags, 'ResourceArn'),
  'POST /tags/*': of('TagResource', tagResource, 'ResourceArn'),
  'DELETE /tags/*': of('UntagResource', untagResource, 'ResourceArn'),
}

const LARGEST_BODY = 2 * 1024 * 1024

export async function answer(room: Room, request: WireRequest): Promise<WireResponse> {
  const { id, method, path, query } = request
  try {
    const text = await readText(request.body, LARGEST_BODY)
    if (text === undefined) throw invalid('The request is too large.')
    const [, collection = '', ...rest] = path.split('/')
    const name = decoded(rest.join('/'))
    const key = `${method} /${collection}${name === '' ? '' : '/*'}`
    const operation = Object.hasOwn(OPERATIONS, key) ? OPERATIONS[key] : undefined
    if (operation === undefined) throw new ServiceError('UnknownOperationException', '', { status: 404 })
    const asked: Asked = { name, query: new URLSearchParams(query), body: readJson(text) }
    const denied = request.denied?.({
      client: 'scheduler',
      operation: operation.name,
      input: toInput(asked, operation),
    })
    if (denied !== undefined) throw new ServiceError('AccessDeniedException', denied, { status: 403 })
    const output = await operation.run(room, asked)
    return { status: 200, headers: headersOf(id), body: JSON.stringify(output) }
  } catch (problem) {
    if (!(problem instanceof ServiceError)) throw problem
    const { status, type, message } = problem
    return {
      status,
      headers: { ...headersOf(id), 'x-amzn-errortype': type },
      body: JSON.stringify({ Message: message }),
    }
  }
}

/** The input as the SDK has it, of the path, the query and the body. */
function toInput({ name, query, body }: Asked, { named }: Operation): JsonObject {
  const group = query.get('groupName') ?? query.get('ScheduleGroup')
  return { ...body, ...(group === null ? {} : { GroupName: group }), ...(name === '' ? {} : { [named]: name }) }
}

const headersOf = (id: string): Record<string, string> => ({
  'content-type': 'application/json',
  'x-amzn-requestid': id,
})

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid(`The path ${text} is not percent-encoded.`)
  }
}
