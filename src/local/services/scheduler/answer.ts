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

/** By method and path; `*` stands for the name. */
const ACTIONS: Readonly<Record<string, Action>> = {
  'GET /schedules': listSchedules,
  'POST /schedules/*': createSchedule,
  'GET /schedules/*': getSchedule,
  'PUT /schedules/*': updateSchedule,
  'DELETE /schedules/*': deleteSchedule,
  'GET /schedule-groups': listScheduleGroups,
  'POST /schedule-groups/*': createScheduleGroup,
  'GET /schedule-groups/*': getScheduleGroup,
  'DELETE /schedule-groups/*': deleteScheduleGroup,
  'GET /tags/*': listTags,
  'POST /tags/*': tagResource,
  'DELETE /tags/*': untagResource,
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
    const action = Object.hasOwn(ACTIONS, key) ? ACTIONS[key] : undefined
    if (action === undefined) throw new ServiceError('UnknownOperationException', '', { status: 404 })
    const output = await action(room, { name, query: new URLSearchParams(query), body: readJson(text) })
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
