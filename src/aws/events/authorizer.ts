// The events of Lambda authorizers, and what they answer: built by the local gateway, read by the runtime.
import { splitRouteArn } from '../policy.ts'
import type { HttpEvent } from './http.ts'
import type { RestEvent } from './rest.ts'
import type { WebsocketAuthorizerEvent } from './websocket.ts'

type Texts = Readonly<Record<string, string | undefined>>

/** Asked by a REST API about the value of one header. Source: "Input to an API Gateway Lambda authorizer". */
export interface TokenAuthorizerEvent {
  readonly type: 'TOKEN'
  readonly methodArn: string
  readonly authorizationToken: string
}

/** Asked by a REST API about a whole request. Absent maps are empty here, where the function's event has nulls. Source: recorded. */
export interface RestAuthorizerEvent extends Omit<RestEvent, 'body' | 'isBase64Encoded'> {
  readonly type: 'REQUEST'
  readonly methodArn: string
}

/** Asked by an HTTP API (payload format 2.0). */
export interface HttpAuthorizerEvent extends Omit<HttpEvent, 'body' | 'isBase64Encoded'> {
  readonly type: 'REQUEST'
  readonly routeArn: string
  readonly identitySource: readonly string[] | null
}

export type AuthorizerEvent =
  | TokenAuthorizerEvent
  | RestAuthorizerEvent
  | HttpAuthorizerEvent
  | WebsocketAuthorizerEvent

/** What an authorizer answers, on every kind of API. */
export interface AuthorizerResult {
  readonly principalId: string
  readonly policyDocument: {
    readonly Version: '2012-10-17'
    readonly Statement: readonly {
      readonly Action: 'execute-api:Invoke'
      readonly Effect: 'Allow' | 'Deny'
      readonly Resource: readonly string[]
    }[]
  }
  readonly context: Readonly<Record<string, unknown>>
}

/** Builds the event of an HTTP API's authorizer from that of its function. */
export function toHttpAuthorizerEvent(
  event: HttpEvent,
  routeArn: string,
  identity: readonly string[],
): HttpAuthorizerEvent {
  const { version, body, isBase64Encoded, ...rest } = event
  return { version, type: 'REQUEST', routeArn, identitySource: identity.length === 0 ? null : identity, ...rest }
}

/** Builds the event of a REST API's authorizer of type REQUEST. */
export function toRestAuthorizerEvent(event: RestEvent, methodArn: string): RestAuthorizerEvent {
  return {
    type: 'REQUEST',
    methodArn,
    resource: event.resource,
    path: event.path,
    httpMethod: event.httpMethod,
    headers: event.headers ?? {},
    multiValueHeaders: event.multiValueHeaders ?? {},
    queryStringParameters: event.queryStringParameters ?? {},
    multiValueQueryStringParameters: event.multiValueQueryStringParameters ?? {},
    pathParameters: event.pathParameters ?? {},
    stageVariables: event.stageVariables ?? {},
    requestContext: event.requestContext,
  }
}

/** What all of the four say. */
export interface AuthorizerFacts {
  /** The ARN of what is asked for. */
  readonly arn: string
  readonly method: string
  readonly path: string
  /** By lower-case name; of a TOKEN event only `header`. */
  readonly headers: Texts
  readonly query: Texts
  /** The value of `header`, or the first identity source. */
  readonly token: string
  readonly door: 'http' | 'rest' | 'websocket'
}

/** Reads any of the four; `header` is where the token is. */
export function readAuthorizerEvent(event: AuthorizerEvent, header: string): AuthorizerFacts {
  if (event.type === 'TOKEN') {
    const { methodArn: arn, authorizationToken: token } = event
    const { method, path } = splitRouteArn(arn)
    return { arn, method, path, headers: { [header]: token }, query: {}, token, door: 'rest' }
  }
  const headers = lowered(event.headers)
  if ('routeArn' in event) {
    const { routeArn: arn, rawPath: path, queryStringParameters: query = {}, identitySource } = event
    const token = headers[header] ?? identitySource?.[0] ?? ''
    return { arn, method: event.requestContext.http.method, path, headers, query, token, door: 'http' }
  }
  if (!('httpMethod' in event)) {
    const { methodArn: arn, queryStringParameters: query, requestContext } = event
    // The handshake is a GET of the stage, and the event says nothing of either.
    const path = `/${requestContext.stage}`
    return { arn, method: 'GET', path, headers, query, token: headers[header] ?? '', door: 'websocket' }
  }
  const { methodArn: arn, httpMethod: method, path, queryStringParameters } = event
  return { arn, method, path, headers, query: queryStringParameters ?? {}, token: headers[header] ?? '', door: 'rest' }
}

function lowered(headers: Texts | null): Texts {
  // No prototype, so that a header called __proto__ is only a header.
  const read: Record<string, string | undefined> = Object.create(null)
  for (const name in headers) read[name.toLowerCase()] = headers[name]
  return read
}
