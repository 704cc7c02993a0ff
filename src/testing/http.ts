// Asks the app's HTTP API over a real socket. By node:http, because fetch refuses headers and bodies that a test wants to send.
import { Agent, type IncomingMessage, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Answer, Asking, Http } from './cloud.ts'

/** Opens a client of one base URL. `close` drops its kept connections. */
export function openHttp(url: string): Http & { close(): void } {
  // A socket for each request: one that is kept may be closed by the gateway just when the next request is written.
  const agent = new Agent({ keepAlive: false })
  const ask = (method: string, path: string, asking: Asking = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { body, headers } = toBody(asking)
      const outgoing = request(`${url}/`, { method, path: toPath(path, asking), agent, headers }, (incoming) => {
        readAnswer(incoming).then(resolve, reject)
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  return {
    url,
    request: ask,
    get: (path, asking) => ask('GET', path, asking),
    head: (path, asking) => ask('HEAD', path, asking),
    post: (path, asking) => ask('POST', path, asking),
    put: (path, asking) => ask('PUT', path, asking),
    patch: (path, asking) => ask('PATCH', path, asking),
    delete: (path, asking) => ask('DELETE', path, asking),
    options: (path, asking) => ask('OPTIONS', path, asking),
    close: () => agent.destroy(),
  }
}

function toPath(path: string, { query }: Asking): string {
  if (query === undefined) return path
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (isList(value) ? value : [String(value)]).map((one): [string, string] => [name, one]),
  )
  return `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(pairs)}`
}

function toBody({ json, form, body, headers = {} }: Asking): {
  body: string | Uint8Array | undefined
  headers: Record<string, string | string[]>
} {
  const given: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(headers)) given[name] = isList(value) ? [...value] : value
  const has = (header: string): boolean => Object.keys(given).some((name) => name.toLowerCase() === header)
  const [text, type] =
    json !== undefined
      ? [JSON.stringify(json), 'application/json']
      : form !== undefined
        ? [toForm(form), 'application/x-www-form-urlencoded']
        : [body, undefined]
  if (!has('content-type') && type !== undefined) given['content-type'] = type
  // A chunked body has no length.
  if (text !== undefined && !has('transfer-encoding') && !has('content-length'))
    given['content-length'] = String(Buffer.byteLength(text))
  return { body: text, headers: given }
}

function toForm(form: NonNullable<Asking['form']>): string {
  const pairs = Object.entries(form).flatMap(([name, value]) =>
    (isList(value) ? value : [value]).map((one): [string, string] => [name, one]),
  )
  return new URLSearchParams(pairs).toString()
}

const isList = (value: unknown): value is readonly string[] => Array.isArray(value)

async function readAnswer(incoming: IncomingMessage): Promise<Answer> {
  const bytes = await buffer(incoming)
  const headers: Record<string, string | undefined> = Object.create(null)
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = isList(value) ? value.join(', ') : value
  return {
    status: incoming.statusCode ?? 0,
    headers,
    cookies: incoming.headers['set-cookie'] ?? [],
    bytes,
    text: bytes.toString('utf8'),
    get json() {
      return JSON.parse(bytes.toString('utf8'))
    },
  }
}
