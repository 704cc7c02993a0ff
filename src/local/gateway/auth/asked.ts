// What the gateway asks the guards of a route about, and how they look at the request.
import type { HttpEvent } from '../../../aws/events/http.ts'
import type { RestEvent } from '../../../aws/events/rest.ts'
import type { WebsocketConnectEvent } from '../../../aws/events/websocket.ts'
import type { AuthModel, HttpTriggerModel } from '../../../model/index.ts'

/** One request to one route. */
export interface Asked {
  readonly trigger: Pick<HttpTriggerModel, 'auth' | 'apiKey' | 'path' | 'method'>
  readonly method: string
  /** The whole path as sent, percent-encoded, with the stage where the URL has it: what a signature covers. */
  readonly signedPath: string
  /** The path without the stage, as sent. */
  readonly path: string
  /** As sent, without `?`. */
  readonly query: string
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[]
  readonly body: Uint8Array | undefined
  readonly requestId: string
  /** The event for the route's function, as its door builds it. The body may be missing. */
  readonly event: { readonly requestContext: object }
}

/** `Asked` of a route with this kind of auth. */
export type AuthOf<Kind extends AuthModel['kind']> = Extract<AuthModel, { kind: Kind }>

/** Whether an event is one of payload format 2.0: a REST API's has no version. */
export const isHttpEvent = (event: object): event is HttpEvent => 'version' in event && event.version === '2.0'

export const isRestEvent = (event: object): event is RestEvent => 'resource' in event && 'httpMethod' in event

export const isConnectEvent = (event: Asked['event']): event is WebsocketConnectEvent =>
  'eventType' in event.requestContext && event.requestContext.eventType === 'CONNECT'

/** Header values by lower-case name; of a name sent twice, both, joined by a comma. */
export function toHeaders({ rawHeaders }: Pick<Asked, 'rawHeaders'>): Record<string, string> {
  const headers: Record<string, string> = Object.create(null)
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase()
    const value = rawHeaders[index + 1] ?? ''
    const before = headers[name]
    headers[name] = before === undefined ? value : `${before},${value}`
  }
  return headers
}
