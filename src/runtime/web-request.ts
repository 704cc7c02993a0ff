// A web `Request` from an event. The only place that touches the class, for the first touch loads Node's fetch.
import type { Door } from './doors.ts'

/** The web's `Request`, where the project's types know it. */
export type WebRequest = typeof globalThis extends { Request: new (...given: never[]) => infer Made } ? Made : object

type RequestClass = new (
  url: string,
  init: { method: string; headers: [string, string][]; body?: Uint8Array },
) => WebRequest

interface AnyEvent {
  readonly requestContext: { readonly domainName?: string }
}

export function toWebRequest<Event extends AnyEvent>(event: Event, door: Door<Event>, bytes: Uint8Array): WebRequest {
  const method = door.method(event)
  const headers = Object.entries(door.headers(event)).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  )
  const cookies = door.cookies(event)
  if (cookies.length > 0 && !headers.some(([name]) => name === 'cookie')) headers.push(['cookie', cookies.join('; ')])
  const { host, 'x-forwarded-proto': scheme = 'https' } = door.headers(event)
  const query = door.rawQuery(event)
  const url = `${scheme}://${host ?? event.requestContext.domainName}${door.urlPath(event)}${query === '' ? '' : `?${query}`}`
  const { Request } = globalThis as unknown as { Request: RequestClass }
  const bodiless = method === 'GET' || method === 'HEAD' || bytes.byteLength === 0
  return new Request(url, bodiless ? { method, headers } : { method, headers, body: bytes })
}
