// What surrounds a mounted app: where it hangs, who may call it, what is around it, how it is found, and what is refused.
import assert from 'node:assert/strict'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { openBuild } from '../../src/build/index.ts'
import { GobletError } from '../../src/errors.ts'
import { start, type TestCloud } from '../../src/testing/index.ts'
import { openFolder } from '../support/web-project.ts'

/** Starts an app of these files, with the packages of this checkout. */
async function run(files: Readonly<Record<string, string>>, work: (cloud: TestCloud) => Promise<void>): Promise<void> {
  const folder = await openFolder(files)
  try {
    const cloud = await start(pathToFileURL(`${folder.path}/app.ts`))
    try {
      await work(cloud)
    } finally {
      await cloud.close()
    }
  } finally {
    await folder.remove()
  }
}

async function complaintOf(text: string): Promise<string> {
  const folder = await openFolder({ 'app.ts': text })
  try {
    const cloud = await start(pathToFileURL(`${folder.path}/app.ts`))
    await cloud.close()
  } catch (error) {
    if (error instanceof GobletError) return error.message
    throw error
  } finally {
    await folder.remove()
  }
  throw new Error('Nothing was wrong.')
}

const ECHO = `
export const echo = (request, response) => {
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ url: request.url, host: request.headers.host, lambda: request.apiGateway.context.functionName }))
}
`

test('a mount takes everything that has no route of its own, at the root and below', async () => {
  const app = `
import { app, mount, route } from 'goblet'
export default app('shop', { stages: { dev: {} } })
export const web = mount('/{proxy+}', (request: any, response: any) => response.end('web ' + request.url))
export const own = route('GET /own', () => 'own')
`
  await run({ 'app.ts': app }, async (cloud) => {
    const { http } = cloud
    assert.equal((await http.get('/')).text, 'web /')
    assert.equal((await http.get('/a/b/?x=1&x=2')).text, 'web /a/b/?x=1&x=2')
    assert.equal((await http.post('/own', { body: 'x' })).text, 'web /own')
    assert.equal((await http.get('/own')).text, 'own')
    assert.deepEqual([cloud.invocations('web').length, cloud.invocations('own').length], [3, 1])
  })
})

test('paths keep what the app is mounted below, but for `basePath`; groups come before', async () => {
  const app = `
import { app, group, mount } from 'goblet'
import { echo } from './echo.mjs'
export default app('shop', { api: 'rest', apiStage: 'v1' })
export const kept = mount('/kept', echo)
export const taken = mount('/taken/{rest+}', echo, { basePath: '/taken' })
export const admin = group('/admin', { inner: mount('/inner', echo, { basePath: '/admin' }) })
`
  await run({ 'app.ts': app, 'echo.mjs': ECHO }, async ({ http }) => {
    const urls = ['/kept', '/kept/a%20b', '/taken', '/taken/a?b=c', '/admin/inner/x'].map(async (path) => {
      const { json } = await http.get(`/v1${path}`)
      return [json.url, json.lambda]
    })
    assert.deepEqual(await Promise.all(urls), [
      ['/kept', 'shop-dev-kept'],
      ['/kept/a%20b', 'shop-dev-kept'],
      ['/', 'shop-dev-taken'],
      ['/a?b=c', 'shop-dev-taken'],
      ['/inner/x', 'shop-dev-admin-inner'],
    ])
  })
})

test('authorizers, middleware, `onError` and CORS hold for mounted apps as for routes', async () => {
  const app = `
import { app, authorizer, mount, route, type Middleware } from 'goblet'
const marked: Middleware = async (input, next) => {
  console.log('around', input.kind)
  return next()
}
export default app('shop', { use: [marked], api: 'rest', cors: { origins: 'https://a.example' } })
export const token = authorizer(({ token }) => ({ allow: token === 'yes', principal: 'u1' }))
const web = async (request: any, response: any) => {
  if (request.url === '/guarded/fail') throw new Error('broken')
  response.end(request.method)
}
export const guarded = mount('/guarded', web, { auth: token, onError: (error) => ({ told: (error as Error).message }) })
`
  await run({ 'app.ts': app }, async (cloud) => {
    const { http } = cloud
    const headers = { authorization: 'yes' }
    assert.equal((await http.get('/api/guarded')).status, 401)
    const answer = await http.get('/api/guarded/a', { headers: { ...headers, origin: 'https://a.example' } })
    assert.deepEqual([answer.text, answer.headers['access-control-allow-origin']], ['GET', 'https://a.example'])
    const preflight = await http.options('/api/guarded/a', {
      headers: { origin: 'https://a.example', 'access-control-request-method': 'PUT' },
    })
    assert.deepEqual([preflight.status, preflight.text], [204, ''])
    assert.deepEqual((await http.get('/api/guarded/fail', { headers })).json, { told: 'broken' })
    assert.ok(cloud.logs('guarded').some((line) => line.endsWith('around http')))
  })
})

test('an app that fails, ends the connection or asks for a WebSocket is answered, and stays', async () => {
  const app = `
import { app, mount } from 'goblet'
export default app('shop')
export const web = mount('/{proxy+}', (request: any, response: any) => {
  if (request.url === '/throws') throw new Error('broken')
  if (request.url === '/ends') return request.socket.destroy()
  if (request.url === '/breaks') {
    response.on('close', () => console.log('closed', response.writableEnded))
    response.write('half')
    return response.destroy(new Error('half is enough'))
  }
  response.end('still there')
})
`
  await run({ 'app.ts': app }, async (cloud) => {
    const { http } = cloud
    assert.equal((await http.get('/throws')).status, 500)
    assert.equal((await http.get('/ends')).status, 500)
    assert.equal((await http.get('/breaks')).status, 500)
    const asked = await http.get('/ws', { headers: { 'sec-websocket-key': 'x', 'sec-websocket-version': '13' } })
    assert.deepEqual(
      [asked.status, asked.json.Message],
      [426, 'WebSockets do not reach a mounted app: declare them with websocket(…).'],
    )
    assert.equal((await http.get('/')).text, 'still there')
    const logs = cloud.logs('web').join('\n')
    assert.match(logs, /closed false/)
    assert.match(logs, /half is enough/)
  })
})

const STREAMER = `
import { createServer } from 'node:http'
export default createServer(async (request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'set-cookie': ['a=1', 'b=2'] })
  for (const part of ['one', 'two', 'three']) {
    response.write('data: ' + part + '\\n\\n')
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  if (request.url.endsWith('/big')) {
    let drains = 0
    response.on('drain', () => drains++)
    for (let i = 0; i < 64; i++)
      if (!response.write(Buffer.alloc(65536, 'x'))) await new Promise((resolve) => response.once('drain', resolve))
    response.write(String(drains > 10))
  }
  response.end()
})
`

for (const api of ['url', 'rest'])
  test(`with \`stream\` answers are sent while they are made (${api})`, async () => {
    const app = `
import { app, mount } from 'goblet'
export default app('shop', { api: '${api}' })
export const web = mount('/{proxy+}', () => import('./server.mjs'), { stream: true })
export const fetched = mount('/fetched', { fetch: () => new Response(new ReadableStream({
  async start(controller) {
    for (const part of ['one', 'two']) {
      controller.enqueue(new TextEncoder().encode(part))
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
    controller.close()
  },
})) }, { stream: true })
`
    await run({ 'app.ts': app, 'server.mjs': STREAMER }, async ({ http }) => {
      const base = api === 'rest' ? `${http.url}/api` : http.url
      // What they must not have to do while the time is taken: wake.
      for (const path of ['/warm', '/fetched']) await timed(`${base}${path}`)
      const { moments, text, cookies } = await timed(`${base}/events`)
      assert.deepEqual([text, cookies], ['data: one\n\ndata: two\n\ndata: three\n\n', ['a=1', 'b=2']])
      assert.ok(moments.length >= 3 && (moments.at(-1) ?? 0) - (moments[0] ?? 0) > 200, `${moments}`)
      const fetched = await timed(`${base}/fetched`)
      assert.equal(fetched.text, 'onetwo')
      assert.ok((fetched.moments.at(-1) ?? 0) - (fetched.moments[0] ?? 0) > 100, `${fetched.moments}`)
      const big = await timed(`${base}/big`)
      assert.deepEqual([big.text.length, big.text.slice(-4)], [35 + 64 * 65536 + 4, 'true'])
    })
  })

function timed(url: string): Promise<{ moments: number[]; text: string; cookies: readonly string[] }> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (answer) => {
      const moments: number[] = []
      let text = ''
      answer.on('data', (chunk) => {
        moments.push(performance.now())
        text += chunk
      })
      answer.on('end', () => resolve({ moments, text, cookies: answer.headers['set-cookie'] ?? [] }))
      answer.on('error', reject)
    }).on('error', reject)
  })
}

test('what is no web app is refused with its place, and what cannot hold for a mount, too', async () => {
  const made = (rest: string): string =>
    `import { app, mount } from 'goblet'\nexport default app('shop')\nexport const web = ${rest}\n`
  assert.match(
    await complaintOf(made("mount('/', { a: 1 })")),
    /app\.ts:3.*The mount `\/\{proxy\+\}` mounts an object with a, which is no web app/s,
  )
  assert.match(await complaintOf(made("mount('/', () => 7)")), /mounts a function that gives none, which is no web app/)
  assert.match(await complaintOf(made("mount('/', () => { throw new Error('no luck') })")), /no luck/)
  const web = '(request: any, response: any) => response.end()'
  assert.match(await complaintOf(made(`mount('/', ${web}, { body: 1 } as never)`)), /no option `body`/)
  assert.match(await complaintOf(made(`mount('/', ${web}, { stream: true })`)), /HTTP APIs send whole answers/)
  assert.match(
    await complaintOf(made(`mount('/', ${web}, { basePath: 'shop' })`)),
    /what stands before the app's own paths/,
  )
})

test('an app that waits until it listens believes to, and may export nothing', async () => {
  const app = `
import { app, mount } from 'goblet'
export default app('shop')
export const web = mount('/{proxy+}', () => import('./server.mjs'))
`
  const server = `
import fastify from 'fastify'
const app = fastify({ logger: true })
app.get('/', async (request) => {
  request.log.info('asked')
  return { listening: app.server.address().address }
})
await app.listen({ port: 3000 })
`
  await run({ 'app.ts': app, 'server.mjs': server }, async ({ http }) => {
    assert.deepEqual((await http.get('/')).json, { listening: '127.0.0.1' })
  })
})

test('an app that listens only after its module is loaded is waited for, whoever else listens', async () => {
  const app = `
import { app, mount } from 'goblet'
export default app('shop')
export const early = mount('/early', () => import('./early.mjs'))
export const late = mount('/late', () => import('./late.mjs'))
`
  const server = (name: string) =>
    `createServer((request, response) => response.end('${name} ' + request.url)).listen(3000)`
  const files = {
    'app.ts': app,
    'early.mjs': `import { createServer } from 'node:http'\n${server('early')}`,
    'late.mjs': `import { createServer } from 'node:http'
async function bootstrap() {
  await new Promise((resolve) => setTimeout(resolve, 60))
  ${server('late')}
}
bootstrap()`,
  }
  await run(files, async ({ http }) => {
    assert.equal((await http.get('/late')).text, 'late /late')
    assert.equal((await http.get('/early')).text, 'early /early')
  })
})

test('files that an app serves are in its zip at their paths, and change its hash', async () => {
  const app = `
import { app, mount } from 'goblet'
import express from 'express'
export default app('shop')
const server = express()
server.use(express.static('public'))
export const web = mount('/', server, { files: ['public', './robots.txt'] })
`
  const folder = await openFolder({ 'app.ts': app, 'robots.txt': 'all welcome' })
  const at = (path: string): string => join(folder.path, path)
  await mkdir(at('public/deep'), { recursive: true })
  await writeFile(at('public/deep/a.txt'), 'one')
  await writeFile(at('public/.hidden'), 'x')
  const build = await openBuild({ root: folder.path, entry: 'app.ts', outdir: at('.goblet') })
  try {
    await build.discover()
    const bundle = async () =>
      (await build.bundle([{ name: 'web', trigger: 'http', exports: ['web'] }])).functions.get('web')
    const before = await bundle()
    assert.deepEqual(
      before?.files.map(({ path }) => path).filter((path) => path.endsWith('.txt')),
      ['public/deep/a.txt', 'robots.txt'],
    )
    await writeFile(at('public/deep/a.txt'), 'two')
    assert.notEqual((await bundle())?.hash, before?.hash)
    await rm(at('robots.txt'))
    await assert.rejects(bundle(), /names robots\.txt, which is not there/)
  } finally {
    await build.close()
    await folder.remove()
  }
  const bad = `import { app, mount } from 'goblet'\nexport default app('shop')\nexport const web = mount('/', (a: any, b: any) => b.end(), { files: ['../x'] })\n`
  assert.match(await complaintOf(bad), /A path is one of the project's/)
})

test('a bundle holds the adapter of its own app and no other, and routes hold none', async () => {
  const app = `
import { app, mount, route } from 'goblet'
export default app('shop')
export const fetched = mount('/fetched', (request: Request) => new Response(request.url))
export const heard = mount('/heard', (request: any, response: any) => response.end(request.url))
export const own = route('GET /own', () => 'own')
`
  const folder = await openFolder({ 'app.ts': app })
  const build = await openBuild({ root: folder.path, entry: 'app.ts', outdir: join(folder.path, '.goblet') })
  try {
    await build.discover()
    const names = ['fetched', 'heard', 'own']
    const asked = names.map((name) => ({ name, trigger: 'http' as const, exports: [name] }))
    const { functions } = await build.bundle(asked)
    const holds = async (name: string): Promise<boolean[]> => {
      const files = functions.get(name)?.files ?? []
      const text = (await Promise.all(files.map(({ file }) => readFile(file, 'utf8')))).join('\n')
      return ['node:http', 'lambdaContext', '_storeHeader'].map((word) => text.includes(word))
    }
    assert.deepEqual(await holds('fetched'), [false, true, false])
    assert.deepEqual(await holds('heard'), [true, false, true])
    assert.deepEqual(await holds('own'), [false, false, false])
  } finally {
    await build.close()
    await folder.remove()
  }
})
