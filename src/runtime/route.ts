// `route(pattern, handler)`: an HTTP endpoint.
import type { AuthOption, Caller, CallerOf } from './auth.ts'
import type { CorsOptions } from './cors.ts'
import { type Declaration, declare } from './declare.ts'
import type { FunctionOptions } from './options.ts'
import type { Params, PlainShape, Request } from './request.ts'
import type { Schema, SchemaInput, SchemaOutput } from './schema.ts'

type AnySchema = Schema<unknown, unknown>
type Given = AnySchema | undefined

/** Options of a route. Those of a function hold only with `isolate`. */
export interface RouteOptions<
  Body extends Given = Given,
  Query extends Given = Given,
  Path extends Given = Given,
  Headers extends Given = Given,
  Auth extends AuthOption | undefined = AuthOption | undefined,
> extends Omit<FunctionOptions, 'tags'> {
  /** A function of its own instead of the shared `api`. Default: false. */
  isolate?: boolean
  /** Who may call. Default: what the group or the app says. */
  auth?: Auth
  /** What a token must have one of. */
  scopes?: readonly string[]
  /** A caller must show an API key. REST APIs only. */
  apiKey?: boolean
  /** Which pages of other origins may call. Default: what the group or the app says. Of a `raw` handler it answers preflights only. */
  cors?: boolean | CorsOptions
  /** Content types that are accepted, such as `image/*`; others are answered 415. Default: any. */
  contentTypes?: readonly string[]
  /** Sends an answer while it is made. REST APIs and function URLs only. */
  stream?: boolean
  /** Standard Schema validators (zod, valibot, arktype …). What they refuse is answered 422 with every problem. */
  body?: Body
  query?: Query
  params?: Path
  headers?: Headers
  /** What the route answers, or what by status, for `goblet openapi`. Not checked while serving. */
  response?: AnySchema | Readonly<Record<string, AnySchema>>
  /** For `goblet openapi`. */
  summary?: string
  tags?: readonly string[]
}

/** What a client sends, for `goblet/client`: what the schemas take. */
export interface RouteInput<
  Body extends Given = Given,
  Query extends Given = Given,
  Path extends Given = Given,
  Headers extends Given = Given,
> {
  readonly body: Body extends AnySchema ? SchemaInput<Body> : unknown
  readonly query: Query extends AnySchema ? SchemaInput<Query> : unknown
  readonly params: Path extends AnySchema ? SchemaInput<Path> : unknown
  readonly headers: Headers extends AnySchema ? SchemaInput<Headers> : unknown
}

export interface Route<Pattern extends string = string, Result = unknown, Input = unknown> extends Declaration {
  readonly pattern: Pattern
  /** Only in the types: what the handler returns. */
  readonly result?: Result
  /** Only in the types: what a client sends. */
  readonly input?: Input
}

/** What a handler of this pattern, with these schemas and this authorizer, gets. */
export interface RouteShape<
  Pattern extends string,
  Body extends Given,
  Query extends Given,
  Path extends Given,
  Headers extends Given,
  Auth extends AuthOption | undefined,
> {
  readonly params: Path extends AnySchema ? SchemaOutput<Path> & object : Params<Pattern>
  readonly query: Query extends AnySchema ? SchemaOutput<Query> & object : PlainShape['query']
  readonly headers: Headers extends AnySchema ? SchemaOutput<Headers> & object : PlainShape['headers']
  readonly body: Body extends AnySchema ? SchemaOutput<Body> : PlainShape['body']
  readonly auth: Auth extends AuthOption ? CallerOf<Auth> : Caller | undefined
}

export type RouteHandler<Pattern extends string, Result> = (request: Request<PlainShape<Params<Pattern>>>) => Result

/**
 * Declares an endpoint: one or more methods (or `ANY`) and a path with `{params}` and at most one `{greedy+}` at its end.
 * A handler returns a JSON value, a string, bytes, nothing (204), a stream, a web `Response` or a `reply(…)`; a thrown
 * HttpError is its answer.
 *
 * @example
 * export const city = route('GET /cities/{city}', ({ params }) => ({ city: params.city }))
 */
export function route<const Pattern extends string, Result>(
  pattern: Pattern,
  handler: RouteHandler<Pattern, Result>,
): Route<Pattern, Awaited<Result>, RouteInput<undefined, undefined, undefined, undefined>>
export function route<
  const Pattern extends string,
  Result,
  Body extends Given = undefined,
  Query extends Given = undefined,
  Path extends Given = undefined,
  Headers extends Given = undefined,
  Auth extends AuthOption | undefined = undefined,
>(
  pattern: Pattern,
  options: RouteOptions<Body, Query, Path, Headers, Auth>,
  handler: (request: Request<RouteShape<Pattern, Body, Query, Path, Headers, Auth>>) => Result,
): Route<Pattern, Awaited<Result>, RouteInput<Body, Query, Path, Headers>>
export function route<const Pattern extends string>(
  pattern: Pattern,
  first: unknown,
  second?: unknown,
): Route<Pattern> {
  const [options, handler] = typeof first === 'function' ? [{}, first] : [first as object, second]
  return declare({ pattern }, { role: 'function', trigger: 'http', subject: pattern, options, handler })
}
