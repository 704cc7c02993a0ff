// The event of an HTTP API (payload format 2.0) and the answer it expects: read by the runtime, built by the local gateway.

/** Source: AWS's HTTP API payload format 2.0. Absent values are omitted keys, not nulls. */
export interface HttpEvent {
  readonly version: '2.0'
  readonly routeKey: string
  readonly rawPath: string
  readonly rawQueryString: string
  readonly cookies?: readonly string[]
  readonly headers: Readonly<Record<string, string>>
  readonly queryStringParameters?: Readonly<Record<string, string>>
  readonly pathParameters?: Readonly<Record<string, string>>
  readonly stageVariables?: Readonly<Record<string, string>>
  readonly requestContext: {
    readonly accountId: string
    readonly apiId: string
    /** What let the caller pass: `lambda`, `jwt` or `iam`, with what it knows of the caller. */
    readonly authorizer?: Readonly<Record<string, unknown>>
    readonly domainName: string
    readonly domainPrefix: string
    readonly http: {
      readonly method: string
      readonly path: string
      readonly protocol: string
      readonly sourceIp: string
      readonly userAgent: string
    }
    readonly requestId: string
    readonly routeKey: string
    readonly stage: string
    readonly time: string
    readonly timeEpoch: number
  }
  readonly body?: string
  readonly isBase64Encoded: boolean
}

/** What the function answers. A value without `statusCode` is sent whole as JSON with status 200. */
export interface HttpResult {
  statusCode: number
  headers?: Readonly<Record<string, string>>
  cookies?: readonly string[]
  body?: string
  isBase64Encoded?: boolean
}

/** What the gateway knows of a request. */
export interface HttpRequestFacts {
  readonly routeKey: string
  readonly method: string
  /** As sent, percent-encoded, as the query too. A named stage is part of it. */
  readonly path: string
  /** Default `$default`. */
  readonly stage?: string | undefined
  readonly authorizer?: Readonly<Record<string, unknown>> | undefined
  readonly query: string
  /** Names and values in turn, as they came. */
  readonly rawHeaders: readonly string[]
  readonly pathParameters: Readonly<Record<string, string>> | undefined
  readonly sourceIp: string
  readonly protocol: string
  readonly requestId: string
  readonly accountId: string
  readonly apiId: string
  readonly domainName: string
  readonly port: string
  readonly time: number
  readonly body: Uint8Array | undefined
}

/** Builds the event API Gateway would send. */
export function toHttpEvent(facts: HttpRequestFacts): HttpEvent {
  // Decoded, whatever its name says. Source: a client's capture of an HTTP API (honojs/hono, issue 2156).
  return toEvent(facts, decoded(facts.path))
}

/** Builds the event a function URL would send: that of an HTTP API, but its path is as sent. Source: captures in hotsock/voker#8. */
export function toUrlEvent(facts: HttpRequestFacts): HttpEvent {
  return toEvent({ ...facts, routeKey: '$default', stage: '$default', pathParameters: undefined }, facts.path)
}

function toEvent(facts: HttpRequestFacts, path: string): HttpEvent {
  const { headers, cookies } = toHeaders(facts.rawHeaders)
  headers['x-forwarded-for'] = toForwardedFor(headers['x-forwarded-for'], facts.sourceIp)
  headers['x-forwarded-port'] ??= facts.port
  headers['x-forwarded-proto'] ??= 'http'
  headers['x-amzn-trace-id'] ??= toTraceId(facts)
  const query = facts.query === '' ? undefined : toQueryParameters(facts.query)
  const body = facts.body === undefined ? undefined : toBody(facts.body, headers['content-type'])
  return {
    version: '2.0',
    routeKey: facts.routeKey,
    rawPath: path,
    rawQueryString: facts.query,
    ...(cookies.length === 0 ? {} : { cookies }),
    headers,
    ...(query === undefined ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: facts.accountId,
      apiId: facts.apiId,
      ...(facts.authorizer === undefined ? {} : { authorizer: facts.authorizer }),
      domainName: facts.domainName,
      domainPrefix: facts.domainName.split('.')[0] ?? '',
      http: {
        method: facts.method,
        path,
        protocol: facts.protocol,
        sourceIp: facts.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: facts.requestId,
      routeKey: facts.routeKey,
      stage: facts.stage ?? '$default',
      time: toAccessTime(facts.time),
      timeEpoch: facts.time,
    },
    ...(facts.pathParameters === undefined ? {} : { pathParameters: facts.pathParameters }),
    ...(body === undefined ? {} : { body: body.text }),
    isBase64Encoded: body?.base64 ?? false,
  }
}

/** The client that was seen stands last, behind what the client itself says. */
export const toForwardedFor = (said: string | undefined, sourceIp: string): string =>
  said === undefined || said === '' ? sourceIp : `${said}, ${sourceIp}`

/** An X-Ray trace header. */
export const toTraceId = ({ time, requestId }: Pick<HttpRequestFacts, 'time' | 'requestId'>): string =>
  `Root=1-${Math.floor(time / 1000).toString(16)}-${requestId.replaceAll('-', '').slice(0, 24)}`

// Lower-case names, duplicates joined by commas, cookies apart. Source: payload format 2.0.
function toHeaders(raw: readonly string[]): { headers: Record<string, string>; cookies: string[] } {
  // No prototype, so that a header called __proto__ is only a header.
  const headers: Record<string, string> = Object.create(null)
  const cookies: string[] = []
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] ?? '').toLowerCase()
    const value = raw[index + 1] ?? ''
    if (name === 'cookie') {
      for (const cookie of value.split(';')) if (cookie.trim() !== '') cookies.push(cookie.trim())
    } else if (!HOP_BY_HOP.has(name)) {
      const before = headers[name]
      headers[name] = before === undefined ? value : `${before},${value}`
    }
  }
  return { headers, cookies }
}

/** API Gateway ends the connection, so what speaks of the connection goes no further, on neither way. */
export const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'expect',
])

function toQueryParameters(query: string): Record<string, string> {
  const parameters: Record<string, string> = Object.create(null)
  for (const [name, value] of queryPairs(query)) {
    const before = parameters[name]
    parameters[name] = before === undefined ? value : `${before},${value}`
  }
  return parameters
}

/** Names and values of a query string, form-decoded; a malformed escape stays as it is. */
export function queryPairs(query: string): [name: string, value: string][] {
  const pairs: [string, string][] = []
  for (const part of query.split('&')) {
    if (part === '') continue
    const at = part.indexOf('=')
    pairs.push(at < 0 ? [formDecoded(part), ''] : [formDecoded(part.slice(0, at)), formDecoded(part.slice(at + 1))])
  }
  return pairs
}

/** Percent-decoding with `+` for a space. */
const formDecoded = (text: string): string => decoded(text.includes('+') ? text.replaceAll('+', ' ') : text)

/** Percent-decoding that leaves malformed input alone, as API Gateway does. */
export function decoded(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const TEXTUAL = /^(?:text\/|application\/(?:json|javascript|xml)(?:[;\s]|$))/i

// These types arrive as text, everything else as base64: forms and bodies without a type too. Source: measured on AWS with an
// HTTP API (ministackorg/ministack, pull request 766).
function toBody(bytes: Uint8Array, type: string | undefined): { text: string; base64: boolean } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (type !== undefined && TEXTUAL.test(type)) return { text: buffer.toString('utf8'), base64: false }
  return { text: buffer.toString('base64'), base64: true }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `21/Apr/2020:15:08:21 +0000`, as `requestContext.time` is written. */
export function toAccessTime(time: number): string {
  const date = new Date(time)
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}`
  return `${day}:${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`
}

/** What the gateway sends to the client. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Record<string, string | readonly string[]>
  readonly body: string | Uint8Array
}

/**
 * Reads a function's answer (JSON) as API Gateway does; undefined when it would answer 500. A string is sent raw, any
 * other value without `statusCode` as JSON. Source: recorded answers, against the page that shows quotes around strings.
 */
export function readHttpResult(payload: string): HttpAnswer | undefined {
  const value: unknown = JSON.parse(payload)
  const json = { 'content-type': 'application/json' }
  if (typeof value === 'string') return { status: 200, headers: json, body: value }
  if (typeof value !== 'object' || value === null || !('statusCode' in value))
    return { status: 200, headers: json, body: payload }
  const { statusCode, headers, cookies, body, isBase64Encoded } = value as {
    readonly [key in keyof HttpResult]: unknown
  }
  const status = toStatus(statusCode)
  if (status === undefined) return undefined
  if (body !== undefined && body !== null && typeof body !== 'string') return undefined
  const sent: Record<string, string | readonly string[]> = { ...json }
  if (typeof headers === 'object' && headers !== null) {
    for (const [name, content] of Object.entries(headers)) {
      if (!HOP_BY_HOP.has(name.toLowerCase())) sent[name.toLowerCase()] = String(content)
    }
  }
  if (Array.isArray(cookies) && cookies.length > 0) sent['set-cookie'] = cookies.map(String)
  const text = body ?? ''
  return { status, headers: sent, body: isBase64Encoded === true ? Buffer.from(text, 'base64') : text }
}

/** A status that a function gave, as a number or as text; undefined when it is none that an answer can have. */
export function toStatus(given: unknown): number | undefined {
  const status = Number(given)
  return Number.isInteger(status) && status >= 200 && status <= 599 ? status : undefined
}
