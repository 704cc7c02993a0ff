// HTTP API events for tests of the runtime: a recorded one, with what a test wants different.
import { readFileSync } from 'node:fs'
import type { Context } from '../../src/aws/context.ts'
import type { HttpEvent } from '../../src/aws/events/http.ts'

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
