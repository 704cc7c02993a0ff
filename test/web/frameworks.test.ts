// Every web app answers, hosted behind each front door, as on a server of its own: status, headers, cookies, and the body byte for byte.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { start, type TestCloud } from '../../src/testing/index.ts'
import { type Answered, type Asked, ask, OWN, type OwnServer } from '../support/web.ts'
import { QUESTIONS } from '../support/web-questions.ts'

const env = { NODE_ENV: 'production', PUBLIC: fileURLToPath(new URL('../fixtures/web/public', import.meta.url)) }
Object.assign(process.env, env)

const own = new Map<string, OwnServer>()
const answers = new Map<string, readonly Answered[]>()

before(async () => {
  for (const [name, serve] of Object.entries(OWN)) {
    const server = await serve(name)
    own.set(name, server)
    const found: Answered[] = []
    for (const question of QUESTIONS) found.push(await ask(server.url, question))
    answers.set(name, found)
  }
})
after(() => Promise.all([...own.values()].map((server) => server.close())))

// What belongs to the connection, the moment, or the gateway.
const LEFT_OUT =
  /^(?:date|connection|keep-alive|transfer-encoding|content-length|server|apigw-requestid|x-amz.*|x-powered-by)$/

interface Seen {
  readonly status: number
  readonly headers: object
  readonly cookies: readonly string[]
  readonly body: string
}

function seen({ status, headers, cookies, body }: Answered, url: string, mine?: Answered): Seen {
  const kept = Object.entries(headers).filter(([name]) => !LEFT_OUT.test(name))
  // A gateway gives every answer a type; where the app gave none, there is nothing to compare.
  const typed = kept.filter(([name]) => name !== 'content-type' || mine?.headers['content-type'] !== undefined)
  return {
    status,
    headers: Object.fromEntries(typed.map(plain).sort(([left], [right]) => (left < right ? -1 : 1))),
    cookies: cookies.map((one) => one.replace(/connect\.sid=[^;]+/, 'connect.sid=…')),
    body:
      body.length > 5000
        ? createHash('sha256').update(body).digest('hex')
        : body.toString('latin1').replaceAll(new URL(url).host, 'host'),
  }
}

// `text/plain;charset=UTF-8` and `text/plain; charset=utf-8` are one type.
const plain = ([name, value]: [string, string]): [string, string] =>
  name === 'content-type' ? [name, value.toLowerCase().replaceAll('; ', ';')] : [name, value]

const named = ({ method, path }: Asked): string => `${method} ${path}`

// Two apps: reading all of them at once would take a busy machine longer than an app may take.
const GROUPS = {
  classic: ['express', 'express4', 'connect', 'plain', 'koa', 'hapi', 'nest'],
  modern: ['fastify', 'fastify4', 'hono', 'h3', 'itty', 'elysia', 'handler'],
}

async function compare(name: string, base: string, cloud: TestCloud): Promise<void> {
  const server = own.get(name)
  for (const [index, question] of QUESTIONS.entries()) {
    const mine = answers.get(name)?.[index]
    assert.ok(mine && server)
    const hosted = await ask(cloud.http.url, { ...question, path: `${base}/${name}${question.path}` })
    assert.deepEqual(
      seen(hosted, cloud.http.url, mine),
      seen(mine, server.url, mine),
      `${name}: ${named(question)}\n${cloud.logs(name).slice(-6).join('\n')}`,
    )
  }
}

// Elsewhere each adapter and each form of events once: all of them together take twenty seconds of a processor.
const isPlanned = (door: string, group: string): boolean =>
  process.env.CI === 'true' || door === (group === 'classic' ? 'http' : 'rest')

for (const door of ['http', 'rest', 'url'])
  for (const [group, names] of Object.entries(GROUPS).filter(([group]) => isPlanned(door, group)))
    test(`${group} behind the ${door} door`, async (context) => {
      const cloud = await start(new URL(`../fixtures/web/${group}-${door}.mjs`, import.meta.url), { env })
      try {
        for (const name of names) await context.test(name, () => compare(name, door === 'rest' ? '/api' : '', cloud))
      } finally {
        await cloud.close()
      }
    })

test('every fixture is compared', () => {
  assert.deepEqual(Object.values(GROUPS).flat().sort(), Object.keys(OWN).sort())
})
