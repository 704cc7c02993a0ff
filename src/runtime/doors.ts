// Where each front door's event has what a request is made of.
import { type HttpEvent, queryPairs } from '../aws/events/http.ts'
import type { RestEvent } from '../aws/events/rest.ts'

type Texts = Readonly<Record<string, string | undefined>>

export interface Door<Event> {
  method(event: Event): string
  path(event: Event): string
  /** By lower-case name. */
  headers(event: Event): Texts
  query(event: Event): readonly (readonly [name: string, value: string])[]
  cookies(event: Event): readonly string[]
  sourceIp(event: Event): string
  /** The path percent-encoded, with the stage that is part of the URL. */
  urlPath(event: Event): string
  rawQuery(event: Event): string
}

/** An HTTP API and a function URL. */
export const HTTP: Door<HttpEvent> = {
  method: (event) => event.requestContext.http.method,
  path: (event) => {
    const { rawPath, requestContext } = event
    const prefix = `/${requestContext.stage}`
    // A stage that is named is part of the path, even of `rawPath`. Source: aws-powertools/powertools-lambda-python, issue 621.
    if (requestContext.stage === '$default' || !rawPath.startsWith(prefix)) return rawPath
    const rest = rawPath.slice(prefix.length)
    return rest === '' ? '/' : rest.startsWith('/') ? rest : rawPath
  },
  headers: (event) => event.headers,
  query: (event) => queryPairs(event.rawQueryString),
  cookies: (event) => event.cookies ?? [],
  sourceIp: (event) => event.requestContext.http.sourceIp,
  // A URL's path is as it was sent, that of an HTTP API decoded.
  urlPath: (event) => (event.routeKey === '$default' ? event.rawPath : encodeURI(event.rawPath)),
  rawQuery: (event) => event.rawQueryString,
}

/** A REST API. */
export const REST: Door<RestEvent> = {
  method: (event) => event.httpMethod,
  path: (event) => event.path,
  headers: (event) => {
    const headers: Record<string, string> = Object.create(null)
    for (const [name, value] of Object.entries(event.headers ?? {})) headers[name.toLowerCase()] = value
    for (const [name, values] of Object.entries(event.multiValueHeaders ?? {}))
      headers[name.toLowerCase()] = values.join(',')
    return headers
  },
  query: (event) => {
    const { multiValueQueryStringParameters: several, queryStringParameters: single } = event
    if (several === null || several === undefined) return Object.entries(single ?? {})
    return Object.entries(several).flatMap(([name, values]) => values.map((value) => [name, value] as const))
  },
  cookies: (event) => {
    const header = REST.headers(event).cookie ?? ''
    return header
      .split(/[;,]/)
      .map((cookie) => cookie.trim())
      .filter((cookie) => cookie !== '')
  },
  sourceIp: (event) => event.requestContext.identity.sourceIp ?? '',
  urlPath: (event) => event.requestContext.path,
  rawQuery: (event) =>
    REST.query(event)
      .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
      .join('&'),
}
