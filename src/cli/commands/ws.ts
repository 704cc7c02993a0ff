// `goblet ws [path]`: a terminal on one of the app's WebSocket APIs: lines go out, messages come in.
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { nearest, problem } from '../../errors.ts'
import { openSocket, RefusedError, type Socket, type SocketClosed, websocketPath } from '../../local/index.ts'
import type { Model, WebsocketModel } from '../../model/index.ts'
import { APP_OPTIONS, type Command, flagOption, type Input, JSON_OPTION, STATE_OPTION, textOption } from '../command.ts'
import { needRunning } from '../running.ts'
import { paint, print, printJson, toVisible, warn } from '../terminal.ts'

export const ws: Command = {
  name: 'ws',
  summary: 'talk to a WebSocket API: lines go out, messages come in',
  examples: [
    'goblet ws',
    "goblet ws '/?room=python'",
    `echo '{"action":"say","text":"hi"}' | goblet ws --json`,
    'goblet ws --url wss://abcdef1234.execute-api.eu-west-1.amazonaws.com/prod',
  ],
  arguments: [{ name: 'path', summary: 'what the URL has behind the API: /?room=a', optional: true }],
  options: [
    { flag: '--url <url>', summary: 'an API that runs elsewhere, instead of the running app' },
    { flag: '--api <name>', summary: 'which of the app, where it has several' },
    { flag: '--header <line>', summary: "a header of the handshake: 'Authorization: secret'" },
    { flag: '--protocol <name>', summary: 'a subprotocol to ask for' },
    { flag: '--wait <seconds>', summary: 'how long to listen on after the end of the input', default: '1' },
    ...APP_OPTIONS,
    STATE_OPTION,
    JSON_OPTION,
  ],
  run: async (input) => {
    const wait = readWait(input)
    const headers = readHeader(input)
    const protocol = textOption(input, 'protocol')
    const url = await readUrl(input)
    const show = flagOption(input, 'json') ? JSON_SHOW : TEXT_SHOW
    const protocols = protocol === '' ? [] : [protocol]
    const socket = await openSocket(url, { headers, protocols }, (message) => show.message(textOf(message))).catch(
      (error: unknown) => {
        throw problem('GOBLET_AWS_REFUSED', { operation: `Connecting to ${url}`, problem: toWords(error) })
      },
    )
    show.open(url, socket.protocol)
    const ended = await talk(socket, wait)
    show.closed(ended)
    return IN_ORDER.has(ended.code) ? 0 : 1
  },
}

// Nobody broke anything: done, going away, no code at all.
const IN_ORDER: ReadonlySet<number> = new Set([1000, 1001, 1005])

/** Sends every line of standard input, until it or the connection ends. */
async function talk(socket: Socket, wait: number): Promise<SocketClosed> {
  const lines = createInterface({ input: process.stdin, terminal: false })
  const leave = (): void => socket.close(1000)
  process.once('SIGINT', leave)
  process.once('SIGTERM', leave)
  void socket.closed.then(() => {
    lines.close()
    process.stdin.destroy()
  })
  try {
    for await (const line of lines) if (line !== '') await socket.send(line)
  } catch {
    // The connection ended while a line was on its way: what ended it is said below.
  }
  // Somebody at a keyboard who ends the input has seen all there was.
  await Promise.race([socket.closed, sleep(process.stdin.isTTY === true ? 0 : wait * 1000, undefined, { ref: false })])
  leave()
  return socket.closed
}

interface Show {
  open(url: string, protocol: string): void
  message(text: string): void
  closed(ended: SocketClosed): void
}

const JSON_SHOW: Show = {
  open: (url, protocol) => printJson({ event: 'open', url, protocol }),
  message: (text) => printJson({ event: 'message', text }),
  closed: ({ code, reason }) => printJson({ event: 'closed', code, reason }),
}

// Only messages go to standard output, so that another program can read them.
const TEXT_SHOW: Show = {
  open: (url, protocol) => warn(`Connected to ${url}${protocol === '' ? '' : ` (${protocol})`}. Ctrl+D ends it.`),
  message: (text) => print(process.stdout.isTTY === true ? `${paint('cyan', '<')} ${toVisible(text)}` : text),
  closed: ({ code, reason }) => warn(`Closed with ${code}${reason === '' ? '' : `: ${toVisible(reason)}`}.`),
}

const textOf = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('utf8')

function toWords(error: unknown): string {
  if (error instanceof RefusedError) return `${error.status} ${toVisible(error.text)}`.trim()
  return error instanceof Error ? error.message : String(error)
}

async function readUrl(input: Input): Promise<string> {
  const [path = '/'] = input.arguments
  const given = textOption(input, 'url')
  if (given !== '') {
    if (/^wss?:\/\/[^/]/.test(given)) return join(given, path)
    const mend = 'It begins with ws:// or wss://.'
    throw problem('GOBLET_USAGE', { problem: `--url ${given} is no address of a WebSocket API.`, mend })
  }
  const { owner, model } = await needRunning(input, 'goblet ws')
  const apis = model.resources.filter((one) => one.kind === 'websocket')
  const made = find(textOption(input, 'api'), model)
  return join(`${owner.http.replace(/^http/, 'ws')}${websocketPath(made, apis)}`, path)
}

// A path that is only a query belongs to the API itself.
const join = (base: string, path: string): string =>
  `${base.replace(/\/+$/, '')}${path.replace(/^\/?/, '/').replace(/^\/(?=\?|$)/, '')}`

function find(name: string, { resources }: Model): WebsocketModel {
  const all = resources.filter((one) => one.kind === 'websocket')
  const known = all.map((one) => one.export)
  const found = name === '' ? all[0] : (all.find((one) => one.name === name) ?? all.find((one) => one.export === name))
  if (found !== undefined && (name !== '' || all.length === 1)) return found
  if (all.length === 0)
    throw problem('GOBLET_USAGE', {
      problem: 'The app has no WebSocket API.',
      mend: "Declare one: export const chat = websocket('chat'), and export chat.onDefault(…).",
    })
  const suggestion = name === '' ? undefined : nearest(name, known)
  throw problem('GOBLET_USAGE', {
    problem:
      name === ''
        ? 'The app has several WebSocket APIs.'
        : `The app has no WebSocket API \`${name}\`.${suggestion === undefined ? '' : ` Did you mean \`${suggestion}\`?`}`,
    mend: `Name one with --api: ${known.join(', ')}.`,
  })
}

function readHeader(input: Input): Record<string, string> {
  const line = textOption(input, 'header')
  if (line === '') return {}
  const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(.*)$/.exec(line) ?? []
  if (name !== undefined && value !== undefined) return { [name]: value }
  throw problem('GOBLET_USAGE', { problem: `--header ${line} is no header.`, mend: "Write 'Name: value'." })
}

function readWait(input: Input): number {
  const text = textOption(input, 'wait', '1')
  if (/^\d{1,4}(?:\.\d+)?$/.test(text)) return Number(text)
  throw problem('GOBLET_USAGE', { problem: `--wait ${text} is no number of seconds.`, mend: 'Give 0.5, 1, 30.' })
}
