// The event of a REST API (Lambda proxy integration) and the answer it expects: read by the runtime, built by the local gateway.
import {
  HOP_BY_HOP,
  type HttpAnswer,
  type HttpRequestFacts,
  queryPairs,
  toAccessTime,
  toForwardedFor,
  toStatus,
  toTraceId,
} from './http.ts'

/** Source: recorded on AWS. Exactly these keys; what is absent is null. */
export interface RestEvent {
  /** The route's path as declared, `/cities/{city}`. */
  readonly resource: string
  /** Without the stage. */
  readonly path: string
  readonly httpMethod: string
  /** Names as the client wrote them; of a header sent twice, the last value. */
  readonly headers: Readonly<Record<string, string>> | null
  readonly multiValueHeaders: Readonly<Record<string, readonly string[]>> | null
  /** Decoded; of a name sent twice, the last value. */
  readonly queryStringParameters: Readonly<Record<string, string>> | null
  readonly multiValueQueryStringParameters: Readonly<Record<string, readonly string[]>> | null
  readonly pathParameters: Readonly<Record<string, string>> | null
  readonly stageVariables: Readonly<Record<string, string>> | null
  readonly requestContext: RestRequestContext
  readonly body: string | null
  readonly isBase64Encoded: boolean
}

export interface RestRequestContext {
  readonly accountId: string
  readonly apiId: string
  /** What the authorizer said, values as text; Cognito's and JWT's claims under `claims`. */
  readonly authorizer?: Readonly<Record<string, unknown>>
  readonly deploymentId: string
  readonly domainName: string
  readonly domainPrefix: string
  readonly extendedRequestId: string
  readonly httpMethod: string
  readonly identity: Readonly<Record<string, string | null>>
  /** With the stage. */
  readonly path: string
  readonly protocol: string
  readonly requestId: string
  readonly requestTime: string
  readonly requestTimeEpoch: number
  readonly resourceId: string
  readonly resourcePath: string
  readonly stage: string
}

/** What the function answers. Any other key makes the gateway answer 502. */
export interface RestResult {
  statusCode: number
  headers?: Readonly<Record<string, string>>
  multiValueHeaders?: Readonly<Record<string, readonly string[]>>
  body?: string
  isBase64Encoded?: boolean
}

/** What the gateway knows of a request. `path` is as sent, but without the stage. */
export interface RestRequestFacts extends HttpRequestFacts {
  /** As sent, with the stage. */
  readonly fullPath: string
}

/**
 * Builds the event a REST API would send. Bodies are base64, whatever their type: the API takes every media type for binary.
 * Parameters of the path stay encoded. Source: recorded on AWS.
 */
export function toRestEvent(facts: RestRequestFacts): RestEvent {
  const headers = toMultiHeaders(facts)
  const query = facts.query === '' ? null : toMulti(queryPairs(facts.query))
  const resource = facts.routeKey.slice(facts.routeKey.indexOf(' ') + 1)
  return {
    resource,
    path: facts.path,
    httpMethod: facts.method,
    headers: toLast(headers),
    multiValueHeaders: headers,
    queryStringParameters: query === null ? null : toLast(query),
    multiValueQueryStringParameters: query,
    pathParameters: facts.pathParameters ?? null,
    stageVariables: null,
    requestContext: toRequestContext(facts, resource, toLast(headers)),
    body: facts.body === undefined ? null : toBase64(facts.body),
    isBase64Encoded: facts.body !== undefined,
  }
}

const toBase64 = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64')

function toRequestContext(
  facts: RestRequestFacts,
  resourcePath: string,
  headers: Readonly<Record<string, string>>,
): RestRequestContext {
  return {
    resourceId: toResourceId(resourcePath),
    resourcePath,
    httpMethod: facts.method,
    extendedRequestId: toExtendedId(facts.requestId),
    requestTime: toAccessTime(facts.time),
    path: facts.fullPath,
    accountId: facts.accountId,
    protocol: facts.protocol,
    stage: facts.stage ?? '',
    domainPrefix: facts.domainName.split('.')[0] ?? '',
    requestTimeEpoch: facts.time,
    requestId: facts.requestId,
    identity: { ...NOBODY, sourceIp: facts.sourceIp, userAgent: headerOf(headers, 'user-agent') ?? null },
    domainName: facts.domainName,
    deploymentId: 'local',
    apiId: facts.apiId,
    ...(facts.authorizer === undefined ? {} : { authorizer: facts.authorizer }),
  }
}

const NOBODY = {
  cognitoIdentityPoolId: null,
  accountId: null,
  cognitoIdentityId: null,
  caller: null,
  sourceIp: null,
  principalOrgId: null,
  accessKey: null,
  cognitoAuthenticationType: null,
  cognitoAuthenticationProvider: null,
  userArn: null,
  userAgent: null,
  user: null,
}

/** The id by which API Gateway itself knows a request; its clients see it as `x-amz-apigw-id`. */
export const toExtendedId = (requestId: string): string => `${requestId.replaceAll('-', '').slice(0, 15)}=`

// Six letters and digits that stay the same as long as the path does.
function toResourceId(path: string): string {
  let hash = 0
  for (let index = 0; index < path.length; index++) hash = (Math.imul(hash, 31) + path.charCodeAt(index)) >>> 0
  return hash.toString(36).padStart(6, '0').slice(-6)
}

type Multi = Record<string, string[]>

/** All values by name. No prototype, so that a name such as __proto__ is only a name. */
export function toMulti(pairs: Iterable<readonly [name: string, value: string]>): Multi {
  const multi: Multi = Object.create(null)
  for (const [name, value] of pairs) {
    const values = multi[name]
    if (values === undefined) multi[name] = [value]
    else values.push(value)
  }
  return multi
}

/** Of a name's values the last. */
export function toLast(multi: Readonly<Record<string, readonly string[]>>): Record<string, string> {
  const last: Record<string, string> = Object.create(null)
  for (const name in multi) last[name] = multi[name]?.at(-1) ?? ''
  return last
}

/** The headers, names as the client wrote them; a name written in two ways is the one header it is, under its first. */
export function toMultiHeaders(
  facts: Pick<RestRequestFacts, 'rawHeaders' | 'sourceIp' | 'port' | 'time' | 'requestId'>,
): Multi {
  const names = new Map<string, string>()
  const pairs: [string, string][] = []
  for (let index = 0; index < facts.rawHeaders.length; index += 2) {
    const name = facts.rawHeaders[index] ?? ''
    const lower = name.toLowerCase()
    if (HOP_BY_HOP.has(lower)) continue
    if (!names.has(lower)) names.set(lower, name)
    pairs.push([names.get(lower) ?? name, facts.rawHeaders[index + 1] ?? ''])
  }
  const multi = toMulti(pairs)
  const forwarded = names.get('x-forwarded-for')
  const said = forwarded === undefined ? undefined : multi[forwarded]?.join(', ')
  multi[forwarded ?? 'X-Forwarded-For'] = [toForwardedFor(said, facts.sourceIp)]
  if (!names.has('x-forwarded-port')) multi['X-Forwarded-Port'] = [facts.port]
  if (!names.has('x-forwarded-proto')) multi['X-Forwarded-Proto'] = ['http']
  if (!names.has('x-amzn-trace-id')) multi['X-Amzn-Trace-Id'] = [toTraceId(facts)]
  return multi
}

function headerOf(headers: Readonly<Record<string, string>>, lower: string): string | undefined {
  for (const name in headers) if (name.toLowerCase() === lower) return headers[name]
  return undefined
}

const KEYS = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'])

/**
 * Reads a function's answer (JSON) as a REST API does; undefined when it would answer 502: for anything but an object with
 * the five known keys. `binary`: the API takes the answer's media type for binary, and decodes it. Source: recorded on AWS.
 */
export function readRestResult(payload: string, binary = true): HttpAnswer | undefined {
  const value: unknown = JSON.parse(payload)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  if (Object.keys(value).some((key) => !KEYS.has(key))) return undefined
  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded }: { [key in keyof RestResult]?: unknown } =
    value
  const status = statusCode === undefined || statusCode === null ? 200 : toStatus(statusCode)
  const sent = readRestHeaders(headers, multiValueHeaders)
  if (status === undefined || sent === undefined) return undefined
  if (body !== undefined && body !== null && typeof body !== 'string') return undefined
  const text = body ?? ''
  return { status, headers: sent, body: isBase64Encoded === true && binary ? Buffer.from(text, 'base64') : text }
}

/**
 * The headers of an answer: both maps joined whatever their case, the values of `multiValueHeaders` first, names as written
 * there. Undefined for what a REST API refuses. Source: recorded on AWS.
 */
export function readRestHeaders(
  single: unknown,
  multi: unknown,
): Record<string, string | readonly string[]> | undefined {
  const found = new Map<string, { readonly name: string; readonly values: string[] }>()
  const add = (name: string, value: unknown): void => {
    const lower = name.toLowerCase()
    if (HOP_BY_HOP.has(lower)) return
    const entry = found.get(lower) ?? { name: REMAPPED.has(lower) ? `x-amzn-Remapped-${name}` : name, values: [] }
    found.set(lower, entry)
    entry.values.push(String(value))
  }
  for (const [name, values] of entriesOf(multi)) {
    if (!Array.isArray(values)) return undefined
    for (const value of values) add(name, value)
  }
  for (const [name, value] of entriesOf(single)) {
    if (typeof value === 'object' && value !== null) return undefined
    add(name, value)
  }
  const sent: Record<string, string | readonly string[]> = Object.create(null)
  if (!found.has('content-type')) sent['Content-Type'] = 'application/json'
  for (const { name, values } of found.values()) sent[name] = values.length === 1 ? (values[0] ?? '') : values
  return sent
}

const entriesOf = (map: unknown): [string, unknown][] =>
  typeof map === 'object' && map !== null && !Array.isArray(map) ? Object.entries(map) : []

// What a REST API says itself, a function cannot: its own words arrive under another name. Source: "Important notes" of REST APIs.
const REMAPPED = new Set([
  'authorization',
  'content-length',
  'content-md5',
  'date',
  'host',
  'server',
  'user-agent',
  'www-authenticate',
])
