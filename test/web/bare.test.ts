// Entries that export a web app and nothing of Goblet: found, named, hosted; and refused with what was looked for.
import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { openBuild } from '../../src/build/index.ts'
import { start } from '../../src/testing/index.ts'
import { goblet } from '../support/command.ts'
import { startDev } from '../support/dev.ts'
import { complaintsOf } from '../support/project.ts'
import { openFolder } from '../support/web-project.ts'

interface Sample {
  readonly text: string
  readonly word: string
  readonly exported: string | undefined
}

const answer = '(_request: unknown, response: any) => { response.end("hello") }'

const SAMPLES: Readonly<Record<string, Sample>> = {
  express: {
    text: `import express from 'express'\nexport const server = express()\nserver.get('/', (_request, response) => { response.send('hello') })`,
    word: 'an Express app',
    exported: 'server',
  },
  connect: {
    text: `import connect from 'connect'\nconst app = connect()\napp.use(${answer})\nexport default app`,
    word: 'a Connect app',
    exported: 'default',
  },
  fastify: {
    text: `import fastify from 'fastify'\nexport const app = fastify()\napp.get('/', async () => 'hello')`,
    word: 'a Fastify app',
    exported: 'app',
  },
  koa: {
    text: `import Koa from 'koa'\nexport default new Koa().use((context) => { context.body = 'hello' })`,
    word: 'a Koa app',
    exported: 'default',
  },
  hono: {
    text: `import { Hono } from 'hono'\nexport default new Hono().get('/', (context) => context.text('hello'))`,
    word: 'a Hono app',
    exported: 'default',
  },
  hapi: {
    text: `import Hapi from '@hapi/hapi'\nexport const server = Hapi.server()\nserver.route({ method: 'GET', path: '/', handler: () => 'hello' })`,
    word: 'a Hapi server',
    exported: 'server',
  },
  promise: {
    text: `import Koa from 'koa'\nexport const app = Promise.resolve(new Koa().use((context) => { context.body = 'hello' }))`,
    word: 'a Koa app',
    exported: 'app',
  },
  listener: {
    text: `export const handler = ${answer}`,
    word: 'a listener (request, response) => …',
    exported: 'handler',
  },
  fetch: {
    text: `export default { fetch: (_request: Request) => new Response('hello') }`,
    word: 'an object with `fetch`',
    exported: 'default',
  },
  listening: {
    text: `import { createServer } from 'node:http'\ncreateServer(${answer}).listen(3000)`,
    word: 'a server of node:http',
    exported: undefined,
  },
}

// Elsewhere one of each form: an app, a fetch handler, a promise, a server that nobody exports.
const PLAIN = new Set(['express', 'hono', 'promise', 'listening'])
const isPlanned = (name: string): boolean => process.env.CI === 'true' || PLAIN.has(name)

for (const [name, { text, word, exported }] of Object.entries(SAMPLES).filter(([name]) => isPlanned(name)))
  test(`an entry that is ${word} (${name})`, async () => {
    const folder = await openFolder({ 'package.json': '{"name":"@acme/My Shop","type":"module"}', 'server.ts': text })
    const outdir = join(folder.path, '.goblet', 'build')
    try {
      const build = await openBuild({ root: folder.path, entry: 'server.ts', outdir })
      const { app, functions } = await build.discover().finally(() => build.close())
      const found = { word, exported, entry: 'server.ts', app: 'my-shop', function: 'web' }
      assert.deepEqual(build.hosted(), found)
      assert.deepEqual([app.name, functions.map((one) => one.where)], ['my-shop', [{ file: 'server.ts', line: 1 }]])
      assert.deepEqual(
        build.files().map((file) => file.slice(folder.path.length + 1)),
        ['server.ts'],
      )
      await using cloud = await start(join(folder.path, 'server.ts'))
      assert.equal((await cloud.http.get('/')).text, 'hello')
      const written = await readdir(folder.path)
      assert.deepEqual(written.sort(), ['.goblet', 'node_modules', 'package.json', 'server.ts'])
    } finally {
      await folder.remove()
    }
  })

test('what is no app and no web app is refused with what was looked for', async () => {
  const refused = [
    `export const nothing = 1`,
    // Has the form of a listener.
    `export const handler = async (event, context) => ({ statusCode: 200 })`,
    // What is declared wants an app.
    `import { queue } from 'goblet'\nexport const jobs = queue('jobs')\nexport const server = (_request, response) => response.end()`,
  ]
  for (const text of refused) {
    const folder = await openFolder({ 'server.ts': text })
    const build = await openBuild({ root: folder.path, entry: 'server.ts', outdir: join(folder.path, '.goblet') })
    const [first] = await complaintsOf(() => build.discover())
    await build.close()
    await folder.remove()
    assert.equal(first?.code, 'GOBLET_NO_APP')
    assert.match(first?.message ?? '', /no web app by itself \(as default, app, server/)
  }
})

test('`goblet dev server.ts` says what it found, takes saves, and takes the app that comes later', async () => {
  const plain = (text: string): string =>
    `import Koa from 'koa'\nexport const server = new Koa().use((context) => { context.body = '${text}' })\n`
  const folder = await openFolder({ 'server.ts': plain("it is no 'goblet'".replaceAll("'", "\\'")) })
  const { writeFile } = await import('node:fs/promises')
  const dev = await startDev(folder.path, ['server.ts'])
  const says = async (wanted: string): Promise<void> => {
    for (let tries = 0; tries < 100; tries++) {
      if ((await (await fetch(`${dev.http}/`)).text()) === wanted) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    assert.fail(`It never said ${wanted}.`)
  }
  try {
    await says("it is no 'goblet'")
    const head =
      /server\.ts exports a Koa app \(server\): all its requests go to one function, web, of the app goblet-web-/
    assert.match(dev.errors(), head)
    const requests = await goblet(['logs', '--http', '--entry', 'server.ts'], { cwd: folder.path })
    assert.match(requests.out, /^web {2}\d{4}-\S+Z GET \/ 200 \d+\.\d ms\n/)
    assert.doesNotMatch(requests.out, /START|REPORT/)
    const remote = await goblet(['logs', '--http', '--remote', '--entry', 'server.ts'], { cwd: folder.path })
    assert.deepEqual([remote.status, remote.err.includes('--http is of the local cloud')], [2, true])
    await writeFile(join(folder.path, 'server.ts'), plain('two'))
    await says('two')
    const own =
      "import { app, route } from 'goblet'\nexport default app('own')\nexport const index = route('GET /', () => 'own')\n"
    await writeFile(join(folder.path, 'server.ts'), own)
    await says('own')
    await writeFile(join(folder.path, 'server.ts'), plain('three'))
    await says('three')
    assert.equal(await dev.stop(), 0)
    const same = await goblet(['routes', 'server.ts', '--json'], { cwd: folder.path })
    const other = await goblet(['routes', '--entry', 'server.ts', '--json'], { cwd: folder.path })
    assert.deepEqual([same.status, same.out], [0, other.out])
    const none = await goblet(['routes'], { cwd: folder.path })
    assert.match(none.err, /goblet dev server\.ts/)
  } finally {
    await dev.stop('SIGKILL')
    await folder.remove()
  }
})
