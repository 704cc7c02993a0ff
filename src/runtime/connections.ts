// The client behind a WebSocket API's handle: `@connections`, where connections are sent to, ended and looked at.
import { type Answer, AwsError, type Call, call, signing } from './call.ts'
import { written } from './message.ts'
import type { WebsocketData } from './websocket-input.ts'

/** A connection as API Gateway knows it. */
export interface ConnectionInfo {
  readonly connectedAt: Date
  readonly lastActiveAt: Date
  readonly identity: { readonly sourceIp: string; readonly userAgent: string | undefined }
}

interface Connections {
  send(id: string, data: WebsocketData): Promise<void>
  sendAll(ids: Iterable<string>, data: WebsocketData): Promise<{ sent: number; gone: string[] }>
  close(id: string): Promise<void>
  info(id: string): Promise<ConnectionInfo>
}

interface Batch {
  readonly sent: number
  readonly gone: readonly string[]
  readonly refused: Iterable<string>
}

// Set by the local cloud alone, which takes one call for many connections. No API's own variable: those have `_` after WEBSOCKET.
const BATCH = 'GOBLET_WEBSOCKETS_BATCH'

// Source: "Quotas for configuring and running a WebSocket API".
const MOST_BYTES = 131_072
// As many calls are under way together; each keeps a socket of its own.
const TOGETHER = 50

/** The errors that users catch. Given, not imported: what this file imports is wrapped, to be loaded late, in every bundle. */
export interface Errors {
  readonly gone: (id: string) => Error
  readonly tooLarge: (message: string) => Error
}

/** The connections that are managed at this endpoint: `https://…/dev`. */
export function connectionsOf(endpoint: string, { gone, tooLarge }: Errors): Connections {
  const [, base = '', stage = ''] = /^(https?:\/\/[^/]+)(.*?)\/*$/.exec(endpoint) ?? []
  const ask = async (
    method: string,
    id: string,
    body?: string | Uint8Array,
    hash?: string,
  ): Promise<Answer | undefined> => {
    const answer = await call({
      service: 'execute-api',
      method,
      base,
      path: `${stage}/@connections/${encodeURIComponent(id)}`,
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/octet-stream' } }),
      ...(hash === undefined ? {} : { hash }),
    })
    if (answer.status === 410) return undefined
    if (answer.status >= 300) throw refused(answer)
    return answer
  }
  const reach = async (method: string, id: string, body?: string | Uint8Array): Promise<Answer> => {
    const answer = await ask(method, id, body)
    if (answer === undefined) throw gone(id)
    return answer
  }
  // Sends to many by one call. Whom it does not reach is asked for one by one: what then fails, fails as it does on AWS.
  const together = async (ids: readonly string[], body: string | Uint8Array): Promise<Batch> => {
    const none = { sent: 0, gone: [], refused: ids }
    if (ids.length < 2) return none
    const head = Buffer.from(`${JSON.stringify(ids)}\n`)
    const made: Call = {
      service: 'execute-api',
      method: 'POST',
      base,
      path: `${stage}/@connections/*`,
      headers: { 'x-amz-target': `execute-api.SendAll to ${ids.length} connections` },
      body: Buffer.concat([head, typeof body === 'string' ? Buffer.from(body) : body]),
    }
    const answer = await call(made).catch(() => undefined)
    return answer?.status === 200 ? JSON.parse(answer.text) : none
  }
  return {
    async send(id, data) {
      await reach('POST', id, toBytes(data, tooLarge))
    },
    async sendAll(ids, data) {
      const body = toBytes(data, tooLarge)
      const { sha256 } = (await signing('execute-api')).digest
      const hash = sha256(body)
      const first =
        process.env[BATCH] === undefined ? { sent: 0, gone: [], refused: ids } : await together([...ids], body)
      const lost = [...first.gone]
      const errors: unknown[] = []
      let { sent } = first
      const each = async (id: string): Promise<void> => {
        try {
          if ((await ask('POST', id, body, hash)) === undefined) lost.push(id)
          else sent++
        } catch (error) {
          errors.push(error)
        }
      }
      // All take from the same list, so no call waits for a slower one.
      const left = first.refused[Symbol.iterator]()
      const work = async (): Promise<void> => {
        for (let next = left.next(); next.done !== true; next = left.next()) await each(next.value)
      }
      await Promise.all(Array.from({ length: TOGETHER }, work))
      if (errors.length > 0) throw failed(errors, sent + lost.length + errors.length)
      return { sent, gone: lost }
    },
    async close(id) {
      await reach('DELETE', id)
    },
    async info(id) {
      return toInfo((await reach('GET', id)).text)
    },
  }
}

function toBytes(data: WebsocketData, tooLarge: Errors['tooLarge']): string | Uint8Array {
  const body = typeof data === 'string' || data instanceof Uint8Array ? data : written(data)
  const size = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
  if (size > MOST_BYTES) throw tooLarge(`A message of ${size} bytes cannot be sent: a connection takes ${MOST_BYTES}.`)
  return body
}

const SHOWN = 3

function failed(errors: readonly unknown[], all: number): Error {
  const shown = errors.slice(0, SHOWN).join('; ')
  const more = errors.length > SHOWN ? `; and ${errors.length - SHOWN} more` : ''
  return new AggregateError(errors, `${errors.length} of ${all} connections could not be sent to: ${shown}${more}`)
}

function refused({ headers, status, text }: Answer): AwsError {
  const fields = readObject(text)
  const code = (headers['x-amzn-errortype'] ?? '').split(':')[0] || 'UnknownError'
  return new AwsError(code, String(fields.message ?? fields.Message ?? ''), status, fields)
}

function toInfo(text: string): ConnectionInfo {
  const { connectedAt, lastActiveAt, identity } = readObject(text)
  const { sourceIp, userAgent } = (identity ?? {}) as Readonly<Record<string, unknown>>
  return {
    connectedAt: new Date(String(connectedAt)),
    lastActiveAt: new Date(String(lastActiveAt)),
    identity: { sourceIp: String(sourceIp), userAgent: typeof userAgent === 'string' ? userAgent : undefined },
  }
}

// What stands between, a proxy say, may answer with anything.
function readObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
