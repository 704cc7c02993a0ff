// What each front door says to a caller that may not pass, word for word.
import type { ApiModel } from '../../../model/index.ts'

export type Door = ApiModel['door'] | 'websocket'

/** The gateway's own answer, ready to be sent. */
export interface Refused {
  readonly passed: false
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
}

export interface Allowed {
  readonly passed: true
  /** What becomes `requestContext.authorizer`; undefined: nothing does. */
  readonly authorizer: Readonly<Record<string, unknown>> | undefined
  /** What goes into `requestContext.identity` of a REST API's event. */
  readonly identity: Readonly<Record<string, string>> | undefined
}

export type Verdict = Allowed | Refused

export const PASSED: Allowed = { passed: true, authorizer: undefined, identity: undefined }

const refused = (status: number, body: object, headers: Record<string, string> = {}): Refused => ({
  passed: false,
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

const named = (status: number, type: string, body: object): Refused =>
  refused(status, body, { 'x-amzn-errortype': type })

/** Nothing was shown, or what was shown is worth nothing. */
export const unauthorized = (door: Door, challenge?: string): Refused =>
  door === 'rest'
    ? named(401, 'UnauthorizedException', { message: 'Unauthorized' })
    : refused(401, { message: 'Unauthorized' }, challenge === undefined ? {} : { 'www-authenticate': challenge })

/** Known, but not allowed to. */
export const forbidden = (door: Door, challenge?: string): Refused =>
  door === 'rest'
    ? named(403, 'ForbiddenException', { message: 'Forbidden' })
    : refused(403, { message: 'Forbidden' }, challenge === undefined ? {} : { 'www-authenticate': challenge })

/** The authorizer's policy does not let the caller pass. Source: answers seen in clients' tests; Chalice's own tests. */
export const denied = (door: Door, explicit: boolean): Refused =>
  door === 'rest'
    ? named(403, 'AccessDeniedException', {
        Message: `User is not authorized to access this resource${explicit ? ' with an explicit deny in an identity-based policy' : ''}`,
      })
    : forbidden(door)

/** The authorizer failed, or answered what is no policy. */
export const broken = (door: Door): Refused =>
  door === 'rest'
    ? named(500, 'AuthorizerConfigurationException', { message: null })
    : refused(500, { message: 'Internal Server Error' })

/** Source: what REST APIs answer to an expired Cognito token, which is not the 403 of their gateway-response table. */
export const expired = (): Refused => named(401, 'UnauthorizedException', { message: 'The incoming token has expired' })

export const throttled = (): Refused => named(429, 'TooManyRequestsException', { message: 'Too Many Requests' })

export const exhausted = (): Refused => named(429, 'LimitExceededException', { message: 'Limit Exceeded' })

/** What is wrong with a signature; an HTTP API does not tell. */
export function unsigned(door: Door, type: string, message: string): Refused {
  if (door === 'http') return forbidden(door)
  if (door === 'url' && type === 'MissingAuthenticationTokenException')
    return named(403, 'AccessDeniedException', { Message: NO_PERMISSION })
  return named(403, type, { message })
}

// Source: recorded on AWS.
const NO_PERMISSION =
  'Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html'
