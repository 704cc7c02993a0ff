// From a request to the answer that its door expects: the plan is run, and errors become answers.
import type { HttpResult } from '../aws/events/http.ts'
import type { RestResult } from '../aws/events/rest.ts'
import { compress } from './compress.ts'
import type { Plan } from './plan.ts'
import type { Request } from './request.ts'
import { collect, type Draft, toDraft, toErrorDraft, toHttpResult, toRestResult } from './response.ts'
import { isPromise, rescued } from './wake.ts'

export type Result = HttpResult | RestResult

/** Turns an answer into the result of one kind of door. */
export type Finish<Out> = (draft: Draft, plan: Plan, request: Request) => Out | Promise<Out>

const debug = (): boolean => process.env.GOBLET_DEBUG === 'true'

/** Runs a plan. A handler that returns at once costs no extra turn of the event loop. */
export function answer<Out>(plan: Plan, request: Request, finish: Finish<Out>): Out | Promise<Out> {
  try {
    const value = plan.run(request)
    // A promise stays itself in `resolve`; other objects with `then`, such as query builders, become one.
    const made = isPromise(value)
      ? Promise.resolve(value).then((late) => finish(toDraft(late), plan, request))
      : finish(toDraft(value), plan, request)
    return isPromise(made) ? made.catch((error: unknown) => failed(error, plan, request, finish)) : made
  } catch (error) {
    return failed(error, plan, request, finish)
  }
}

function failed<Out>(error: unknown, plan: Plan, request: Request, finish: Finish<Out>): Out | Promise<Out> {
  if (plan.faults.length === 0) return finish(toErrorDraft(error, debug()), plan, request)
  return rescued(plan.faults, error, request)
    .then((value) => finish(toDraft(value), plan, request))
    .catch((other: unknown) => finish(toErrorDraft(other, debug()), plan, request))
}

/** For an HTTP API, and a function URL that sends whole answers. */
export const finishHttp: Finish<HttpResult> = (draft, plan, request) => {
  if (typeof NO_CORS === 'undefined' && plan.cors !== undefined) plan.cors.apply(draft, request.header('origin'))
  const made = whole(draft, plan, request)
  return isPromise(made) ? made.then(toHttpResult) : toHttpResult(made)
}

/** For a REST API. */
export const finishRest: Finish<RestResult> = (draft, plan, request) => {
  if (plan.restCors !== undefined) plan.restCors.apply(draft, request.header('origin'))
  const made = whole(draft, plan, request)
  return isPromise(made) ? made.then(toRestResult) : toRestResult(made)
}

function whole(draft: Draft, plan: Plan, request: Request): Draft | Promise<Draft> {
  if (typeof NO_STREAM === 'undefined' && draft.stream !== undefined)
    return collect(draft).then((made) => shrunk(made, plan, request))
  return shrunk(draft, plan, request)
}

function shrunk(draft: Draft, plan: Plan, request: Request): Draft | Promise<Draft> {
  if (typeof NO_COMPRESS === 'undefined' && plan.compress !== Number.POSITIVE_INFINITY && request.method !== 'HEAD')
    return compress(draft, request.header('accept-encoding'), plan.compress)
  return draft
}
