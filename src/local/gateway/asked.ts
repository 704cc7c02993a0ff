// A request as it came in, before any door has looked at it.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export interface Incoming {
  /** What the journal calls it. */
  readonly id: string
  /** What the client and the function are told. */
  readonly requestId: string
  readonly time: number
  readonly method: string
  /** As sent, percent-encoded. */
  readonly path: string
  readonly query: string
  readonly origin: string | undefined
  readonly rawHeaders: readonly string[]
  readonly request: IncomingMessage
}

export function toIncoming(request: IncomingMessage, time: number, requestId: string = randomUUID()): Incoming {
  const url = toOriginForm(request.url ?? '/')
  const mark = url.indexOf('?')
  return {
    id: requestId,
    requestId,
    time,
    method: request.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    origin: request.headers.origin,
    rawHeaders: request.rawHeaders,
    request,
  }
}

// A proxy's client sends whole URLs, and a fragment never belongs in a request.
function toOriginForm(target: string): string {
  const hash = target.indexOf('#')
  const url = hash < 0 ? target : target.slice(0, hash)
  if (url.startsWith('/')) return url
  const rest = /^https?:\/\/[^/?]*(.*)$/i.exec(url)?.[1]
  if (rest === undefined) return url
  return rest.startsWith('/') ? rest : `/${rest}`
}

/** What HTTP APIs and REST APIs allow the request line and the headers together. Source: their quotas. */
const HEAD_LIMIT = 10_240

/** Whether the head is more than the gateway takes. */
export function isHeadTooLarge({ method, path, query, rawHeaders }: Incoming): boolean {
  // The method, the target and ` HTTP/1.1` with its spaces.
  let size = method.length + path.length + query.length + 12
  for (let index = 0; index < rawHeaders.length; index += 2) {
    size += (rawHeaders[index]?.length ?? 0) + (rawHeaders[index + 1]?.length ?? 0) + 4
    if (size > HEAD_LIMIT) return true
  }
  return size > HEAD_LIMIT
}
