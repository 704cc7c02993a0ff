// HTTP API events for tests of the runtime: a recorded one, with what a test wants different.
import { readFileSync } from 'node:fs'
import type { Context } from '../../src/aws/context.ts'
import type { HttpEvent } from '../../src/aws/events/http.ts'
import { type RestEvent, toRestEvent } from '../../src/aws/events/rest.ts'

const recorded: HttpEvent = JSON.parse(
  readFileSync(new URL('../cases/events/apigw-http-v2-noauth.json', import.meta.url), 'utf8'),
)

export interface Given extends Partial<Omit<HttpEvent, 'requestContext'>> {
  /** The method that is sent. Default: the route's, or GET. */
  readonly method?: string
}

/** The event of a request that API Gateway gave to `routeKey`. */
export function toEvent(routeKey: string, { method, ...given }: Given = {}): HttpEvent {
  const [own = '', path = ''] = routeKey.split(' ')
  const sent = method ?? (routeKey === '$default' || own === 'ANY' ? 'GET' : own)
  const rawPath = given.rawPath ?? (path === '' ? '/' : path)
  const http = { ...recorded.requestContext.http, method: sent, path: rawPath }
  return { ...recorded, routeKey, rawPath, ...given, requestContext: { ...recorded.requestContext, routeKey, http } }
}

/** What Lambda hands over beside an event. */
export const CONTEXT: Context = {
  functionName: 'shop-dev-api',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:shop-dev-api',
  memoryLimitInMB: '512',
  awsRequestId: '8f507cfc-example-0697b3a0ac8e',
  logGroupName: '/aws/lambda/shop-dev-api',
  logStreamName: '2026/01/01/[$LATEST]0123456789abcdef',
  callbackWaitsForEmptyEventLoop: true,
  getRemainingTimeInMillis: () => 30_000,
}

/** The same as a REST API gives it to `GET /cities/{city}`. */
export function toRest(routeKey: string, given: Partial<RestEvent> = {}): RestEvent {
  const [method = '', path = ''] = routeKey.split(' ')
  const event = toRestEvent({
    routeKey,
    method,
    path,
    fullPath: `/api${path}`,
    stage: 'api',
    query: '',
    rawHeaders: ['Host', 'abc.execute-api.us-east-1.amazonaws.com', 'X-Two', 'a', 'x-two', 'b'],
    pathParameters: undefined,
    sourceIp: '1.2.3.4',
    protocol: 'HTTP/1.1',
    requestId: '8f507cfc-0000-4000-8000-0697b3a0ac8e',
    accountId: '123456789012',
    apiId: 'abc',
    domainName: 'abc.execute-api.us-east-1.amazonaws.com',
    port: '443',
    time: 1_587_481_701_067,
    body: undefined,
  })
  return { ...event, ...given }
}
