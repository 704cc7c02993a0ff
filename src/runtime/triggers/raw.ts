// A function whose handler is a plain Lambda one: the event goes in and the result comes out unchanged, the middleware around it apart.
import type { Context } from '../../aws/context.ts'
import type { HttpEvent } from '../../aws/events/http.ts'
import type { RestEvent } from '../../aws/events/rest.ts'
import { answer, finishHttp, finishRest, type Result } from '../answer.ts'
import type { Declaration } from '../declare.ts'
import { type Flat, flatten } from '../group.ts'
import { compose, type Input } from '../middleware.ts'
import { invoked, type Raw } from '../raw.ts'
import { Request } from '../request.ts'
import type { RouteOptions } from '../route.ts'
import { openTable } from '../routes.ts'
import { appOptions, faultsOf, opened, rescued } from '../wake.ts'

type Handler = (event: unknown, context: Context) => unknown

/** The Lambda handler of a declaration whose handler is `raw(…)`. */
export function wakeRaw(app: Declaration, declaration: Declaration): Handler {
  const { trigger } = opened<Raw>(declaration)
  return around(app, { declaration, groups: [] }, (event, context) => {
    // Middleware asks for the kind first; what an event of this kind is, it knows.
    return { kind: trigger, event, context } as Input
  })
}

/** The same of a route, by the export that holds it. */
export function wakeRawRoute(app: Declaration, routes: Readonly<Record<string, Declaration>>, only: string): Handler {
  const flat = flatten(routes).find(({ identity }) => identity === only)
  if (flat === undefined) throw new TypeError(`No route is called ${only}.`)
  const run = around(app, flat, (event, context) => {
    const request = event as HttpEvent | RestEvent
    const isRest = 'httpMethod' in request
    const route = isRest ? `${request.httpMethod} ${request.resource}` : request.routeKey
    return new Request(request, context, route, request.pathParameters)
  })
  if (typeof NO_CORS !== 'undefined') return run
  const answers = preflights(flat)
  return answers === undefined
    ? run
    : (event, context) => answers(event as HttpEvent | RestEvent, context) ?? run(event, context)
}

type Preflight = (event: HttpEvent | RestEvent, context: Context) => unknown

/** Answers what browsers ask beforehand, where the route says `cors`; the headers of its answers are the handler's own. */
function preflights(flat: Flat): Preflight | undefined {
  const { options }: { options: RouteOptions } = opened<Raw>(flat.declaration)
  if (options.cors === undefined || options.cors === false) return undefined
  const table = openTable([{ ...flat, groups: [] }], {})
  return (event, context) => {
    const isRest = 'httpMethod' in event
    if ((isRest ? event.httpMethod : event.requestContext.http.method) !== 'OPTIONS') return undefined
    const { plan, route, params } = table.find(event)
    return answer<Result>(plan, new Request(event, context, route, params), isRest ? finishRest : finishHttp)
  }
}

function around(
  app: Declaration,
  { declaration, groups }: Pick<Flat, 'declaration' | 'groups'>,
  toInput: (event: unknown, context: Context) => Input,
): Handler {
  const { handler, options } = opened<Raw>(declaration)
  const call = invoked(handler)
  const outer = appOptions(app)
  const layers = [outer, ...groups, options].flatMap(({ use = [] }: { use?: readonly never[] }) => use)
  const faults = faultsOf(outer, options)
  if (layers.length === 0 && faults.length === 0) return async (event, context) => call(event, context)
  const run = compose<Input>(layers, ({ event, context }: Input & { event?: unknown; context?: Context }) =>
    call(event, context as Context),
  )
  return async (event, context) => {
    const input = toInput(event, context)
    try {
      return await run(input)
    } catch (error) {
      return rescued(faults, error, input)
    }
  }
}
