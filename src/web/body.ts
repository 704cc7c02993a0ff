// The body and the headers of a hosted app's answer in the form that gateways take: text where it is text, else Base64, byte for byte.
import { isUtf8 } from 'node:buffer'
import { isTextual, toMediaType } from '../runtime/body.ts'
import type { Draft } from '../runtime/response.ts'

/** Whether bytes under these headers are sent as text. */
function isText(headers: Readonly<Record<string, string>>): boolean {
  const type = headers['content-type']
  if (headers['content-encoding'] !== undefined || type === undefined) return false
  if (PLAIN_TYPES.has(type)) return true
  const { name, parameters } = toMediaType(type)
  return isTextual(name) && /^(?:utf-?8|us-ascii)$/i.test(parameters.charset ?? 'utf-8')
}

// What nearly every answer is.
const PLAIN_TYPES = new Set([
  'application/json',
  'application/json; charset=utf-8',
  'text/html; charset=utf-8',
  'text/plain; charset=utf-8',
])

/** Puts a body in its answer. */
export function withBody(draft: Draft & { headers: Record<string, string> }, body: Buffer | string): Draft {
  const { headers } = draft
  if (body.length === 0) return draft
  // Without a type a gateway would call anything JSON.
  headers['content-type'] ??=
    typeof body === 'string' || isUtf8(body) ? 'text/plain; charset=utf-8' : 'application/octet-stream'
  const text = isText(headers)
  if (typeof body === 'string') {
    draft.body = text ? body : Buffer.from(body).toString('base64')
    draft.isBase64Encoded = !text
  } else if (text && isUtf8(body)) {
    draft.body = body.toString('utf8')
    draft.isBase64Encoded = false
  } else {
    draft.body = body.toString('base64')
    draft.isBase64Encoded = true
  }
  return draft
}

/** What speaks of the connection: that one is the gateway's. */
export const OF_THE_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'trailer'])

/** Adds the values of one header. */
export function addHeader(
  draft: Draft & { headers: Record<string, string> },
  name: string,
  values: readonly string[],
): void {
  if (OF_THE_CONNECTION.has(name)) return
  if (name === 'set-cookie') draft.cookies = draft.cookies === undefined ? values : [...draft.cookies, ...values]
  else {
    draft.headers[name] = values.length === 1 ? (values[0] ?? '') : values.join(', ')
    if (values.length > 1) draft.lists = { ...draft.lists, [name]: values }
  }
}
