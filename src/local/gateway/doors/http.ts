// The HTTP API (v2) as a front door.
import { readHttpResult, toHttpEvent } from '../../../aws/events/http.ts'
import { Router } from '../../../aws/router.ts'
import { type Door, type Refusal, toJson } from '../door.ts'

// Source: the quotas of HTTP APIs; the bodies are what its clients see.
const ANSWERS = {
  'no route': toJson(404, { message: 'Not Found' }),
  'no stage': toJson(404, { message: 'Not Found' }),
  'bad request': toJson(400, { message: 'Bad Request' }),
  'body too large': toJson(413, { message: 'Request Entity Too Large' }),
  'event too large': toJson(413, { message: 'Request Entity Too Large' }),
  'head too large': toJson(431, { message: 'Request Header Fields Too Large' }),
  failed: toJson(500, { message: 'Internal Server Error' }),
  late: toJson(503, { message: 'Service Unavailable' }),
  throttled: toJson(503, { message: 'Service Unavailable' }),
} satisfies Record<Refusal, unknown>

export const httpDoor: Door = {
  name: 'http',
  bodyLimit: 10 * 1024 * 1024,
  answerLimit: 30_000,
  takesAll: false,
  preflight: 204,
  sharesId: false,
  newRouter: <T>() => new Router<T>(),
  inside: (path, stage) => {
    if (stage === '$default') return path
    const prefix = `/${stage}`
    if (path === prefix) return '/'
    return path.startsWith(`${prefix}/`) ? path.slice(prefix.length) : undefined
  },
  toMatched: (inside) => inside,
  // A named stage stays in the path. Source: reported (powertools-python#621).
  toEvent: (facts) => toHttpEvent(facts),
  readResult: readHttpResult,
  refuse: (refusal) => ANSWERS[refusal],
  identify: (requestId) => ({ 'apigw-requestid': requestId }),
}
