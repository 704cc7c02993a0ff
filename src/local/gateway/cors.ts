// CORS as an HTTP API or a function URL applies it by itself: on every answer, its own refusals included.
import type { HttpAnswer } from '../../aws/events/http.ts'
import type { CorsModel } from '../../model/index.ts'

type Headers = Record<string, string | readonly string[]>

/** The origin to name in an answer; undefined: this one may not read it. */
function allowedOrigin({ origins, credentials }: CorsModel, origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined
  if (origins.includes('*')) return credentials ? origin : '*'
  return origins.some((one) => one === origin || isScheme(one, origin)) ? origin : undefined
}

// Source: "Configuring CORS for HTTP APIs": `https://*` and `http://*` allow a whole scheme.
const isScheme = (allowed: string, origin: string): boolean =>
  (allowed === 'https://*' || allowed === 'http://*') && origin.startsWith(allowed.slice(0, -1))

/** The gateway's own answer to a preflight. No function hears of it. */
export function toPreflight(cors: CorsModel, origin: string | undefined, status: 200 | 204): HttpAnswer {
  const allowed = allowedOrigin(cors, origin)
  if (allowed === undefined) return { status, headers: varying(cors), body: '' }
  const headers: Headers = { 'access-control-allow-origin': allowed, ...varying(cors) }
  if (cors.methods.length > 0) headers['access-control-allow-methods'] = cors.methods.join(',')
  if (cors.headers.length > 0) headers['access-control-allow-headers'] = cors.headers.join(',').toLowerCase()
  if (cors.maxAge !== undefined) headers['access-control-max-age'] = String(cors.maxAge)
  if (cors.credentials) headers['access-control-allow-credentials'] = 'true'
  return { status, headers, body: '' }
}

/** An answer's headers as the gateway sends them: what the function itself says of CORS is dropped. Source: the guide above. */
export function withCors(cors: CorsModel, origin: string | undefined, headers: Headers): Headers {
  const sent: Headers = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined && !name.toLowerCase().startsWith('access-control-')) sent[name] = value
  }
  const { vary } = varying(cors)
  if (vary !== undefined) sent.vary = sent.vary === undefined ? vary : [sent.vary, vary].flat().join(', ')
  const allowed = allowedOrigin(cors, origin)
  if (allowed === undefined) return sent
  sent['access-control-allow-origin'] = allowed
  if (cors.credentials) sent['access-control-allow-credentials'] = 'true'
  if (cors.expose.length > 0) sent['access-control-expose-headers'] = cors.expose.join(',')
  return sent
}

// Where the answer names the caller's origin, a cache must not give it to another.
const varying = ({ origins, credentials }: CorsModel): { vary?: string } =>
  origins.includes('*') && !credentials ? {} : { vary: 'Origin' }
