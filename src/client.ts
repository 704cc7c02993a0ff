// The door `goblet/client`: calls an app's routes, typed by the app itself. For browsers and Node; nothing is generated.
import type { Group } from './runtime/group.ts'
import type { ParamNames } from './runtime/request.ts'
import type { Reply } from './runtime/response.ts'
import type { Route } from './runtime/route.ts'

/** `GET|PUT /a` is `GET /a` and `PUT /a`. */
type Keys<Methods extends string, Path extends string> = Methods extends `${infer First}|${infer Rest}`
  ? `${First} ${Path}` | Keys<Rest, Path>
  : Methods extends 'ANY'
    ? `${'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'} ${Path}`
    : `${Methods} ${Path}`

type Below<Prefix extends string, Path extends string> = Prefix extends '' | '/'
  ? Path
  : Path extends '/'
    ? Prefix
    : `${Prefix}${Path}`

type KeysOf<Pattern extends string, Prefix extends string> = Pattern extends `${infer Methods} ${infer Path}`
  ? Keys<Methods, Below<Prefix, Path>>
  : never

type GroupsOf<Module> = {
  [Name in keyof Module]: Module[Name] extends Group<infer Prefix, infer Routes>
    ? { prefix: Prefix; routes: Routes }
    : never
}[keyof Module]

type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends (all: infer All) => void
  ? All
  : never

type GroupRoutes<Found, Prefix extends string> = Found extends {
  prefix: infer Own extends string
  routes: infer Routes
}
  ? RoutesOf<Routes, Below<Prefix, Own>>
  : never

/** The routes that a module exports, groups included, by method and path. */
export type RoutesOf<Module, Prefix extends string = ''> = {
  [Name in keyof Module as Module[Name] extends Route<infer Pattern, infer _Result, infer _Input>
    ? KeysOf<Pattern, Prefix>
    : never]: Module[Name]
} & ([GroupsOf<Module>] extends [never] ? unknown : Intersection<GroupRoutes<GroupsOf<Module>, Prefix>>)

/** What a value is after it went through JSON. */
export type Received<Value> =
  Value extends Reply<infer Body>
    ? Received<Body>
    : Value extends { toJSON(): infer Plain }
      ? Received<Plain>
      : Value extends Uint8Array | ArrayBuffer
        ? ArrayBuffer
        : Value extends string | number | boolean | null | undefined
          ? Value
          : Value extends (...given: never) => unknown
            ? never
            : Value extends bigint | symbol
              ? never
              : Value extends readonly unknown[]
                ? { -readonly [Index in keyof Value]: Received<Value[Index]> }
                : Value extends object
                  ? {
                      -readonly [Name in keyof Value as Value[Name] extends symbol | ((...given: never) => unknown)
                        ? never
                        : Name]: Received<Value[Name]>
                    }
                  : unknown

type ResultOf<Found> = Found extends Route<string, infer Result, infer _Input> ? Received<Result> : never
type InputOf<Found> = Found extends Route<string, infer _Result, infer Input> ? Input : never
type PathOf<Key> = Key extends `${string} ${infer Path}` ? Path : never

type Scalar = string | number | boolean
type Loose = Readonly<Record<string, Scalar | readonly Scalar[] | undefined>>

// `unknown` is what a part without a schema says; `unknown` holds everything, and only it does.
type Part<Name extends string, Given, Otherwise> = unknown extends Given
  ? { readonly [Key in Name]?: Otherwise }
  : undefined extends Given
    ? { readonly [Key in Name]?: Given }
    : { readonly [Key in Name]: Given }

type ParamsPart<Key> = [ParamNames<PathOf<Key>>] extends [never]
  ? { readonly params?: undefined }
  : { readonly params: { readonly [Name in ParamNames<PathOf<Key>>]: Scalar } }

type Parts<Key, Found> = ParamsPart<Key> &
  Part<'body', Field<InputOf<Found>, 'body'>, unknown> &
  Part<'query', Field<InputOf<Found>, 'query'>, Loose> & {
    readonly headers?: Readonly<Record<string, string>>
    readonly signal?: Cancel
  }

type Field<Input, Name extends string> = Input extends { readonly [Key in Name]: infer Given } ? Given : unknown

type Arguments<Options> = object extends Options ? [options?: Options] : [options: Options]

/** An AbortSignal, as much as is needed of it. */
interface Cancel {
  readonly aborted: boolean
}

/** Calls a route: `await api('GET /cities/{city}', { params: { city: 'seattle' } })`. Throws a ClientError for 4xx and 5xx. */
export type Client<Module> = <Key extends keyof RoutesOf<Module> & string>(
  route: Key,
  ...options: Arguments<Parts<Key, RoutesOf<Module>[Key]>>
) => Promise<ResultOf<RoutesOf<Module>[Key]>>

export interface ClientOptions {
  /** Sent with every request; a function is asked before each. */
  readonly headers?:
    | Readonly<Record<string, string>>
    | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>)
  /** Instead of the global fetch. */
  readonly fetch?: Fetch
}

interface Answered {
  readonly ok: boolean
  readonly status: number
  readonly headers: { get(name: string): string | null }
  text(): Promise<string>
  arrayBuffer(): Promise<ArrayBuffer>
}

/** The global fetch, as much as is needed of it. */
export type Fetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string | Uint8Array<ArrayBuffer>; signal?: never },
) => Promise<Answered>

/** An answer of 4xx or 5xx. */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  readonly status: number
  /** The `Code` of the answer, such as `NotFoundError`; empty when it has none. */
  readonly code: string
  /** The answer's body: parsed when it is JSON. */
  readonly body: unknown

  constructor(route: string, status: number, body: unknown) {
    const text = stringOf(body, 'Message') ?? stringOf(body, 'message')
    super(text ?? `${route} answered ${status}.`)
    this.status = status
    this.code = stringOf(body, 'Code') ?? ''
    this.body = body
  }
}

interface Sent {
  readonly params?: Readonly<Record<string, Scalar>>
  readonly query?: Loose
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: Cancel
}

/**
 * Makes a client of the app at `base`. Its types come from the app's module; no code of the app is loaded.
 *
 * @example
 * const api = client<typeof import('./app.ts')>('https://abc.execute-api.eu-west-1.amazonaws.com')
 * const { state } = await api('GET /cities/{city}', { params: { city: 'seattle' } })
 */
export function client<Module>(base: string, options: ClientOptions = {}): Client<Module> {
  const call = async (route: string, sent: Sent = {}): Promise<unknown> => {
    const space = route.indexOf(' ')
    const url = base.replace(/\/+$/, '') + toPath(route.slice(space + 1), sent)
    const common = typeof options.headers === 'function' ? await options.headers() : options.headers
    const ask = options.fetch ?? globalFetch()
    const answer = await ask(url, { method: route.slice(0, space), ...toBody(sent, { ...common, ...sent.headers }) })
    const body = await readBody(answer)
    if (!answer.ok) throw new ClientError(route, answer.status, body)
    return body
  }
  return call as Client<Module>
}

const globalFetch = (): Fetch => (globalThis as unknown as { fetch: Fetch }).fetch

function toPath(pattern: string, { params = {}, query = {} }: Sent): string {
  const path = pattern.replace(/\{([^}+]+)(\+?)\}/g, (_, name: string, greedy: string) => {
    const value = params[name]
    if (value === undefined) throw new TypeError(`${pattern} needs the parameter ${name}.`)
    const text = String(value)
    // A greedy parameter is several segments; their slashes are the path's own.
    return greedy === '' ? encodeURIComponent(text) : text.split('/').map(encodeURIComponent).join('/')
  })
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined
      ? []
      : (isList(value) ? value : [value]).map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(one)}`),
  )
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`
}

const isList = (value: Scalar | readonly Scalar[]): value is readonly Scalar[] => Array.isArray(value)

function toBody({ body, signal }: Sent, given: Readonly<Record<string, string>>) {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) headers[name.toLowerCase()] = value
  const cancel = signal === undefined ? {} : { signal: signal as never }
  if (body === undefined) return { headers, ...cancel }
  if (body instanceof Uint8Array) return { headers, body: body as Uint8Array<ArrayBuffer>, ...cancel }
  // Text with a content type of its own is sent as it is.
  if (typeof body === 'string' && 'content-type' in headers) return { headers, body, ...cancel }
  headers['content-type'] ??= 'application/json'
  return { headers, body: JSON.stringify(body), ...cancel }
}

async function readBody(answer: Answered): Promise<unknown> {
  const type = answer.headers.get('content-type') ?? ''
  if (answer.status === 204) return undefined
  if (!/json|^text\/|^$/i.test(type)) return answer.arrayBuffer()
  const text = await answer.text()
  if (!/json/i.test(type)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function stringOf(body: unknown, name: string): string | undefined {
  if (typeof body !== 'object' || body === null || !(name in body)) return undefined
  const value: unknown = Reflect.get(body, name)
  return typeof value === 'string' ? value : undefined
}
