// Hosts a fetch handler, `(request) => response` of the web: Hono, h3, itty, Elysia, or a function.
import { Sent } from '../runtime/response.ts'
import { type Arrival, arrivalOf } from './arrival.ts'
import { OF_THE_CONNECTION, withBody } from './body.ts'
import type { Hosting, Serve } from './wake.ts'

type Handle = (request: globalThis.Request, ...rest: unknown[]) => Response | Promise<Response>

/** The app, and what of Lambda it is told as its environment: Hono's `c.env`, under the names of its own adapter. */
export function open(app: Handle | { fetch: Handle }, { base, streams }: Hosting): Serve {
  const isObject = typeof app === 'object' || 'fetch' in app
  const handle: Handle = isObject ? (request, ...rest) => (app as { fetch: Handle }).fetch(request, ...rest) : app
  return async (request) => {
    const arrival = arrivalOf(request, base)
    const { event, context } = request
    const environment = { event, requestContext: event.requestContext, lambdaContext: context }
    const answer = await handle(toRequest(arrival), environment)
    return toSent(answer, streams, arrival.method === 'HEAD')
  }
}

function toRequest({ method, url, headers, body, ip, scheme, host }: Arrival): globalThis.Request {
  const address = `${scheme}://${host}${url}`
  const made =
    body === undefined || method === 'GET' || method === 'HEAD'
      ? new Request(address, { method, headers })
      : new Request(address, { method, headers, body })
  // Where servers for fetch handlers (srvx, and h3 by it) say who calls.
  return Object.assign(made, { ip })
}

async function toSent(answer: Response, streams: boolean, isHead: boolean): Promise<Sent> {
  const headers: Record<string, string> = {}
  const draft: Sent['draft'] & { headers: Record<string, string> } = { statusCode: answer.status, headers }
  const { body } = answer
  const isWhole = body !== null && !isHead
  let cookies: string[] | undefined
  answer.headers.forEach((value, name) => {
    if (name === 'set-cookie') cookies = [...(cookies ?? []), value]
    // The gateway counts for itself; only of what is not sent must it be told.
    else if (!OF_THE_CONNECTION.has(name) && !(isWhole && name === 'content-length')) headers[name] = value
  })
  if (cookies !== undefined) draft.cookies = cookies
  if (!isWhole) return new Sent(draft)
  if (streams) return new Sent({ ...draft, stream: body })
  return new Sent(withBody(draft, Buffer.from(await answer.arrayBuffer())))
}
