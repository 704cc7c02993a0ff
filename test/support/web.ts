// Web apps on servers of their own, and what is asked of them: the same questions for both sides, over real sockets.
import { type ChildProcess, spawn } from 'node:child_process'
import { createServer, type RequestListener, type Server, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { serve } from '@hono/node-server'

const folder = new URL('../fixtures/web/', import.meta.url)

export interface OwnServer {
  readonly url: string
  close(): Promise<unknown>
}

const load = async (name: string): Promise<Record<string, unknown>> => import(new URL(`${name}.mjs`, folder).href)

const portOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

const toOwn = async (server: Server): Promise<OwnServer> => {
  if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  return {
    url: portOf(server),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Serving {
  listen(port: unknown): Promise<unknown>
  close(): Promise<unknown>
  start(): Promise<unknown>
  stop(options: object): Promise<unknown>
  callback(): RequestListener
  fetch(request: Request): Response | Promise<Response>
  readonly server: Server
  readonly info: { readonly port: number }
  getHttpServer(): Server
}

const given = async (name: string): Promise<Serving> => {
  const module = await load(name)
  return (await (module.app ?? module.server ?? module.default)) as Serving
}

const listener = async (name: string): Promise<OwnServer> =>
  toOwn(createServer((await given(name)) as unknown as RequestListener))

const fetched = async (name: string): Promise<OwnServer> => {
  const module = await load(name)
  const app = (module.app ?? module.default) as Serving | undefined
  const handler = module.handler as Serving['fetch'] | undefined
  // As srvx does, which is h3's own server.
  const known = (request: Request): Request => Object.defineProperty(request, 'ip', { value: '127.0.0.1' })
  const fetch = handler ?? ((request: Request) => (app as Serving).fetch(known(request)))
  return new Promise((resolve) => {
    const server = serve({ fetch, port: 0, hostname: '127.0.0.1', overrideGlobalObjects: false }, () =>
      resolve(toOwn(server as Server)),
    )
  })
}

const fastify = async (name: string): Promise<OwnServer> => {
  const app = await given(name)
  await app.listen({ port: 0, host: '127.0.0.1' })
  return { url: portOf(app.server), close: () => app.close() }
}

/** A program of its own, as it exports nothing. */
async function program(name: string): Promise<OwnServer> {
  const free = createServer()
  const { url, close } = await toOwn(free)
  await close()
  const child: ChildProcess = spawn(process.execPath, [fileURLToPath(new URL(`${name}.mjs`, folder))], {
    env: { ...process.env, PLAIN_PORT: new URL(url).port },
    stdio: 'inherit',
  })
  const answers = (): Promise<boolean> =>
    ask(url, { method: 'GET', path: '/' }).then(
      () => true,
      () => false,
    )
  for (let tries = 0; tries < 100 && !(await answers()); tries++)
    await new Promise((resolve) => setTimeout(resolve, 50))
  return { url, close: async () => child.kill() }
}

/** How each of the fixtures is served as its own documentation says. */
export const OWN: Readonly<Record<string, (name: string) => Promise<OwnServer>>> = {
  express: listener,
  express4: listener,
  connect: listener,
  plain: program,
  koa: async (name) => toOwn(createServer((await given(name)).callback())),
  fastify,
  fastify4: fastify,
  hapi: async (name) => {
    const server = await given(name)
    await server.start()
    return { url: `http://127.0.0.1:${server.info.port}`, close: () => server.stop({ timeout: 0 }) }
  },
  nest: async (name) => {
    const app = await given(name)
    await app.listen(0)
    return { url: portOf(app.getHttpServer()).replace('[::]', '127.0.0.1'), close: () => app.close() }
  },
  hono: fetched,
  h3: fetched,
  itty: fetched,
  elysia: fetched,
  handler: fetched,
}

export interface Asked {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export interface Answered {
  readonly status: number
  /** By lower-case name; what was sent several times is joined. */
  readonly headers: Readonly<Record<string, string>>
  readonly cookies: readonly string[]
  readonly body: Buffer
}

/** Asks, and reads the answer whole. */
export function ask(base: string, { method, path, headers = {}, body }: Asked): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base)
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
    const asked = send({ hostname, port, method, path, headers: { ...headers, ...length }, agent: false }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('error', reject)
      answer.on('end', () => {
        const found: Record<string, string> = {}
        for (const [name, values = []] of Object.entries(answer.headersDistinct)) found[name] = values.join(', ')
        delete found['set-cookie']
        resolve({
          status: answer.statusCode ?? 0,
          headers: found,
          cookies: answer.headers['set-cookie'] ?? [],
          body: Buffer.concat(chunks),
        })
      })
    })
    asked.on('error', reject)
    asked.end(body)
  })
}
