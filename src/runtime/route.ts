// `route(pattern, handler)`: an HTTP endpoint.
import { type Declaration, declare } from './declare.ts'
import type { FunctionOptions } from './options.ts'
import type { Params, Request } from './request.ts'

/** Options of a route. Those of a function hold only with `isolate`. */
export interface RouteOptions extends FunctionOptions {
  /** A function of its own instead of the shared `api`. Default: false. */
  isolate?: boolean
}

export interface Route<Pattern extends string = string, Result = unknown> extends Declaration {
  readonly pattern: Pattern
  /** Only in the types: what the handler returns. */
  readonly result?: Result
}

export type RouteHandler<Pattern extends string, Result> = (request: Request<Params<Pattern>>) => Result

/**
 * Declares an endpoint: one or more methods (or `ANY`) and a path with `{params}` and at most one `{greedy+}` at its end.
 * A handler returns a JSON value, a string, bytes, nothing (204) or a `reply(…)`; a thrown HttpError is its answer.
 *
 * @example
 * export const city = route('GET /cities/{city}', ({ params }) => ({ city: params.city }))
 */
export function route<const Pattern extends string, Result>(
  pattern: Pattern,
  handler: RouteHandler<Pattern, Result>,
): Route<Pattern, Awaited<Result>>
export function route<const Pattern extends string, Result>(
  pattern: Pattern,
  options: RouteOptions,
  handler: RouteHandler<Pattern, Result>,
): Route<Pattern, Awaited<Result>>
export function route<const Pattern extends string, Result>(
  pattern: Pattern,
  first: RouteOptions | RouteHandler<Pattern, Result>,
  second?: RouteHandler<Pattern, Result>,
): Route<Pattern, Awaited<Result>> {
  const [options, handler] = typeof first === 'function' ? [{}, first] : [first, second]
  return declare({ pattern }, { role: 'function', trigger: 'http', subject: pattern, options, handler })
}
