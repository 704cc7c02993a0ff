// The REST API (v1) as a front door: the stage is part of every path, and what it does not know needs a token it cannot have.
import { toTraceId } from '../../../aws/events/http.ts'
import { readRestResult, toExtendedId, toRestEvent } from '../../../aws/events/rest.ts'
import { Router } from '../../../aws/router.ts'
import { type Door, type Refusal, toJson } from '../door.ts'

const toError = (status: number, message: string, type: string) =>
  toJson(status, { message }, { 'x-amzn-ErrorType': type })

// Source: recorded, and the table of gateway responses. `s` of `server` is lower case here, unlike an HTTP API's.
const ANSWERS = {
  'no route': toError(403, 'Missing Authentication Token', 'MissingAuthenticationTokenException'),
  'no stage': toError(403, 'Forbidden', 'ForbiddenException'),
  'bad request': toError(400, 'Bad Request', 'BadRequestException'),
  'body too large': toError(413, 'HTTP content length exceeded 10485760 bytes.', 'RequestTooLargeException'),
  'event too large': toError(413, 'Request Too Long', 'RequestTooLongException'),
  'head too large': toError(431, 'Request Header Fields Too Large', 'RequestHeaderFieldsTooLargeException'),
  failed: toError(502, 'Internal server error', 'InternalServerErrorException'),
  late: toError(504, 'Endpoint request timed out', 'InternalServerErrorException'),
  throttled: toError(500, 'Internal server error', 'InternalServerErrorException'),
} satisfies Record<Refusal, unknown>

export const restDoor: Door = {
  name: 'rest',
  bodyLimit: 10 * 1024 * 1024,
  answerLimit: 29_000,
  takesAll: false,
  preflight: 200,
  sharesId: false,
  // Parameters stay as sent. Source: recorded.
  newRouter: <T>() => new Router<T>((segment) => segment),
  inside: withinStage,
  // A slash at the end is no part of what is matched. Source: recorded.
  toMatched: (inside) => (inside.length > 1 && inside.endsWith('/') ? inside.slice(0, -1) : inside),
  toEvent: (facts, inside) => toRestEvent({ ...facts, path: inside, fullPath: facts.path.replace(/^\/+/, '/') }),
  readResult: (payload) => readRestResult(payload),
  refuse: (refusal) => ANSWERS[refusal],
  identify: (requestId, time) => ({
    'x-amzn-RequestId': requestId,
    'x-amz-apigw-id': toExtendedId(requestId),
    'X-Amzn-Trace-Id': toTraceId({ requestId, time }),
  }),
}

// Slashes too many before and behind the stage count as one; within a greedy parameter they stay. Source: recorded.
function withinStage(path: string, stage: string): string | undefined {
  const rest = path.replace(/^\/+/, '')
  if (rest !== stage && !rest.startsWith(`${stage}/`)) return undefined
  return `/${rest.slice(stage.length).replace(/^\/+/, '')}`
}
