// What a hosted app is told of a request, whichever front door it came through: what its own server would have told it.
import type { HttpEvent } from '../aws/events/http.ts'
import type { RestEvent } from '../aws/events/rest.ts'
import { type Door, HTTP, REST } from '../runtime/doors.ts'
import { HttpError } from '../runtime/http-error.ts'
import type { Request } from '../runtime/request.ts'

export interface Arrival {
  readonly method: string
  /** Path and query, percent-encoded, without the stage. */
  readonly url: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | undefined
  readonly ip: string
  readonly scheme: 'http' | 'https'
  /** As the client wrote it. */
  readonly host: string
}

/** Reads a request. `base` is what the app does not know to stand before its paths. */
export function arrivalOf(request: Request, base: string): Arrival {
  const { event } = request
  const isRest = typeof NO_REST === 'undefined' && 'httpMethod' in event
  const headers = isRest ? headersOf(REST, event) : headersOf(HTTP, event as HttpEvent)
  // Never forwarded: API Gateway takes out what asks for another protocol, but not what proves that it was asked.
  if (headers['sec-websocket-key'] !== undefined) throw new HttpError(426, 'UpgradeRequired', REFUSED)
  const body = bodyOf(event)
  if (body === undefined) delete headers['content-length']
  else headers['content-length'] = String(body.byteLength)
  return {
    method: request.method,
    url: isRest ? restUrl(event, base) : httpUrl(event as HttpEvent, base),
    headers,
    body,
    ip: request.sourceIp,
    scheme: headers['x-forwarded-proto'] === 'http' ? 'http' : 'https',
    host: headers.host ?? event.requestContext.domainName,
  }
}

const REFUSED = 'WebSockets do not reach a mounted app: declare them with websocket(…).'

function headersOf<Event>(door: Door<Event>, event: Event): Record<string, string> {
  const headers: Record<string, string> = {}
  const sent = door.headers(event)
  for (const name in sent) {
    const value = sent[name]
    if (value !== undefined) headers[name] = value
  }
  // An HTTP API has cookies apart.
  if (headers.cookie === undefined) {
    const cookies = door.cookies(event)
    if (cookies.length > 0) headers.cookie = cookies.join('; ')
  }
  return headers
}

function bodyOf({ body, isBase64Encoded }: HttpEvent | RestEvent): Buffer | undefined {
  if (body === undefined || body === null || body === '') return undefined
  return Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
}

// A URL's path is as it was sent; an HTTP API has decoded it, and what would end a path must not do so now.
function httpUrl(event: HttpEvent, base: string): string {
  const path = HTTP.path(event)
  const query = event.rawQueryString
  const encoded =
    event.routeKey === '$default' || PLAIN.test(path)
      ? path
      : encodeURI(path).replace(/[?#]/g, (mark) => (mark === '?' ? '%3F' : '%23'))
  return within(encoded, base) + (query === '' ? '' : `?${query}`)
}

const PLAIN = /^[\w./~-]*$/

function restUrl(event: RestEvent, base: string): string {
  const query = REST.rawQuery(event)
  return within(event.path, base) + (query === '' ? '' : `?${query}`)
}

function within(path: string, base: string): string {
  if (base === '' || !path.startsWith(base)) return path
  const rest = path.slice(base.length)
  return rest === '' ? '/' : rest.startsWith('/') ? rest : path
}
