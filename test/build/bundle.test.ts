// Bundles: each holds what its function reaches and no more, and runs.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile, symlink } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { FunctionBundle } from '../../src/build/index.ts'
import { zip } from '../../src/build/index.ts'
import { complaintsOf, openProject } from '../support/project.ts'

const HEAD = "import { app, bucket, lambda, queue, route, schedule } from 'goblet'\nexport default app('shop')\n"
const MEGABYTE = 1024 * 1024
// Our own code in a function with one plain route. The bar is 10 kB: see the test that is still to do.
const SMALL = 10_000
// An app with packages: what they do with a request is not read, so the whole runtime is there.
const WHOLE = 28_000

const big = (name: string): string =>
  `export const ${name} = () => Array.from('${name}${'x'.repeat(MEGABYTE)}').length\n`

// A package whose constructor must not run unless it is used.
const CLIENT = {
  'node_modules/@aws-sdk/client-s3/package.json':
    '{ "name": "@aws-sdk/client-s3", "type": "module", "main": "index.js", "sideEffects": false }',
  'node_modules/@aws-sdk/client-s3/index.js':
    "export class S3Client { constructor(options) { this.options = options; this.mark = 'S3-CLIENT-CODE' } send() { return this.mark } }\n",
}

function of(bundled: { functions: ReadonlyMap<string, FunctionBundle> }, name: string): FunctionBundle {
  const found = bundled.functions.get(name)
  assert.ok(found, `no bundle ${name}`)
  return found
}

async function textOf(bundle: FunctionBundle): Promise<string> {
  const texts = await Promise.all(bundle.files.map(({ file }) => readFile(file, 'utf8')))
  return texts.join('\n')
}

const event = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(`../cases/events/${name}.json`, import.meta.url), 'utf8'))

/** Calls the bundle's handler in a worker thread, as the local cloud does. */
async function invoke({ entry }: FunctionBundle, payload: unknown, env: Record<string, string> = {}): Promise<unknown> {
  const script = `
    const { parentPort, workerData } = require('node:worker_threads')
    import(workerData.url).then(({ handler }) => handler(workerData.payload, {}))
      .then((result) => parentPort.postMessage({ result }), (error) => parentPort.postMessage({ error: error.stack }))`
  const worker = new Worker(script, {
    eval: true,
    env,
    execArgv: ['--enable-source-maps'],
    workerData: { url: pathToFileURL(entry).href, payload },
  })
  try {
    const { result, error } = await new Promise<{ result?: unknown; error?: string }>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    if (error !== undefined) throw new Error(error)
    return result
  } finally {
    await worker.terminate()
  }
}

test('hello: small, runs, and is the same zip every time', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}export const index = route('GET /', () => ({ hello: 'world' }))\n`,
  })
  const bundle = of(await project.bundleAll(), 'index')
  assert.ok(bundle.bytes <= SMALL, `${bundle.bytes} bytes`)
  assert.deepEqual(await invoke(bundle, await event('apigw-http-v2-noauth')), {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"hello":"world"}',
    isBase64Encoded: false,
  })
  const [first, second] = [await zip(bundle), await zip(bundle)]
  assert.deepEqual(first.bytes, second.bytes)
  assert.equal(first.hash, second.hash)
})

test('a function holds nothing that only others use', async () => {
  await using project = await openProject({
    ...CLIENT,
    'app.ts': `${HEAD}
import { S3Client } from '@aws-sdk/client-s3'
import effects from 'careless'
import { huge } from './huge.ts'
import { both } from './library.ts'
const s3 = new S3Client({ region: process.env.SOME_REGION })
export const jobs = queue(process.env.QUEUE ?? 'jobs')
export const tiny = route('GET /', () => 'tiny')
export const alone = route('GET /alone', () => huge())
export const left = jobs.onMessage({ batchSize: Number('1') }, () => both())
export const right = schedule(\`rate(\${1 + 1} hours)\`, () => both())
export const stores = schedule('rate(1 hour)', () => s3.send() + effects)
`,
    'huge.ts': big('huge'),
    'library.ts':
      "import { shared } from './shared.ts'\nclass Unused {}\nexport const both = () => shared()\nexport const none = () => Unused\n",
    'shared.ts': big('shared'),
    'node_modules/careless/package.json': '{ "name": "careless", "main": "index.js" }',
    'node_modules/careless/index.js': "globalThis.careless = 'CARELESS-CODE'\nmodule.exports = 7\n",
  })
  const bundled = await project.bundleAll()
  const holds = async (name: string): Promise<string[]> => {
    const text = await textOf(of(bundled, name))
    return ['hugexx', 'sharedxx', 'S3-CLIENT-CODE', 'CARELESS-CODE', 'Unused'].filter((mark) => text.includes(mark))
  }
  assert.deepEqual(await holds('tiny'), [])
  assert.deepEqual(await holds('alone'), ['hugexx'])
  assert.deepEqual(await holds('left'), ['sharedxx'])
  assert.deepEqual(await holds('right'), ['sharedxx'])
  assert.deepEqual(await holds('stores'), ['S3-CLIENT-CODE', 'CARELESS-CODE'])
  assert.ok(of(bundled, 'tiny').bytes < WHOLE)
  assert.equal(await invoke(of(bundled, 'stores'), await event('eventbridge-scheduled')), 'S3-CLIENT-CODE7')
})

test('the real SDK is in the one function that uses it', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
const s3 = new S3Client({ region: process.env.AWS_REGION })
export const tiny = route('GET /', () => 'tiny')
export const lists = lambda(async () => (await s3.send(new ListBucketsCommand({}))).Buckets)
`,
  })
  await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(project.root, 'node_modules'))
  const bundled = await project.bundleAll()
  assert.ok(of(bundled, 'tiny').bytes < WHOLE)
  assert.ok(of(bundled, 'lists').bytes > 100 * 1024)
  assert.ok(!of(bundled, 'tiny').files.some(({ path }) => path.startsWith('chunks/')))

  const server = createServer((_, response) => {
    response.end(
      '<ListAllMyBucketsResult><Buckets><Bucket><Name>photos</Name></Bucket></Buckets></ListAllMyBucketsResult>',
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_REGION: 'us-east-1' }
  try {
    const buckets = await invoke(of(bundled, 'lists'), null, { ...keys, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` })
    assert.deepEqual(buckets, [{ Name: 'photos' }])
  } finally {
    server.closeAllConnections()
    server.close()
  }
})

test('each trigger runs: a queue reports what failed, a lambda knows its name, a schedule its event', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}
import { ConditionError, InvocationError, TransactionError } from 'goblet'
export const jobs = queue('jobs')
export const work = jobs.onMessage(async (message) => { console.log(message) })
export const resize = lambda({ memory: 256 }, (n: number) => [n * 2, resize.name, other.name])
export const other = lambda(async () => 1)
export const nightly = schedule('rate(1 day)', (event) => event.source)
class Missing extends Error {}
export const named = lambda(() => { const error = new Missing('x'); return error.constructor.name })
export const given = lambda(() => [ConditionError, InvocationError, TransactionError].map(({ name }) => name))
`,
  })
  const bundled = await project.bundleAll()
  const failed = await invoke(of(bundled, 'work'), await event('sqs'))
  assert.deepEqual(failed, { batchItemFailures: [{ itemIdentifier: '059f36b4-87a3-44ab-83d2-661975830a7d' }] })
  assert.deepEqual(await invoke(of(bundled, 'resize'), 21, { GOBLET_PREFIX: 'shop-dev-' }), [
    42,
    'shop-dev-resize',
    'shop-dev-other',
  ])
  assert.equal(await invoke(of(bundled, 'nightly'), await event('eventbridge-scheduled')), 'aws.events')
  assert.equal(await invoke(of(bundled, 'named'), null), 'Missing')
  const given = ['ConditionError', 'InvocationError', 'TransactionError']
  assert.deepEqual(await invoke(of(bundled, 'given'), null), given)
})

test('an unchanged function keeps its files and its hash; a changed one gets new ones beside the old', async () => {
  const text = (answer: string): string => `${HEAD}
export const changes = lambda(() => { return '${answer}' })
export const stays = lambda(() => 'same')
`
  await using project = await openProject({ 'app.ts': text('one') })
  const before = await project.bundleAll()
  await project.write({ 'app.ts': `\n\n${text('two')}` })
  const after = await project.bundleAll()
  assert.deepEqual(of(after, 'stays'), of(before, 'stays'))
  assert.notEqual(of(after, 'changes').hash, of(before, 'changes').hash)
  assert.equal(await invoke(of(before, 'changes'), null), 'one')
  assert.equal(await invoke(of(after, 'changes'), null), 'two')
})

test('what is imported late loads late, and shares its modules with the rest', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}
import { state } from './state.ts'
export const lazy = lambda(async (load) => {
  state.count++
  return load ? (await import('./late.ts')).count() : globalThis.loaded ?? 'not loaded'
})
export const other = lambda(() => 1)
`,
    'state.ts': 'export const state = { count: 0 }\n',
    'late.ts':
      "import { noisy } from 'noisy'\nimport { state } from './state.ts'\nexport const count = () => [noisy, state.count]\n",
    'node_modules/noisy/package.json': '{ "name": "noisy", "type": "module", "main": "index.js" }',
    'node_modules/noisy/index.js': "globalThis.loaded = true\nexport const noisy = 'NOISY'\n",
  })
  const bundled = await project.bundleAll()
  assert.equal(await invoke(of(bundled, 'lazy'), false), 'not loaded')
  assert.deepEqual(await invoke(of(bundled, 'lazy'), true), ['NOISY', 1])
  assert.ok(!(await textOf(of(bundled, 'other'))).includes('NOISY'))
  assert.ok((await textOf(of(bundled, 'lazy'))).includes('NOISY'))
})

test('CommonJS packages that require Node’s own modules run', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}
import old from 'old'
import 'patch'
export const uses = lambda(() => [old(), globalThis.patched])
export const not = lambda(() => globalThis.patched)
`,
    'node_modules/old/package.json': '{ "name": "old", "main": "index.js" }',
    'node_modules/old/index.js':
      "const path = require('path')\nmodule.exports = () => [path.basename('/a/b'), typeof __dirname, typeof __filename]\n",
    'node_modules/patch/package.json': '{ "name": "patch", "main": "index.js" }',
    'node_modules/patch/index.js': 'globalThis.patched = true\n',
  })
  const bundled = await project.bundleAll()
  assert.deepEqual(await invoke(of(bundled, 'uses'), null), [['b', 'string', 'string'], true])
  assert.equal(await invoke(of(bundled, 'not'), null), true)

  await using plain = await openProject({ 'app.ts': `${HEAD}export const free = lambda(() => 1)\n` })
  assert.ok(!(await textOf(of(await plain.bundleAll(), 'free'))).includes('createRequire'))
})

test('native packages stay outside and are named, also when another package needs them', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}
import { crunch } from 'wrapper'
import compiled from 'compiled'
export const direct = lambda(() => compiled)
export const indirect = lambda(() => crunch())
export const free = lambda(() => 1)
`,
    'node_modules/compiled/package.json':
      '{ "name": "compiled", "main": "index.js", "optionalDependencies": { "@compiled/linux-x64": "1.0.0" } }',
    'node_modules/compiled/index.js': "module.exports = 'compiled'\n",
    'node_modules/@vendor/gyp/package.json': '{ "name": "@vendor/gyp", "type": "module", "main": "index.js" }',
    'node_modules/@vendor/gyp/index.js': "export const crunch = () => 'crunched'\n",
    'node_modules/@vendor/gyp/binding.gyp': '{}',
    'node_modules/wrapper/package.json': '{ "name": "wrapper", "type": "module", "main": "index.js" }',
    'node_modules/wrapper/index.js': "export { crunch } from '@vendor/gyp'\n",
  })
  const bundled = await project.bundleAll()
  assert.deepEqual(of(bundled, 'direct').native, ['compiled'])
  assert.deepEqual(of(bundled, 'indirect').native, ['@vendor/gyp'])
  assert.deepEqual(of(bundled, 'free').native, [])
  assert.equal(await invoke(of(bundled, 'direct'), null), 'compiled')
  assert.equal(await invoke(of(bundled, 'indirect'), null), 'crunched')
})

test('an error in a handler is traced to the line of the source', async () => {
  await using project = await openProject({
    'lib/deep.ts': '\nexport function deep(): never {\n  throw new Error("here")\n}\n',
    'app.ts': `${HEAD}import { deep } from './lib/deep.ts'\nexport const fails = lambda(() => deep())\n`,
  })
  const bundle = of(await project.bundleAll(), 'fails')
  assert.ok(existsSync(`${bundle.entry}.map`))
  await assert.rejects(invoke(bundle, null), /lib\/deep\.ts:3:/)
})

test('a bundle made before the next discovery is still named right when lines have moved', async () => {
  await using project = await openProject({ 'app.ts': `${HEAD}export const a = lambda(() => a.name)\n` })
  await project.build.discover()
  await project.write({ 'app.ts': `\n\n\n${HEAD}\nconst x = 1\nexport const a = lambda(() => a.name + x)\n` })
  const bundled = await project.build.bundle([{ name: 'a', trigger: 'lambda', exports: ['a'] }])
  assert.equal(await invoke(of(bundled, 'a'), null, { GOBLET_PREFIX: 'p-' }), 'p-a1')
})

test('warns where a file beside the source would be missing; a package that does not bundle is named', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}
export const page = lambda(() => new URL('./page.html', import.meta.url).href)
export const fine = lambda(() => import.meta.url)
`,
  })
  const { warnings } = await project.bundleAll()
  assert.deepEqual(
    warnings.map(({ where }) => where),
    [{ file: 'app.ts', line: 4, column: 57 }],
  )

  await project.write({
    'app.ts': `${HEAD}import { odd } from 'odd'\nexport const uses = lambda(() => odd())\n`,
    'node_modules/odd/package.json': '{ "name": "odd", "main": "index.js" }',
    'node_modules/odd/index.js': "exports.odd = () => require('./picture.png')\n",
    'node_modules/odd/picture.png': '',
  })
  const [complaint] = await complaintsOf(() => project.bundleAll())
  assert.equal(complaint?.code, 'GOBLET_BUILD_FAILED')
  assert.deepEqual(complaint?.where, { file: 'node_modules/odd/index.js', line: 1, column: 29 })
})

test('a project that is a CommonJS package bundles too, with tsconfig paths, JSON, tsx and required files', async () => {
  await using project = await openProject({
    'package.json': '{ "type": "commonjs" }',
    'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] }, "jsx": "react", "jsxFactory": "h" } }',
    'app.ts': `${HEAD}
import { markup } from '@/view'
import names from './names.json'
import { old } from './old.cjs'
const late = await Promise.resolve('late')
export const all = lambda(() => [markup, names.name, old(), late])
`,
    'names.json': '{ "name": "json" }',
    'lib/view.tsx': 'const h = (name: string) => name\nexport const markup = <b />\n',
    'old.cjs':
      "const { basename } = require('path')\nconst { fake } = require('fake')\nexports.old = () => basename('/a/old') + fake\n",
    'node_modules/fake/package.json': '{ "name": "fake", "main": "index.js" }',
    'node_modules/fake/index.js': "exports.fake = require('./inner.js')\n",
    'node_modules/fake/inner.js': "module.exports = 'fake'\n",
  })
  const bundled = await project.bundleAll()
  assert.deepEqual(await invoke(of(bundled, 'all'), null), ['b', 'json', 'oldfake', 'late'])
})
