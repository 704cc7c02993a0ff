// The routes of one function by key, as gateways name them; and the choice among them where a gateway makes none.
import { decoded, type HttpEvent } from '../aws/events/http.ts'
import type { RestEvent } from '../aws/events/rest.ts'
import { Router } from '../aws/router.ts'
import { DECLARATION } from './declare.ts'
import { HTTP } from './doors.ts'
import { type Flat, joined } from './group.ts'
import { HttpError } from './http-error.ts'
import type { AppOptions } from './options.ts'
import { type Plan, toFallback, toPlan } from './plan.ts'
import type { Request } from './request.ts'
import { Reply } from './response.ts'

export interface Found {
  readonly plan: Plan
  readonly route: string
  readonly params: object | null | undefined
}

export interface Table {
  /** `GET /cities/{city}` → what is done for it. */
  readonly byKey: ReadonlyMap<string, Plan>
  /** Whether any route sends its answers while they are made. */
  readonly streams: boolean
  readonly find: (event: HttpEvent | RestEvent) => Found
}

/** Makes the table. */
export function openTable(flat: readonly Flat[], app: AppOptions): Table {
  const byKey = new Map<string, Plan>()
  for (const one of flat) {
    const plan = toPlan(one, app)
    for (const key of keysOf(one)) byKey.set(key, plan)
  }
  const streams = [...byKey.values()].some(({ stream }) => stream)
  if (typeof NO_CORS === 'undefined') addPreflights(byKey)
  const missing: Found = { plan: toFallback(app, notFound), route: '$default', params: undefined }
  let router: Router<Plan> | undefined

  const find = (event: HttpEvent | RestEvent): Found => {
    if (typeof NO_REST === 'undefined' && 'httpMethod' in event) return findRest(byKey, event) ?? missing
    if (!('version' in event) || event.requestContext?.http === undefined) return { ...missing, plan: UNKNOWN }
    const plan = byKey.get(event.routeKey)
    if (plan !== undefined) return { plan, route: event.routeKey, params: event.pathParameters }
    router ??= toRouter(byKey)
    const match = router.match(event.requestContext.http.method, HTTP.path(event))
    return match === undefined ? missing : { plan: match.value, route: match.route, params: match.params }
  }
  return { byKey, streams, find }
}

// As an HTTP API answers what it has no route for.
const notFound = (): never => {
  throw new HttpError(404, 'NotFound', '', { Code: undefined, Message: undefined, message: 'Not Found' })
}

const UNKNOWN = toFallback({}, () => {
  throw new HttpError(500, 'InternalServerError', 'Unknown request.')
})

function findRest(byKey: ReadonlyMap<string, Plan>, event: RestEvent): Found | undefined {
  for (const method of [event.httpMethod, 'ANY']) {
    const route = `${method} ${event.resource}`
    const plan = byKey.get(route)
    if (plan !== undefined) return { plan, route, params: toParams(event.pathParameters) }
  }
  return undefined
}

// A REST API leaves parameters as they were sent; a handler is to see the same behind every door.
function toParams(sent: RestEvent['pathParameters']): object | undefined {
  if (sent === null || sent === undefined) return undefined
  const params: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(sent)) params[name] = decoded(value)
  return params
}

// `GET|PUT /a` is two routes, and so is `ANY /|/{proxy+}`, as a mount has it.
function keysOf({ declaration, prefix }: Flat): string[] {
  const declared = declaration[DECLARATION]
  const subject = declared.role === 'function' ? declared.subject : ''
  const space = subject.indexOf(' ')
  const path = subject.slice(space + 1)
  const keys = (one: string): string[] =>
    subject
      .slice(0, space)
      .split('|')
      .map((method) => `${method} ${joined(prefix, one)}`)
  return typeof NO_MOUNT === 'undefined' ? path.split('|').flatMap(keys) : keys(path)
}

const ALL = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

// Build gives each path that has CORS a route for OPTIONS, which nobody declared and no authorizer guards.
function addPreflights(byKey: Map<string, Plan>): void {
  const paths = new Map<string, { plan: Plan; methods: string[] }>()
  for (const [key, plan] of byKey) {
    const space = key.indexOf(' ')
    const [method, path] = [key.slice(0, space), key.slice(space + 1)]
    if (plan.restCors === undefined || byKey.has(`OPTIONS ${path}`)) continue
    const one = paths.get(path) ?? { plan, methods: [] }
    one.methods.push(...(method === 'ANY' ? ALL : [method]))
    paths.set(path, one)
  }
  for (const [path, { plan, methods }] of paths) {
    const preflight = (request: Request): Reply => {
      const asked = request.header('access-control-request-method') ?? ''
      // A function of its own may have more of this path's methods. All share its CORS, but are not known here.
      const known = new Set([...methods, ...(ALL.includes(asked) ? [asked] : []), 'OPTIONS'])
      const headers = plan.restCors?.preflight([...known], request.header('origin')) ?? {}
      return new Reply(undefined, { status: 204, headers })
    }
    // It has its headers already.
    byKey.set(`OPTIONS ${path}`, toFallback({}, preflight))
  }
}

function toRouter(byKey: ReadonlyMap<string, Plan>): Router<Plan> {
  const router = new Router<Plan>()
  for (const [key, plan] of byKey) {
    const space = key.indexOf(' ')
    router.add(key.slice(0, space), key.slice(space + 1), plan)
  }
  return router
}
