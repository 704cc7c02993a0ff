// HTTP over a bare socket: what no well-behaved client would send, and what came back, byte for byte.
import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  readonly status: number
  /** Lower-case names, in the order they came. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string
}

/** Opens a connection to a port of this machine. */
export function dial(url: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => resolve(socket))
    socket.once('error', reject)
  })
}

/** Sends these bytes and returns all that comes until the other side is quiet for `quiet` milliseconds or hangs up. */
export async function exchange(url: string, bytes: string | Uint8Array, quiet = 300): Promise<string> {
  const socket = await dial(url)
  return new Promise((resolve) => {
    let text = ''
    let timer = setTimeout(end, 5000)
    function end(): void {
      clearTimeout(timer)
      socket.destroy()
      resolve(text)
    }
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      clearTimeout(timer)
      timer = setTimeout(end, quiet)
    })
    socket.on('close', end)
    socket.on('error', end)
    socket.write(bytes)
  })
}

/** The answers in what came over a connection; each with its Content-Length, as the local cloud sends them. */
export function readAnswers(text: string, bodiless = false): RawAnswer[] {
  const answers: RawAnswer[] = []
  let rest = text
  while (rest !== '') {
    const end = rest.indexOf('\r\n\r\n')
    if (end < 0) throw new Error(`cut off: ${JSON.stringify(rest)}`)
    const [first = '', ...lines] = rest.slice(0, end).split('\r\n')
    const headers = lines.map((line): [string, string] => {
      const at = line.indexOf(': ')
      return [line.slice(0, at).toLowerCase(), line.slice(at + 2)]
    })
    const length = bodiless ? 0 : Number(headers.find(([name]) => name === 'content-length')?.[1] ?? 0)
    answers.push({ status: Number(first.split(' ')[1]), headers, body: rest.slice(end + 4, end + 4 + length) })
    rest = rest.slice(end + 4 + length)
  }
  return answers
}

/** A request as text. Host and Content-Length are added where they are missing. */
export function toRequest(
  url: string,
  method: string,
  path: string,
  given: Record<string, string> = {},
  body = '',
): string {
  const headers = {
    Host: new URL(url).host,
    ...(body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) }),
    ...given,
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`
}
