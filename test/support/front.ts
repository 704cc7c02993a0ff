// A local cloud with one API before plain Lambda handlers, for tests of the front doors: what the gateway sends them and makes of their answers.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, type MockTimers } from 'node:test'
import { startCloud, toLines } from '../../src/local/index.ts'
import type { ApiModel, FunctionModel, HttpTriggerModel, Model } from '../../src/model/index.ts'
import { API, PLAIN } from './cloud.ts'

export interface Front extends AsyncDisposable {
  readonly port: number
  /** With the stage, where it is part of the URL. */
  readonly url: string
  /** What functions have written. */
  log(): string
  /** Everything that CloudWatch Logs would show. */
  lines(): string[]
  /** How often functions have run. */
  runs(): number
  /** Sends these bytes; resolves with all that comes until the server ends, or nothing has come for `quiet` ms. */
  raw(bytes: string | Uint8Array, quiet?: number): Promise<string>
  /** Sends these bytes, and `end`s if so told; resolves with all that comes. Rejects when the server does not end the connection. */
  exchange(bytes: Uint8Array, end: boolean): Promise<string>
}

export interface Given {
  readonly door: ApiModel['door']
  /** `GET /a` → what the route has beside it; its function is `api` unless `function` says another. */
  readonly routes: Readonly<Record<string, Partial<HttpTriggerModel>>>
  /** Name → module text that exports `handler`. */
  readonly functions?: Readonly<Record<string, string>>
  readonly settings?: Partial<FunctionModel>
  readonly api?: Partial<ApiModel>
}

/** Echoes its event. */
export const ECHO = 'export const handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })'

/** Takes a minute. */
export const SLOW = 'export const handler = () => new Promise((resolve) => setTimeout(resolve, 60_000))'

/** What a front answers at `limit` ms, and not a millisecond before, while its function still runs. No other test may run meanwhile: its timers stand still. */
export async function tickWhenRunning(
  front: Front,
  timers: MockTimers,
  limit: number,
  path: string,
): Promise<{ status: number; body: string }> {
  timers.enable({ apis: ['setTimeout'] })
  try {
    let come = false
    const stage = new URL(front.url).pathname.replace(/\/$/, '')
    const asked = front
      .raw(`GET ${stage}${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`, 10_000)
      .finally(() => {
        come = true
      })
    const settle = async (rounds: number): Promise<void> => {
      for (let round = 0; round < rounds; round++) await new Promise((resolve) => setImmediate(resolve))
    }
    while (front.runs() === 0 && !come) await settle(1)
    timers.tick(limit - 1)
    await settle(100)
    if (come) throw new Error(`Answered before ${limit} ms: ${await asked}`)
    timers.tick(1)
    const [head = '', body = ''] = (await asked).split('\r\n\r\n')
    return { status: Number(head.split(' ')[1]), body }
  } finally {
    timers.reset()
  }
}

const WHERE = { file: 'app.ts', line: 1 }

export async function openFront(given: Given): Promise<Front> {
  const directory = mkdtempSync(join(tmpdir(), 'goblet-front-'))
  const { functions = { api: ECHO } } = given
  const code = new Map<string, { entry: string; hash: string }>()
  for (const [name, text] of Object.entries(functions)) {
    const entry = join(directory, `${name}.mjs`)
    writeFileSync(entry, text)
    code.set(name, { entry, hash: name })
  }
  const cloud = await startCloud({ directory: join(directory, 'state'), port: 0, awsPort: 0 })
  const model = toModel(given, Object.keys(functions))
  await cloud.apply(model, code)
  const port = Number(new URL(cloud.http).port)
  const { stage } = model.api
  return {
    port,
    url: `${cloud.http}${stage === '$default' ? '' : `/${stage}`}`,
    log: () =>
      cloud.journal
        .read()
        .flatMap((entry) => (entry.kind === 'log' ? [entry.text] : []))
        .join('\n'),
    lines: () => cloud.journal.read().flatMap(toLines),
    runs: () => cloud.journal.read().filter(({ kind }) => kind === 'start').length,
    raw: (bytes, quiet = 1_000) => exchange(port, bytes, { quiet }),
    exchange: (bytes, end) => exchange(port, bytes, { quiet: 10_000, end, strict: true }),
    [Symbol.asyncDispose]: async () => {
      await cloud.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** A front that all tests of a suite share: open while they run. */
export function shareFront(given: Given): { readonly front: Front } {
  let front: Front | undefined
  before(async () => {
    front = await openFront(given)
  })
  after(() => front?.[Symbol.asyncDispose]())
  return {
    get front() {
      if (front === undefined) throw new Error('No test runs.')
      return front
    },
  }
}

function toModel({ door, routes, settings, api }: Given, names: readonly string[]): Model {
  const triggers = Object.entries(routes).map(([route, more]): HttpTriggerModel => {
    const [method = '', path = ''] = route.split(' ')
    return {
      kind: 'http',
      function: 'api',
      export: 'index',
      method,
      path,
      auth: { kind: 'none' },
      apiKey: false,
      stream: false,
      synthetic: false,
      where: WHERE,
      ...more,
    }
  })
  return {
    app: 'shop',
    stage: 'dev',
    account: '000000000000',
    region: 'us-east-1',
    entry: 'app.ts',
    tags: {},
    api: {
      ...API,
      door,
      stage: door === 'rest' ? 'api' : '$default',
      ...api,
    },
    functions: names.map((name) => ({ ...toFunction(name), ...settings })),
    triggers,
    resources: [],
    subscriptions: [],
  }
}

const toFunction = (name: string): FunctionModel => ({
  name,
  physicalName: `shop-dev-${name}`,
  trigger: 'http',
  exports: [name],
  memory: 512,
  timeout: 30,
  runtime: 'nodejs24.x',
  architecture: 'arm64',
  env: {},
  concurrency: undefined,
  description: '',
  ephemeralStorage: 512,
  retries: 2,
  maximumAge: 21_600,
  deadLetter: undefined,
  destinations: { success: undefined, failure: undefined },
  role: undefined,
  permissions: [],
  tracing: false,
  vpc: undefined,
  ...PLAIN,
  where: WHERE,
})

interface Manner {
  readonly quiet: number
  readonly end?: boolean
  readonly strict?: boolean
}

function exchange(port: number, bytes: string | Uint8Array, { quiet, end, strict }: Manner): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    const socket: Socket = connect(port, '127.0.0.1')
    const done = (): void => {
      socket.destroy()
      resolve(Buffer.concat(chunks).toString('latin1'))
    }
    const silent = (): void => {
      if (strict !== true) done()
      socket.destroy()
      reject(new Error(`The connection stays open: ${JSON.stringify(bytes.toString())}`))
    }
    socket.setTimeout(quiet, silent)
    socket.on('data', (chunk: Uint8Array) => chunks.push(chunk))
    socket.on('end', done)
    // A server may well reset what it refuses; what came before counts.
    socket.on('error', done)
    if (end === true) socket.end(bytes)
    else socket.write(bytes)
  })
}
