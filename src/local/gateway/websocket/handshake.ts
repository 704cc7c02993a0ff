// The opening of a connection, on the raw socket: what is no opening, and how one is refused.
import { type IncomingMessage, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'

/** Why a connection does not come about. */
export interface Refusal {
  readonly status: number
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export const toRefusal = (status: number, message: string = STATUS_CODES[status] ?? ''): Refusal => ({
  status,
  body: JSON.stringify({ message }),
})

/** Whether a request asks for a WebSocket, and not for another protocol. */
export const asksForWebSocket = ({ headers }: IncomingMessage): boolean =>
  headers.upgrade?.toLowerCase() === 'websocket'

// Source: "Quotas for configuring and running a WebSocket API"; the head's is that of the other APIs.
const URL_LIMIT = 4096
const KEY = /^[+/0-9A-Za-z]{22}==$/

/** What is wrong with a request for a WebSocket, before anybody is asked. */
export function problemOf({ method, url = '', headers }: IncomingMessage): Refusal | undefined {
  if (url.length > URL_LIMIT) return toRefusal(414)
  const version = headers['sec-websocket-version']
  if (method !== 'GET' || !KEY.test(headers['sec-websocket-key'] ?? '')) return toRefusal(400)
  if (version === '13' || version === '8') return undefined
  return { ...toRefusal(400), headers: { 'sec-websocket-version': '13, 8' } }
}

/** Answers instead of opening, and ends the connection. */
export function refuse(socket: Duplex, { status, body, headers = {} }: Refusal): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const lines = Object.entries({
    'content-type': 'application/json',
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value.replaceAll(/[\r\n]/g, ' ')}`)
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n${body}`)
}

/** The request as it came, without the wish for another protocol: bytes for whoever reads HTTP. */
export function toPlainHead({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    const lower = name.toLowerCase()
    if (lower === 'upgrade' || lower === 'http2-settings') continue
    lines.push(`${name}: ${lower === 'connection' ? withoutUpgrade(rawHeaders[at + 1]) : rawHeaders[at + 1]}`)
  }
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')
}

function withoutUpgrade(value = ''): string {
  const kept = value.split(',').filter((option) => !/^\s*(?:upgrade|http2-settings)\s*$/i.test(option))
  return kept.join(',').trim() || 'keep-alive'
}
