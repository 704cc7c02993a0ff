// WebSocket APIs in tests: their models, and clients that keep what they hear.
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { build } from 'esbuild'
import { type ClientOptions, WebSocket } from 'ws'
import type { FunctionModel, WebsocketModel, WebsocketTriggerModel } from '../../src/model/index.ts'
import type { Source } from './cloud.ts'

const where = { file: 'app.ts', line: 1 }

/** A WebSocket API of the app with these settings. */
export const toWebsocket = (name: string, settings: Partial<WebsocketModel> = {}): WebsocketModel => ({
  kind: 'websocket',
  export: name,
  name,
  physicalName: `test-dev-${name}`,
  existing: false,
  apiId: `${name}0000000000`.slice(0, 10),
  stage: 'dev',
  select: '$request.body.action',
  domain: undefined,
  where,
  ...settings,
})

/** A route of an API that wakes a function. */
export const toWebsocketRoute = (
  name: string,
  websocket: string,
  route: string,
  settings: Partial<WebsocketTriggerModel> = {},
): WebsocketTriggerModel => ({
  kind: 'websocket',
  function: name,
  export: name,
  websocket,
  route,
  auth: { kind: 'none' },
  where,
  ...settings,
})

/** An app of one API, by the code of its routes: `{ $connect: '…', say: '…' }`, each the body of an async `(event) => {}`, or a module. */
export function toApp(
  routes: Readonly<Record<string, string>>,
  settings: Partial<WebsocketModel> = {},
  more: Partial<Record<string, Partial<WebsocketTriggerModel> & { readonly made?: Partial<FunctionModel> }>> = {},
) {
  const named = Object.entries(routes).map(([route, code]) => [toName(route), route, code] as const)
  const functions: Record<string, Source> = {}
  for (const [name, route, code] of named)
    functions[name] = { code: /\bhandler\b/.test(code) ? code : toModule(code), ...more[route]?.made }
  return {
    functions,
    resources: [toWebsocket('chat', settings)],
    triggers: named.map(([name, route]) => {
      const { made: _, ...trigger } = more[route] ?? {}
      return toWebsocketRoute(name, 'chat', route, trigger)
    }),
  }
}

const toName = (route: string): string => `on_${route.replaceAll(/\W/g, '')}`

/** A module whose handler has this body. What it returns for a message is posted to whom it came from, as Goblet does. */
export const toModule = (body: string): string => `
const work = async (event, context) => { ${body} }
export const handler = async (event, context) => {
  const result = await work(event, context)
  const { eventType, connectionId } = event.requestContext ?? {}
  if (eventType === 'MESSAGE' && result?.body) await answer(connectionId, result.body)
  return result
}
const authorization = 'AWS4-HMAC-SHA256 Credential=a/20261121/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0'
async function answer(connectionId, body) {
  for (const [name, endpoint] of Object.entries(process.env)) {
    if (!name.startsWith('GOBLET_WEBSOCKET_')) continue
    const url = endpoint + '/@connections/' + encodeURIComponent(connectionId)
    const { request } = await import('node:http')
    const status = await new Promise((resolve, reject) => {
      const asked = request(url, { method: 'POST', headers: { authorization } }, (got) => resolve(got.resume().statusCode))
      asked.on('error', reject).end(body)
    })
    if (status === 200) return
  }
}`

/** A module whose handler has this body, with AWS's SDK and `ws` in it, as a bundle for AWS has them. */
export async function bundled(code: string): Promise<string> {
  const contents = `import * as sdk from '@aws-sdk/client-apigatewaymanagementapi'
import * as dynamodb from '@aws-sdk/client-dynamodb'
import { WebSocket } from 'ws'
const db = new dynamodb.DynamoDBClient({})
const clientOf = ({ domainName, stage }) => new sdk.ApiGatewayManagementApiClient({ endpoint: 'https://' + domainName + '/' + stage })
const post = (api, ConnectionId, Data) => api.send(new sdk.PostToConnectionCommand({ ConnectionId, Data }))
${toModule(code)}`
  const banner = { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" }
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: import.meta.dirname },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    banner,
  })
  return outputFiles[0]?.text ?? ''
}

/** Answers with the event. */
export const ECHO = 'return { statusCode: 200, body: JSON.stringify(event) }'

/** A client that is connected. */
export interface Connected extends AsyncDisposable {
  readonly socket: WebSocket
  /** The next message; rejects when none comes within so many ms. */
  next(patience?: number): Promise<string>
  /** The next message, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: messages are whatever the app sends
  json(patience?: number): Promise<any>
  /** What has come and was not asked for. */
  readonly waiting: readonly string[]
  send(message: unknown): void
  /** How it ended. */
  readonly closed: Promise<{ code: number; reason: string }>
}

/** Connects. Rejects with the status when the handshake is refused. */
export async function connect(url: string, options: ClientOptions & { protocols?: string[] } = {}): Promise<Connected> {
  const { protocols = [], ...rest } = options
  const socket = new WebSocket(url, protocols, { perMessageDeflate: false, ...rest })
  const waiting: string[] = []
  let wake = (): void => {}
  socket.on('message', (data) => {
    waiting.push(String(data))
    wake()
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: String(reason) }))
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
    socket.once('unexpected-response', (_request, response: IncomingMessage) => {
      const chunks: Uint8Array[] = []
      response.on('data', (chunk: Uint8Array) => chunks.push(chunk))
      response.on('end', () => {
        reject(new Refused(response.statusCode ?? 0, String(Buffer.concat(chunks)), response.headers))
      })
    })
  })
  socket.on('error', () => {})
  const next = async (patience = 5_000): Promise<string> => {
    const until = Date.now() + patience
    while (waiting.length === 0) {
      const left = until - Date.now()
      if (left <= 0) throw new Error(`No message came within ${patience} ms.`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    return waiting.shift() ?? ''
  }
  return {
    socket,
    next,
    json: async (patience) => JSON.parse(await next(patience)),
    waiting,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    closed,
    [Symbol.asyncDispose]: async () => {
      if (socket.readyState === socket.CLOSED) return
      const done = once(socket, 'close')
      socket.terminate()
      await done
    },
  }
}

/** A handshake that was answered otherwise. */
export class Refused extends Error {
  readonly status: number
  readonly body: string
  readonly headers: IncomingMessage['headers']

  constructor(status: number, body: string, headers: IncomingMessage['headers']) {
    super(`The handshake was answered ${status} ${body}`)
    this.status = status
    this.body = body
    this.headers = headers
  }
}

/** How a handshake is refused; fails when it is not. */
export async function refused(url: string, options: Parameters<typeof connect>[1] = {}): Promise<Refused> {
  const opened = await connect(url, options).catch((error: unknown) => error)
  if (opened instanceof Refused) return opened
  if (opened instanceof Error) throw opened
  throw new Error('The handshake was not refused.')
}
