// The one argument of a route handler: a view on the gateway's event that computes nothing until it is asked.
import type { Context } from '../aws/context.ts'
import { decoded, type HttpEvent } from '../aws/events/http.ts'
import type { RestEvent } from '../aws/events/rest.ts'
import type { Caller } from './auth.ts'
import { isJson, isTextual, type MediaType, toMediaType, toText } from './body.ts'
import { readCaller } from './caller.ts'
import { type Door, HTTP, REST } from './doors.ts'
import { type FormFile, type FormValues, isForm, readForm } from './form.ts'
import { BadRequestError } from './http-error.ts'
import { type Log, openLog } from './log.ts'
import type { Part } from './schema.ts'
import { toWebRequest, type WebRequest } from './web-request.ts'

/** The names in a route pattern: `'GET /a/{b}/{c+}'` has `b` and `c`. */
export type ParamNames<Pattern extends string> = Pattern extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${infer Greedy}+` ? Greedy : Name) | ParamNames<Rest>
  : never

export type Params<Pattern extends string> = { readonly [Name in ParamNames<Pattern>]: string }

/** What a route's pattern, schemas and authorizer make of a request's parts. */
export interface RequestShape {
  readonly params: object
  readonly query: object
  readonly headers: object
  readonly body: unknown
  readonly auth: unknown
}

type Texts = Readonly<Record<string, string | undefined>>

/** A request without any schema. */
export interface PlainShape<Path extends object = Readonly<Record<string, string>>, Auth = Caller | undefined> {
  readonly params: Path
  readonly query: Texts
  readonly headers: Texts
  // biome-ignore lint/suspicious/noExplicitAny: a body is whatever the client sent; a schema narrows it.
  readonly body: any
  readonly auth: Auth
}

const NONE: Readonly<Record<string, never>> = Object.freeze(Object.create(null))

// What has been read once.
interface Kept {
  query?: object
  queryAll?: Readonly<Record<string, readonly string[]>>
  cookies?: Texts
  sent?: Texts
  headers?: object
  media?: MediaType
  json?: { readonly value: unknown }
  form?: FormValues
  body?: { readonly value: unknown }
  auth?: { readonly value: unknown }
  log?: Log
  request?: WebRequest
}

/** Puts the checked value of a part in its place. For schemas alone, so no method of the request. */
export let put: (request: Request, part: Part, value: unknown) => void

/** A request. Everything is read on first use and kept. */
export class Request<Shape extends RequestShape = PlainShape> {
  /** The values of the route's parameters, decoded. */
  readonly params: Shape['params']
  /** The route as declared, its groups' paths before it: `GET /cities/{city}`. */
  readonly route: string
  /** The event as Lambda received it: a REST API's has another form than that of the other two doors. */
  readonly event: HttpEvent | RestEvent
  readonly context: Context
  #kept: Kept | undefined

  static {
    put = (request, part, value) => {
      if (part === 'params') Object.assign(request, { params: value })
      else if (part === 'body') request.#keep.body = { value }
      else request.#keep[part] = value as object
    }
  }

  constructor(event: HttpEvent | RestEvent, context: Context, route: string, params: object | null | undefined) {
    this.event = event
    this.context = context
    this.route = route
    this.params = params ?? NONE
  }

  /** Tells middleware that this is a request. */
  get kind(): 'http' {
    return 'http'
  }

  get #keep(): Kept {
    this.#kept ??= {}
    return this.#kept
  }

  get #door(): Door<HttpEvent | RestEvent> {
    return typeof NO_REST === 'undefined' && 'httpMethod' in this.event
      ? (REST as Door<HttpEvent | RestEvent>)
      : (HTTP as Door<HttpEvent | RestEvent>)
  }

  get method(): string {
    return this.#door.method(this.event)
  }

  /** The path without the stage, as the gateway gives it: an HTTP API decodes it. */
  get path(): string {
    return this.#door.path(this.event)
  }

  get #sent(): Texts {
    const keep = this.#keep
    keep.sent ??= this.#door.headers(this.event)
    return keep.sent
  }

  /** A header's value by its name in any case, as it was sent, whatever a schema makes of `headers`. */
  header(name: string): string | undefined {
    return this.#sent[name.toLowerCase()]
  }

  /** Header values by lower-case name; a header sent twice is joined by a comma. */
  get headers(): Shape['headers'] {
    return this.#kept?.headers ?? this.#sent
  }

  /** Query values by name; of a name sent twice, the last. */
  get query(): Shape['query'] {
    const keep = this.#keep
    if (keep.query === undefined) {
      const query: Record<string, string> = Object.create(null)
      for (const [name, value] of this.#door.query(this.event)) query[name] = value
      keep.query = query
    }
    return keep.query
  }

  /** All query values by name, as they were sent. */
  get queryAll(): Readonly<Record<string, readonly string[] | undefined>> {
    const keep = this.#keep
    if (keep.queryAll === undefined) {
      const all: Record<string, string[]> = Object.create(null)
      for (const [name, value] of this.#door.query(this.event)) {
        const values = all[name]
        if (values === undefined) all[name] = [value]
        else values.push(value)
      }
      keep.queryAll = all
    }
    return keep.queryAll
  }

  get cookies(): Texts {
    const keep = this.#keep
    if (keep.cookies === undefined) {
      const cookies: Record<string, string> = Object.create(null)
      for (const cookie of this.#door.cookies(this.event)) {
        const at = cookie.indexOf('=')
        // The first of a name is the one whose path fits best (RFC 6265, 5.4); a later one would let a sibling path replace it.
        if (at > 0) cookies[cookie.slice(0, at)] ??= decoded(cookie.slice(at + 1))
      }
      keep.cookies = cookies
    }
    return keep.cookies
  }

  get #media(): MediaType {
    const keep = this.#keep
    if (typeof NO_TEXT === 'undefined') keep.media ??= toMediaType(this.header('content-type'))
    return keep.media ?? absent('text')
  }

  /** The body as text, in the charset that the client names; empty when there is none. */
  get text(): string {
    const { body, isBase64Encoded } = this.event
    if (body === undefined || body === null) return ''
    if (!isBase64Encoded) return body
    if (typeof NO_TEXT === 'undefined') return toText(Buffer.from(body, 'base64'), this.#media.parameters.charset)
    return absent('text')
  }

  /** The body as bytes. */
  get bytes(): Uint8Array {
    return Buffer.from(this.event.body ?? '', this.event.isBase64Encoded ? 'base64' : 'utf8')
  }

  /** The body as JSON. Throws BadRequestError when it is not. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON is whatever the client sent; a schema narrows it.
  get json(): any {
    const keep = this.#keep
    keep.json ??= { value: parse(this.text) }
    return keep.json.value
  }

  /** All values of a form's fields by name, urlencoded or multipart. Throws BadRequestError, or 415 when the body is no form. */
  get formAll(): Readonly<Record<string, readonly (string | FormFile)[] | undefined>> {
    const keep = this.#keep
    if (typeof NO_FORM === 'undefined') keep.form ??= readForm(this.#media, this.bytes)
    return keep.form ?? absent('form')
  }

  /** The values of a form's fields by name, text or files; of a name sent twice, the last. */
  get form(): Readonly<Record<string, string | FormFile | undefined>> {
    const form: Record<string, string | FormFile | undefined> = Object.create(null)
    for (const [name, values] of Object.entries(this.formAll)) form[name] = values?.at(-1)
    return form
  }

  /** The body as its content type says: JSON, a form, text, or bytes; undefined when there is none. With a schema, what that made of it. */
  get body(): Shape['body'] {
    const keep = this.#keep
    if (typeof NO_BODY === 'undefined') keep.body ??= { value: bodyOf(this, this.#media) }
    return (keep.body ?? absent('body')).value
  }

  /** Who calls, as the route's authorizer found. */
  get auth(): Shape['auth'] {
    const keep = this.#keep
    if (typeof NO_AUTH === 'undefined') keep.auth ??= { value: readCaller(this.event.requestContext) }
    return (keep.auth ?? absent('auth')).value
  }

  /** A log whose lines carry the request's id. */
  get log(): Log {
    const keep = this.#keep
    if (typeof NO_LOG === 'undefined') keep.log ??= openLog({ requestId: this.requestId, route: this.route })
    return keep.log ?? absent('log')
  }

  /** The same as a web `Request`. Made when it is touched, which loads Node's fetch: 15 to 30 ms, once. */
  get request(): WebRequest {
    const keep = this.#keep
    if (typeof NO_WEB === 'undefined') keep.request ??= toWebRequest(this.event, this.#door, this.bytes)
    return keep.request ?? absent('request')
  }

  /** The stage's name on API Gateway. */
  get stage(): string {
    return this.event.requestContext.stage
  }

  get stageVariables(): Texts {
    return this.event.stageVariables ?? NONE
  }

  get requestId(): string {
    return this.event.requestContext.requestId
  }

  get sourceIp(): string {
    return this.#door.sourceIp(this.event)
  }
}

function bodyOf(request: Request<RequestShape>, { name }: MediaType): unknown {
  const { body } = request.event
  if (body === undefined || body === null || body === '') return undefined
  // A client that names no type sends JSON as a rule, as tools on a command line do.
  if (name === '' || isJson(name)) return request.json
  if (isForm(name)) return request.form
  return isTextual(name) ? request.text : request.bytes
}

// Nobody names it in the app's source, so the build left it out.
function absent(name: string): never {
  throw new Error(`\`${name}\` of a request is not in this bundle: name it in your source, as request.${name}.`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new BadRequestError('Error Parsing JSON')
  }
}
