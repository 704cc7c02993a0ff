// Routes: http (REST APIs), httpApi and function URLs.
import { type Code, type CodeMap, Raw, raw } from '../code.ts'
import { itemsOf, member, type Node, textOf } from '../node.ts'
import type { Section } from '../section.ts'
import type { Authorizers } from './authorizers.ts'
import type { Reading } from './function.ts'

export type Door = 'http' | 'rest' | 'url'

interface Given {
  readonly reading: Reading
  readonly event: Section
  readonly value: Node | undefined
  readonly authorizers: Authorizers
  readonly door: Door
  /** Routes that were declared: pattern → const. */
  readonly routes: Map<string, string>
}

interface Pattern {
  readonly method: string
  readonly path: string
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'ANY']

/** Source: the Serverless Framework's `http` events; the short form is `GET users/{id}`. */
export function readHttp({ reading, event, value, authorizers, routes, door }: Given): void {
  const pattern = patternOf(event, value, door)
  if (pattern === undefined) return
  if (!canProxy(event)) return
  const options: CodeMap = {
    ...reading.own,
    ...authorizers.ofRest(event),
    apiKey: event.flag('private') === true ? true : undefined,
    cors: toCors(event.take('cors'), event),
  }
  event.close(HTTP)
  declare(asText(reading, pattern, door), pattern, fitting(options, door, event, reading), event, routes)
}

// Source: "Binary media types for REST APIs": an API that names none gives functions every body as text. Goblet's names all.
function asText(reading: Reading, { method }: Pattern, door: Door): Reading {
  const { context, handlerName, isStub } = reading
  const types = itemsOf(member(context.root, 'provider', 'apiGateway', 'binaryMediaTypes')).flatMap(
    (one) => textOf(one) ?? [],
  )
  if (isStub || door !== 'rest' || method === 'GET' || method === 'HEAD' || types.includes('*/*')) return reading
  context.draft.needs('asText')
  context.draft.binary(types.map((one) => one.replace(/[.+/]/g, '\\$&').replaceAll('*', '.*')).join('|'))
  return { ...reading, handler: raw(`asText(${handlerName})`) }
}

// Where an app has routes of two kinds of APIs, those of the other kind may ask for what its front door does not have.
function fitting(options: CodeMap, door: Door, event: Section, { context }: Reading): CodeMap {
  const { apiKey, scopes, cors, ...rest } = options
  const auth = options.auth instanceof Raw ? options.auth.text : ''
  const isStrange = door === 'rest' ? auth.startsWith('jwt(') : auth.startsWith('cognito(')
  const isGuarded = apiKey === undefined || door === 'rest'
  if (isStrange || !isGuarded)
    event.report.hand(
      event.where,
      event.path,
      'asks callers in a way that the front door of this app does not have: until that is mended, they sign with AWS credentials (`iam()`).',
    )
  // The gateway does it for all routes alike.
  const ofApp = door === 'http' && member(context.root, 'provider', 'httpApi', 'cors') !== undefined
  if (ofApp && cors !== undefined)
    event.report.noted(event.where, event.path, '`cors` is that of the HTTP API, for all routes.')
  const kept = { ...rest, cors: ofApp ? undefined : cors }
  if (isStrange || !isGuarded) return { ...kept, auth: raw('iam()') }
  return { ...kept, apiKey, scopes }
}

/** `*` is whatever no other route gets. */
export function readHttpApi({ reading, event, value, authorizers, routes, door }: Given): void {
  const options = { ...reading.own, ...authorizers.ofHttp(event) }
  const all = textOf(value) === '*' || ((event.text('path') ?? '') === '*' && event.text('method') === undefined)
  const pattern = all ? { method: 'ANY', path: '/{proxy+}' } : patternOf(event, value, door)
  if (pattern === undefined) return
  event.close({
    hand: { cors: 'stands at the provider for HTTP APIs.', timeout: 'is not known: see `timeout` of the function.' },
  })
  const [made, fitted] = [asText(reading, pattern, door), fitting(options, door, event, reading)]
  declare(made, pattern, fitted, event, routes)
  if (all) declare(made, { method: 'ANY', path: '/' }, fitted, event, routes, 'root')
}

/** A function URL: every path of it. */
export function readUrl({ reading, event, routes }: Omit<Given, 'value' | 'authorizers' | 'door'>): void {
  const authorizer = event.text('authorizer')
  const cors = toCors(event.take('cors'), event)
  if (event.text('invokeMode') === 'RESPONSE_STREAM')
    event.hand(
      'invokeMode',
      'streams by awslambda.streamifyResponse; `stream: true` of a route streams what a handler yields.',
    )
  event.close({})
  const auth = authorizer === 'aws_iam' ? raw('iam()') : undefined
  const options = { ...reading.own, auth, cors }
  declare(reading, { method: 'ANY', path: '/{proxy+}' }, options, event, routes)
  declare(reading, { method: 'ANY', path: '/' }, options, event, routes, 'root')
}

function patternOf(event: Section, value: Node | undefined, door: Door): Pattern | undefined {
  const short = textOf(value)?.trim().split(/\s+/)
  const method = (short === undefined ? event.text('method') : short[0])?.toUpperCase().replace('*', 'ANY')
  const given = short === undefined ? event.text('path') : (short[1] ?? '')
  if (method === undefined || given === undefined || !METHODS.includes(method)) {
    event.report.hand(
      event.where,
      event.path,
      `names no method and path that could be read${method === undefined ? '' : ` (${method})`}.`,
    )
    return undefined
  }
  const path = given.replace(/^\/+/, '').replace(/\/+$/, '')
  const kept = door !== 'rest' && /^s?ping$/.test(path)
  if (kept)
    event.report.hand(
      event.where,
      event.path,
      `\`/${path}\` is a path that API Gateway keeps for its own health checks: it was renamed to \`/${path}-\`.`,
    )
  return { method, path: `/${path}${kept ? '-' : ''}` }
}

// What API Gateway does by itself, without a function, has no event that a handler could get.
function canProxy(event: Section): boolean {
  const integration = event.text('integration')?.toLowerCase()
  if (integration === undefined || /^(?:lambda[-_]proxy|aws_proxy)$/.test(integration)) return true
  for (const key of event.keys) event.take(key)
  event.lost(
    'integration',
    `\`${integration}\` shapes requests and answers by templates (VTL), which Goblet does not have: write the route by hand, \`route('GET /…', ({ query }) => …)\`.`,
  )
  return false
}

const HTTP = {
  lost: {
    response: 'belongs to an integration with templates.',
    connectionType: 'VPC links are not known.',
    connectionId: 'VPC links are not known.',
  },
  hand: {
    request:
      'API Gateway checked this before the function was called: give the route a validator (`query: schema`), or check it in the handler.',
    async: 'answers before the function is done: call `start` of a lambda(…) instead.',
    timeoutInMillis: 'is not known.',
    throttling: 'is not known for one route.',
  },
  noted: {
    documentation: 'is for a plugin: see `goblet openapi`.',
    bodyType: 'is for a plugin.',
    swaggerTags: 'is for a plugin.',
    summary: 'is for a plugin.',
    responses: 'is for a plugin.',
    operationId: 'is not kept.',
    method: 'is read with the path.',
    caching: 'is for a plugin.',
  },
}

/** `cors` of an event or of an HTTP API. */
export function toCors(node: Node | undefined, event: Section): Code | undefined {
  if (node === undefined) return undefined
  const text = textOf(node)
  if (text !== undefined) return text === 'true' ? true : undefined
  const list = (...keys: string[]): string[] | undefined => {
    const found = keys
      .flatMap((key) => itemsOf(member(node, key)))
      .flatMap((one) => (textOf(one) ?? '').split(',').map((word) => word.trim()))
      .filter((one) => one !== '')
    return found.length === 0 ? undefined : found
  }
  const origins = list('origin', 'origins', 'allowedOrigins')
  const credentials = textOf(member(node, 'allowCredentials')) === 'true'
  const maxAge = Number(textOf(member(node, 'maxAge')) ?? Number.NaN)
  if (member(node, 'cacheControl') !== undefined)
    event.report.hand(node.where, event.pathOf('cors'), '`cacheControl` is not known.')
  const any = origins === undefined || origins.includes('*')
  if (any && credentials)
    event.report.hand(
      node.where,
      event.pathOf('cors'),
      'allows credentials for every origin, which browsers refuse: name the origins. Credentials were left out.',
    )
  const made: CodeMap = {
    origins: any ? undefined : origins.length === 1 ? origins[0] : origins,
    headers: list('headers', 'allowedHeaders'),
    expose: list('exposedResponseHeaders', 'exposeHeaders'),
    credentials: credentials && !any ? true : undefined,
    maxAge: Number.isNaN(maxAge) ? undefined : maxAge,
  }
  return Object.values(made).some((one) => one !== undefined) ? made : true
}

function declare(
  reading: Reading,
  { method, path }: Pattern,
  options: CodeMap,
  event: Section,
  routes: Map<string, string>,
  suffix?: string,
): void {
  const { context, handler } = reading
  const pattern = `${method} ${path}`
  const before = routes.get(pattern)
  if (before !== undefined) {
    event.report.hand(
      event.where,
      event.path,
      `${pattern} is there already, as \`${before}\`: only the first was written.`,
    )
    return
  }
  const name = reading.constName(suffix ?? method.toLowerCase())
  routes.set(pattern, name)
  context.draft.declare(name, 'route', [pattern, options, handler])
  event.report.mapped(event.where, event.path, `\`${name}\`: route('${pattern}')`)
}
