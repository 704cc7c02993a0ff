// An event of any HTTP door enters here and leaves as the gateway's answer.
import type { Context } from '../../aws/context.ts'
import type { HttpEvent } from '../../aws/events/http.ts'
import type { RestEvent } from '../../aws/events/rest.ts'
import { answer, type Finish, finishHttp, finishRest, type Result } from '../answer.ts'
import type { Declaration } from '../declare.ts'
import { type Flat, flatten } from '../group.ts'
import { Request } from '../request.ts'
import { openTable, type Table } from '../routes.ts'
import { finishStream, type ResponseStream, send, streaming } from '../streaming.ts'
import { appOptions } from '../wake.ts'

type Event = HttpEvent | RestEvent

type Wake = (event: Event, context: Context) => Promise<Result>

/** The Lambda handler of routes and groups by their exports; `only` names those of a group's routes that are woken. */
export function wakeHttp(
  app: Declaration,
  routes: Readonly<Record<string, Declaration>>,
  only?: readonly string[],
): Wake {
  return wakeFlat(
    app,
    flatten(routes).filter(({ identity }) => only === undefined || only.includes(identity)),
  )
}

/** The same of routes that were found already. */
export function wakeFlat(app: Declaration, flat: readonly Flat[]): Wake {
  const table = openTable(flat, appOptions(app))
  if (typeof NO_STREAM === 'undefined' && table.streams) {
    const lambda = streaming()
    if (lambda !== undefined)
      return lambda.streamifyResponse(async (event: Event, stream: ResponseStream, context: Context) =>
        send(lambda, stream, await serve(table, event, context, finishStream)),
      )
  }
  return (event, context) => Promise.resolve(whole(table, event, context))
}

function whole(table: Table, event: Event, context: Context): Result | Promise<Result> {
  const key = (event as HttpEvent).routeKey
  if (typeof NO_REST === 'undefined' && key === undefined) return serve<Result>(table, event, context, finishRest)
  const plan = table.byKey.get(key)
  // API Gateway has chosen the route already where it knows each of them.
  if (plan !== undefined)
    return answer(plan, new Request(event, context, key, (event as HttpEvent).pathParameters), finishHttp)
  return serve<Result>(table, event, context, finishHttp)
}

function serve<Out>(table: Table, event: Event, context: Context, finish: Finish<Out>): Out | Promise<Out> {
  const { plan, route, params } = table.find(event)
  return answer(plan, new Request(event, context, route, params), finish)
}
