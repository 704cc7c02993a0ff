// moto enforces the roles that are derived of the examples: every function runs as its own role without a refusal, and is refused without any one statement of its code.
import assert from 'node:assert/strict'
import { rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { GRAMMAR } from '../../src/aws/grammar.ts'
import { openBuild } from '../../src/build/index.ts'
import { defineModel, type Grant, type Model, type Permissions } from '../../src/model/index.ts'
import { toEvent } from '../support/event.ts'
import { GONE, MOTO_ACCOUNT, type Moto, type Ran, startMoto } from '../support/moto.ts'
import { isInstalled } from '../support/peers.ts'

interface Built {
  readonly model: Model
  readonly entries: ReadonlyMap<string, string>
  readonly permissions: Permissions
}

/** One event for a function, or an item that somebody left in a table. */
type Step =
  | { readonly function: string; readonly event: unknown }
  | { readonly table: string; readonly item: Readonly<Record<string, AttributeValue>> }

const folder = (name: string): string => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url))

async function build(name: string, outdir: string): Promise<Built> {
  const opened = await openBuild({ root: folder(name), entry: 'app.ts', outdir })
  try {
    const place = { stage: 'dev', account: MOTO_ACCOUNT, region: 'us-east-1' }
    const model = defineModel(await opened.discover(), place, GRAMMAR)
    const { functions } = await opened.bundle(model.functions)
    const entries = new Map([...functions].map(([one, { entry }]) => [one, entry]))
    return { model, entries, permissions: await opened.permissions(model) }
  } finally {
    await opened.close()
  }
}

const http = (route: string, path: string, given: object = {}): Step => ({
  function: 'api',
  event: toEvent(route, { rawPath: path, ...given }),
})
const socket = (name: string, route: string, body?: object, query?: Record<string, string>): Step => ({
  function: name,
  event: {
    requestContext: {
      routeKey: route,
      eventType: route === '$connect' ? 'CONNECT' : route === '$disconnect' ? 'DISCONNECT' : 'MESSAGE',
      connectionId: 'L0SM9cOFvHcCIhw=',
      stage: 'dev',
      domainName: 'localhost',
      requestTimeEpoch: 0,
    },
    isBase64Encoded: false,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(query === undefined ? {} : { queryStringParameters: query }),
  },
})
const message = (name: string, body: unknown): Step => ({
  function: name,
  event: { Records: [{ messageId: '1', body: JSON.stringify(body), eventSource: 'aws:sqs', attributes: {} }] },
})

const ORDER = { id: { S: 'o-1' }, customer: { S: 'ada' }, items: { L: [{ S: 'a book' }] }, placed: { N: '1' } }
const STEP = Buffer.from(JSON.stringify({ order: 'o-1', what: 'placed' })).toString('base64')

// Each time another order: one that is there already goes another way.
let orders = 0
function shop(): Step[] {
  const id = `o-${++orders}`
  return [
    { function: 'price', event: { items: ['a book'] } },
    http('POST /orders/{id}', '/orders/new', {
      pathParameters: { id },
      body: JSON.stringify({ customer: 'ada', items: ['a book'] }),
      headers: { 'content-type': 'application/json' },
    }),
    http('GET /orders/{id}', `/orders/${id}`, { pathParameters: { id } }),
    http('GET /customers/{customer}/orders', '/customers/ada/orders', { pathParameters: { customer: 'ada' } }),
    http('GET /figures', '/figures'),
    http('GET /reports', '/reports'),
    http('GET /pepper', '/pepper'),
    {
      function: 'notice',
      event: {
        Records: [{ eventName: 'INSERT', dynamodb: { Keys: { id: ORDER.id }, NewImage: ORDER, SequenceNumber: '1' } }],
      },
    },
    { function: 'pack', event: { 'detail-type': 'OrderPlaced', detail: { id, items: ['a book'] } } },
    message('work', { id, items: ['a book'] }),
    {
      function: 'ship',
      event: {
        Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'b' }, object: { key: 'o-1.txt' } } }],
      },
    },
    {
      function: 'mail',
      event: { Records: [{ Sns: { Message: JSON.stringify({ id, slip: 'o-1.txt' }), MessageAttributes: {} } }] },
    },
    socket('arrive', 'watch', { action: 'watch' }),
    { table: 'everything-dev-watchers', item: { id: { S: GONE } } },
    { function: 'count', event: { Records: [{ kinesis: { data: STEP, sequenceNumber: '1', partitionKey: 'o-1' } }] } },
    socket('leave', '$disconnect'),
    { function: 'report', event: { day: '2026-11-21' } },
    { function: 'nightly', event: {} },
  ]
}

const chat = (): Step[] => [
  socket('connect', '$connect', undefined, { room_name: 'r' }),
  {
    table: 'websocket-chat-dev-connections',
    item: { connection_id: { S: GONE }, room_name: { S: 'r' }, since: { N: '0' } },
  },
  socket('sendMessage', 'sendMessage', { action: 'sendMessage', user_name: 'ada', content: 'Hello' }),
  socket('connect', '$connect', undefined, { room_name: 'r' }),
  socket('getRecentMessages', 'getRecentMessages', { action: 'getRecentMessages' }),
  socket('other', '$default', { action: 'what' }),
  http('GET /', '/'),
  http('GET /rooms', '/rooms'),
  socket('disconnect', '$disconnect'),
]

async function take(step: Step, moto: Moto): Promise<Ran> {
  if ('function' in step) return moto.run(step.function, step.event)
  await moto.put(step.table, step.item)
  return {}
}

/** What a handler caught, and told of by its answer. */
function problemIn(result: unknown): string | undefined {
  const { statusCode = 200, batchItemFailures = [] } = (result ?? {}) as { statusCode?: number; batchItemFailures?: [] }
  return statusCode < 400 && batchItemFailures.length === 0 ? undefined : JSON.stringify(result)
}

const isSame = (left: Grant, right: Grant): boolean => left.action === right.action && left.resource === right.resource

function check(name: string, prepare: () => Promise<{ steps: () => readonly Step[]; end(): void }>): void {
  const skip = isInstalled('moto') ? false : 'moto is not installed'
  describe(`examples/${name} on moto`, { timeout: 170_000, skip }, () => {
    it('runs as its roles, and needs every statement of its code', async () => {
      // Where the packages of the example are found.
      const outdir = join(folder(name), '.goblet', `moto-${process.pid}`)
      const { model, entries, permissions } = await build(name, outdir)
      await using moto = await startMoto(model, entries)
      const { steps, end } = await prepare()
      try {
        for (const [one, { grants }] of permissions) await moto.grant(one, grants)
        for (const step of steps()) {
          const { result, error } = await take(step, moto)
          assert.deepEqual(moto.refused(), [], moto.logs())
          assert.equal(error ?? problemIn(result), undefined, moto.logs())
        }
        let planted = 0
        for (const [one, { grants }] of permissions)
          for (const grant of grants.filter(({ by }) => by === 'code')) {
            await moto.grant(
              one,
              grants.filter((other) => !isSame(other, grant)),
            )
            const refused: string[] = []
            for (const step of steps()) {
              await take(step, moto)
              refused.push(...moto.refused())
              if (refused.length > 0) break
            }
            assert.equal(refused.length > 0, true, `${one} runs without ${grant.action} on ${grant.resource}`)
            await moto.grant(one, grants)
            planted++
          }
        console.log(`${name}: ${steps().length} events as ${permissions.size} roles, ${planted} statements taken away`)
      } finally {
        end()
        await rm(outdir, { recursive: true, force: true })
      }
    })
  })
}

const given = (steps: () => readonly Step[]) => async () => ({ steps, end: () => {} })

check(
  'hello',
  given(() => [http('GET /', '/'), http('GET /cities/{city}', '/cities/seattle')]),
)
check('everything', given(shop))
check('websocket-chat', given(chat))
check('image-pipeline', async () => {
  const { default: sharp } = await import('sharp')
  const picture = await sharp({ create: { width: 20, height: 20, channels: 3, background: '#123' } })
    .png()
    .toBuffer()
  const server = createServer((_, response) => response.end(picture))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rocket.png`
  const steps = () => [
    message('build', { filename: 'rocket.webp', url }),
    http('GET /', '/'),
    http('GET /photos/{name}', '/photos/rocket.webp', { pathParameters: { name: 'rocket.webp' } }),
  ]
  return { steps, end: () => server.close() }
})
