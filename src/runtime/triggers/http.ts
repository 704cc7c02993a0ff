// An HTTP API event enters here and leaves as the gateway's answer.
import type { Context } from '../../aws/context.ts'
import type { HttpEvent, HttpResult } from '../../aws/events/http.ts'
import { Router } from '../../aws/router.ts'
import type { Declaration } from '../declare.ts'
import { Request } from '../request.ts'
import { toErrorResult, toResult } from '../response.ts'
import { isPromise, opened } from '../wake.ts'

type Handler = (request: Request) => unknown

const NOT_FOUND: HttpResult = Object.freeze({
  statusCode: 404,
  headers: Object.freeze({ 'content-type': 'application/json' }),
  body: '{"message":"Not Found"}',
  isBase64Encoded: false,
})

/** The Lambda handler of one or more routes. */
export function wakeHttp(...routes: Declaration[]): (event: HttpEvent, context: Context) => Promise<HttpResult> {
  const byKey = new Map<string, Handler>()
  for (const declaration of routes) {
    const { subject, handler } = opened<Handler>(declaration)
    for (const key of routeKeys(subject)) byKey.set(key, handler)
  }
  let router: Router<Handler> | undefined

  // API Gateway has chosen the route already where it knows each of them; a catch-all route (`$default`) has not.
  const find = (event: HttpEvent, context: Context): HttpResult | Promise<HttpResult> => {
    router ??= toRouter(byKey)
    const match = router.match(event.requestContext.http.method, event.rawPath)
    return match === undefined ? NOT_FOUND : answer(match.value, new Request(event, context, match.route, match.params))
  }

  return (event, context) => {
    const handler = byKey.get(event.routeKey)
    const result =
      handler === undefined
        ? find(event, context)
        : answer(handler, new Request(event, context, event.routeKey, event.pathParameters))
    return Promise.resolve(result)
  }
}

const debug = (): boolean => process.env.GOBLET_DEBUG === 'true'

// A handler that returns at once costs no extra turn of the event loop.
function answer(handler: Handler, request: Request): HttpResult | Promise<HttpResult> {
  try {
    const value = handler(request)
    // A promise stays itself in `resolve`; other objects with `then`, such as query builders, become one.
    if (isPromise(value))
      return Promise.resolve(value)
        .then(toResult)
        .catch((error: unknown) => toErrorResult(error, debug()))
    return toResult(value)
  } catch (error) {
    return toErrorResult(error, debug())
  }
}

function toRouter(byKey: ReadonlyMap<string, Handler>): Router<Handler> {
  const router = new Router<Handler>()
  for (const [key, handler] of byKey) {
    const space = key.indexOf(' ')
    router.add(key.slice(0, space), key.slice(space + 1), handler)
  }
  return router
}

// `GET|PUT /a` is two routes.
function routeKeys(pattern: string): string[] {
  const space = pattern.indexOf(' ')
  return pattern
    .slice(0, space)
    .split('|')
    .map((method) => method + pattern.slice(space))
}
