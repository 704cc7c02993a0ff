// What differs between the three front doors: one object each, so that the gateway itself never asks which one it is.
import type { HttpAnswer, HttpEvent, HttpRequestFacts } from '../../aws/events/http.ts'
import type { RestEvent } from '../../aws/events/rest.ts'
import type { Router } from '../../aws/router.ts'
import type { ApiModel } from '../../model/index.ts'

/** Why the gateway answers itself. */
export type Refusal =
  | 'no route'
  | 'no stage'
  | 'bad request'
  | 'body too large'
  | 'event too large'
  | 'head too large'
  | 'failed'
  | 'late'
  | 'throttled'

export interface Door {
  readonly name: ApiModel['door']
  /** Bytes of a request's body. */
  readonly bodyLimit: number
  /** Milliseconds the gateway waits for an answer; undefined: as long as the function may take. */
  readonly answerLimit: number | undefined
  /** Routes nobody declared reach the function too, which answers them itself. */
  readonly takesAll: boolean
  /** The status of its own answer to a preflight. */
  readonly preflight: 200 | 204
  /** An invocation has the request's own id. */
  readonly sharesId: boolean
  newRouter<T>(): Router<T>
  /** The path within the stage, of a path as sent; undefined outside of it. */
  inside(path: string, stage: string): string | undefined
  /** What routes are matched with, of a path within the stage. */
  toMatched(inside: string): string
  /** The event for the function. `inside` is the path within the stage. */
  toEvent(facts: HttpRequestFacts, inside: string): HttpEvent | RestEvent
  /** Undefined: the answer is none. */
  readResult(payload: string): HttpAnswer | undefined
  refuse(refusal: Refusal): OwnAnswer
  /** The headers that every answer of this door has. */
  identify(requestId: string, time: number): Record<string, string>
}

/** An answer that no function made. */
export interface OwnAnswer extends HttpAnswer {
  readonly own: true
}

export const toOwn = (status: number, text: string, headers: Record<string, string> = {}): OwnAnswer => ({
  own: true,
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: text,
})

export const toJson = (status: number, body: object, headers: Record<string, string> = {}): OwnAnswer =>
  toOwn(status, JSON.stringify(body), headers)
