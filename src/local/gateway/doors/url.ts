// The function URL as a front door: no routes and no gateway limits, one function that gets everything.
import { readHttpResult, toTraceId, toUrlEvent } from '../../../aws/events/http.ts'
import { Router } from '../../../aws/router.ts'
import { type Door, type Refusal, toJson, toOwn } from '../door.ts'

// Source: recorded 502 text; the rest are Lambda's own errors, which write `Message` with a capital.
const ANSWERS = {
  'no route': toJson(403, { Message: 'Forbidden' }, { 'x-amzn-errortype': 'AccessDeniedException' }),
  'no stage': toJson(403, { Message: 'Forbidden' }, { 'x-amzn-errortype': 'AccessDeniedException' }),
  'bad request': toJson(400, { Message: 'Bad Request' }),
  'body too large': tooLarge(),
  'event too large': tooLarge(),
  'head too large': toJson(431, { Message: 'Request Header Fields Too Large' }),
  failed: toOwn(502, 'Internal Server Error'),
  late: toOwn(502, 'Internal Server Error'),
  throttled: toJson(429, { Message: 'Rate Exceeded.' }, { 'x-amzn-errortype': 'TooManyRequestsException' }),
} satisfies Record<Refusal, unknown>

function tooLarge() {
  const Message = 'Request must be smaller than 6291456 bytes for the InvokeFunction operation'
  return toJson(413, { Message }, { 'x-amzn-errortype': 'RequestEntityTooLargeException' })
}

export const urlDoor: Door = {
  name: 'url',
  bodyLimit: 6 * 1024 * 1024,
  answerLimit: undefined,
  takesAll: true,
  preflight: 200,
  sharesId: true,
  newRouter: <T>() => new Router<T>(),
  inside: (path) => path,
  toMatched: (inside) => inside,
  toEvent: (facts) => toUrlEvent(facts),
  readResult: readHttpResult,
  refuse: (refusal) => ANSWERS[refusal],
  identify: (requestId, time) => ({
    'x-amzn-requestid': requestId,
    'x-amzn-trace-id': `${toTraceId({ requestId, time })};Parent=${requestId.slice(-12)}0000;Sampled=0`,
  }),
}
