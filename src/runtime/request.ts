// The one argument of a route handler: a view on the gateway's event that computes nothing until it is asked.
import type { Context } from '../aws/context.ts'
import { decoded, type HttpEvent, queryPairs } from '../aws/events/http.ts'
import { BadRequestError } from './http-error.ts'

/** The names in a route pattern: `'GET /a/{b}/{c+}'` has `b` and `c`. */
export type ParamNames<Pattern extends string> = Pattern extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${infer Greedy}+` ? Greedy : Name) | ParamNames<Rest>
  : never

export type Params<Pattern extends string> = { readonly [Name in ParamNames<Pattern>]: string }

const NONE: Readonly<Record<string, never>> = Object.freeze(Object.create(null))

/** A request. Everything is read on first use and kept. */
export class Request<Path extends object = Readonly<Record<string, string>>> {
  /** The values of the route's parameters, decoded. */
  readonly params: Path
  /** The route as declared, `GET /cities/{city}`. */
  readonly route: string
  /** The event as Lambda received it. */
  readonly event: HttpEvent
  readonly context: Context
  #query: Readonly<Record<string, string>> | undefined
  #queryAll: Readonly<Record<string, readonly string[]>> | undefined
  #cookies: Readonly<Record<string, string>> | undefined
  #json: { value: unknown } | undefined

  constructor(event: HttpEvent, context: Context, route: string, params: Path | undefined) {
    this.event = event
    this.context = context
    this.route = route
    this.params = params ?? (NONE as Path)
  }

  get method(): string {
    return this.event.requestContext.http.method
  }

  /** The path as the gateway gives it: an HTTP API decodes it. */
  get path(): string {
    return this.event.rawPath
  }

  /** Header values by lower-case name; a header sent twice is joined by a comma. */
  get headers(): Readonly<Record<string, string | undefined>> {
    return this.event.headers
  }

  /** Query values by name; of a name sent twice, the last. */
  get query(): Readonly<Record<string, string | undefined>> {
    this.#query ??= this.#readQuery()
    return this.#query
  }

  /** All query values by name. */
  get queryAll(): Readonly<Record<string, readonly string[] | undefined>> {
    this.#queryAll ??= this.#readQueryAll()
    return this.#queryAll
  }

  get cookies(): Readonly<Record<string, string | undefined>> {
    this.#cookies ??= this.#readCookies()
    return this.#cookies
  }

  /** The body as text; empty when there is none. */
  get text(): string {
    const { body, isBase64Encoded } = this.event
    if (body === undefined || body === null) return ''
    return isBase64Encoded ? Buffer.from(body, 'base64').toString('utf8') : body
  }

  /** The body as bytes. */
  get bytes(): Uint8Array {
    return Buffer.from(this.event.body ?? '', this.event.isBase64Encoded ? 'base64' : 'utf8')
  }

  /** The body as JSON. Throws BadRequestError when it is not. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON is whatever the client sent; a schema narrows it.
  get json(): any {
    this.#json ??= { value: parse(this.text) }
    return this.#json.value
  }

  /** The stage's name on API Gateway. */
  get stage(): string {
    return this.event.requestContext.stage
  }

  get stageVariables(): Readonly<Record<string, string | undefined>> {
    return this.event.stageVariables ?? NONE
  }

  get requestId(): string {
    return this.event.requestContext.requestId
  }

  get sourceIp(): string {
    return this.event.requestContext.http.sourceIp
  }

  #readQuery(): Record<string, string> {
    const query: Record<string, string> = Object.create(null)
    for (const [name, value] of queryPairs(this.event.rawQueryString)) query[name] = value
    return query
  }

  #readQueryAll(): Record<string, string[]> {
    const query: Record<string, string[]> = Object.create(null)
    for (const [name, value] of queryPairs(this.event.rawQueryString)) {
      const values = query[name]
      if (values === undefined) query[name] = [value]
      else values.push(value)
    }
    return query
  }

  #readCookies(): Record<string, string> {
    const cookies: Record<string, string> = Object.create(null)
    for (const cookie of this.event.cookies ?? []) {
      const at = cookie.indexOf('=')
      // The first of a name is the one whose path fits best (RFC 6265, 5.4); a later one would let a sibling path replace it.
      if (at > 0) cookies[cookie.slice(0, at)] ??= decoded(cookie.slice(at + 1))
    }
    return cookies
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new BadRequestError('Error Parsing JSON')
  }
}
