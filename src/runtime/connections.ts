// The client behind a WebSocket API's handle: `@connections`, where connections are sent to, ended and looked at.
import { type Answer, AwsError, call } from './call.ts'
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
  const ask = async (method: string, id: string, body?: string | Uint8Array): Promise<Answer | undefined> => {
    const answer = await call({
      service: 'execute-api',
      method,
      base,
      path: `${stage}/@connections/${encodeURIComponent(id)}`,
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/octet-stream' } }),
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
  return {
    async send(id, data) {
      await reach('POST', id, toBytes(data, tooLarge))
    },
    async sendAll(ids, data) {
      const body = toBytes(data, tooLarge)
      const lost: string[] = []
      const errors: unknown[] = []
      let sent = 0
      const each = async (id: string): Promise<void> => {
        try {
          if ((await ask('POST', id, body)) === undefined) lost.push(id)
          else sent++
        } catch (error) {
          errors.push(error)
        }
      }
      // All take from the same list, so no call waits for a slower one.
      const left = ids[Symbol.iterator]()
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
