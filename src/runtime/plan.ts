// What is done for one route, made ready once when the function wakes, so that a request pays only for what its route uses.
import { toMediaType, toTypeCheck } from './body.ts'
import { type Cors, type CorsOptions, hasPatterns, toCors } from './cors.ts'
import { isForm } from './form.ts'
import type { Flat } from './group.ts'
import { compose, type OnError } from './middleware.ts'
import type { AppOptions } from './options.ts'
import { put, type Request } from './request.ts'
import type { RouteOptions } from './route.ts'
import { type Checkable, checkParts } from './schema.ts'
import { faultsOf, isPromise, opened } from './wake.ts'

type Handler = (request: Request) => unknown

export interface Plan {
  /** Content types, schemas, middleware and the handler in one. */
  readonly run: Handler
  readonly faults: readonly OnError[]
  /** CORS that the runtime does on every door, because the gateway cannot. */
  readonly cors: Cors | undefined
  /** CORS on a REST API, which does none itself. */
  readonly restCors: Cors | undefined
  /** Bytes from which an answer is compressed. */
  readonly compress: number
  readonly stream: boolean
}

/** Makes a route ready. */
export function toPlan({ declaration, groups }: Flat, app: AppOptions): Plan {
  const { handler, options } = opened<Handler>(declaration)
  const own: RouteOptions = options
  const layers = [app, ...groups, own].flatMap(({ use }) => use ?? [])
  const inner = [own.cors, ...groups.map(({ cors }) => cors).reverse()].find((cors) => cors !== undefined)
  return {
    run: compose(layers, typeof NO_SCHEMA === 'undefined' ? checked(handler, own) : handler),
    faults: faultsOf(app, own),
    ...corsOf(inner, app.cors),
    compress: threshold(app.compress),
    stream: own.stream === true,
  }
}

/** What is done for a request that has no route. */
export const toFallback = (app: AppOptions, run: Handler): Plan => ({
  run,
  faults: [],
  ...corsOf(undefined, app.cors),
  compress: threshold(app.compress),
  stream: false,
})

const threshold = (compress: AppOptions['compress'] = false): number =>
  typeof compress === 'number' ? compress : compress ? 1024 : Number.POSITIVE_INFINITY

type Given = boolean | CorsOptions | undefined

// An HTTP API and a function URL apply the app's CORS themselves and drop a function's; patterns only the runtime knows.
function corsOf(inner: Given, ofApp: Given): Pick<Plan, 'cors' | 'restCors'> {
  const given = inner ?? ofApp ?? false
  if (typeof NO_CORS === 'undefined' && given !== false) {
    const restCors = toCors(given)
    return { cors: inner === undefined && !hasPatterns(given) ? undefined : restCors, restCors }
  }
  return { cors: undefined, restCors: undefined }
}

function checked(handler: Handler, { contentTypes, ...schemas }: RouteOptions): Handler {
  const parts = PARTS.flatMap((part) => {
    const schema = schemas[part.part]
    return schema === undefined ? [] : [{ ...part, schema }]
  })
  const accepts = contentTypes === undefined ? undefined : toTypeCheck(contentTypes)
  if (accepts === undefined && parts.length === 0) return handler
  return (request) => {
    accepts?.(request.header('content-type'))
    const waiting = checkParts(parts, request)
    return isPromise(waiting) ? waiting.then(() => handler(request)) : handler(request)
  }
}

const PARTS: readonly Omit<Checkable<Request>, 'schema'>[] = [
  { part: 'params', read: ({ params }) => ({ ...params }), write: (request, value) => put(request, 'params', value) },
  {
    part: 'query',
    read: ({ query }) => ({ ...query }),
    readAll: ({ queryAll }) => queryAll,
    write: (request, value) => put(request, 'query', value),
  },
  {
    part: 'headers',
    read: ({ headers }) => ({ ...headers }),
    write: (request, value) => put(request, 'headers', value),
  },
  {
    part: 'body',
    read: ({ body }) => body,
    readAll: (request) => (isForm(toMediaType(request.header('content-type')).name) ? request.formAll : {}),
    write: (request, value) => put(request, 'body', value),
  },
]
