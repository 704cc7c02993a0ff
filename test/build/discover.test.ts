// Reading an app: what it declares, and what is wrong with it, at the exact place.
import assert from 'node:assert/strict'
import { readdir, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { openBuild } from '../../src/build/index.ts'
import { complaintsOf, openProject } from '../support/project.ts'

const HEAD = "import { app, bucket, lambda, queue, route, schedule } from 'goblet'\nexport default app('shop')\n"

const brief = (complaints: Awaited<ReturnType<typeof complaintsOf>>): string[] =>
  complaints.map(({ code, where }) => `${code} ${where?.file}:${where?.line}`)

test('describes the app, its functions and its resources, options made plain', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}
export const failed = queue('failed')
export const jobs = queue('jobs', { deadLetter: { after: 3, queue: failed } })
export const work = jobs.onMessage({ batchSize: 5, memory: 2 * 512 }, async () => {})
export const index = route('GET /', { isolate: true }, () => 'hi')
export * from './more.ts'
`,
    'more.ts': `import { schedule } from 'goblet'
export const odd = schedule('rate(1 hour)', { env: undefined, a: /x/, b: () => 1, c: { '~standard': {} }, d: new Map() } as never, () => {})
`,
  })
  const { entry, app, functions, resources } = await project.build.discover()
  assert.equal(entry, 'app.ts')
  assert.deepEqual(app, { role: 'app', name: 'shop', where: { file: 'app.ts', line: 2, column: 16 }, options: {} })
  assert.deepEqual(
    resources.map(({ export: name, kind, options }) => ({ name, kind, options })),
    [
      { name: 'failed', kind: 'queue', options: {} },
      {
        name: 'jobs',
        kind: 'queue',
        options: { deadLetter: { after: 3, queue: { $: 'reference', kind: 'queue', name: 'failed' } } },
      },
    ],
  )
  const byName = new Map(functions.map((one) => [one.export, one]))
  assert.deepEqual(byName.get('work')?.options, { batchSize: 5, memory: 1024 })
  assert.deepEqual(byName.get('work')?.source, { kind: 'queue', name: 'jobs' })
  assert.equal(byName.get('work')?.subject, 'onMessage')
  assert.equal(byName.get('work')?.where.line, 6)
  assert.equal(byName.get('index')?.subject, 'GET /')
  assert.deepEqual(byName.get('odd')?.where.file, 'more.ts')
  assert.deepEqual(byName.get('odd')?.options, {
    a: { $: 'pattern' },
    b: { $: 'function' },
    c: { $: 'schema' },
    d: { $: 'other' },
  })
  assert.deepEqual(
    project.build.files().map((file) => file.slice(project.root.length + 1)),
    ['app.ts', 'more.ts'],
  )
})

test('two commands at once in one folder each read their own app', async () => {
  const toApp = (name: string) =>
    `import { app } from 'goblet'\nexport default app('${name}')\n// ${'x'.repeat(200_000)}\n`
  await using project = await openProject({ 'app.ts': toApp('one'), 'other.ts': toApp('two') })
  const { root } = project
  const outdir = join(root, '.goblet', 'build')
  const builds = await Promise.all(
    ['app.ts', 'other.ts', 'app.ts', 'other.ts'].map((entry) => openBuild({ root, entry, outdir })),
  )
  try {
    for (let round = 0; round < 3; round++) {
      const found = await Promise.all(builds.map((build) => build.discover()))
      assert.deepEqual(
        found.map(({ app }) => app?.name),
        ['one', 'two', 'one', 'two'],
      )
    }
  } finally {
    await Promise.all(builds.map((build) => build.close()))
  }
  assert.deepEqual(
    (await readdir(outdir)).filter((name) => name.startsWith('app-')),
    [],
  )
})

test('loops, conditions and wrappers of the user just work', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}
import { logged } from './wrap.ts'
export const a = process.env.NEVER_SET ? queue('x') : queue('a')
export const [one, two] = ['one', 'two'].map((name) => queue(name))
export const beat = logged('rate(1 hour)')
function shadow(queue: (name: string) => string) { return queue('not ours') }
export const plain = shadow((name) => name)
`,
    'wrap.ts': `import { schedule } from 'goblet'
export function logged(rate: string) {
  return schedule(rate, () => {})
}
`,
  })
  const { functions, resources } = await project.build.discover()
  assert.deepEqual(
    resources.map(({ export: name }) => name),
    ['a', 'one', 'two'],
  )
  assert.deepEqual(
    functions.map(({ export: name, where }) => [name, where.file, where.line]),
    [['beat', 'app.ts', 7]],
  )
})

test('what is declared but not exported is an error, with the way out', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}
const lost = queue('lost')
bucket('nameless')
export const jobs = queue('jobs', { deadLetter: { after: 2, queue: queue('inline') } })
export { used } from './other.ts'
`,
    'other.ts': `import { queue, route } from 'goblet'
export const used = queue('used')
export const forgotten =
  route('GET /forgotten', () => 1)
const hidden = queue('hidden')
`,
  })
  const complaints = await project.complaints()
  assert.deepEqual(
    complaints.map(({ code, where, mend, message }) => [
      code,
      `${where?.file}:${where?.line}`,
      mend,
      message.split(' is ')[0],
    ]),
    [
      ['GOBLET_NOT_EXPORTED', 'app.ts:4', 'Export it: `export const lost = …`.', 'The queue `lost`'],
      [
        'GOBLET_NOT_EXPORTED',
        'app.ts:5',
        'Give it a name and export it: `export const myName = …`.',
        'The bucket `nameless`',
      ],
      [
        'GOBLET_NOT_EXPORTED',
        'app.ts:6',
        'Give it a name and export it: `export const myName = …`.',
        'The queue `inline`',
      ],
      [
        'GOBLET_NOT_EXPORTED',
        'other.ts:4',
        "Add `export * from './other.ts'` to app.ts.",
        'The route `GET /forgotten`',
      ],
      [
        'GOBLET_NOT_EXPORTED',
        'other.ts:5',
        "Export it, `export const hidden = …`, and add `export * from './other.ts'` to app.ts.",
        'The queue `hidden`',
      ],
    ],
  )
})

test('a factory call in a function that never ran is an error', async () => {
  await using project = await openProject({
    'app.ts': `${HEAD}
export function later() {
  return queue('later')
}
export const index = route('GET /', () => { lambda(() => 1) })
`,
  })
  assert.deepEqual(brief(await project.complaints()), [
    'GOBLET_NEVER_DECLARED app.ts:5',
    'GOBLET_NEVER_DECLARED app.ts:7',
  ])
})

test('no app, no entry, one function under two names', async () => {
  await using none = await openProject({
    'app.ts': "import { queue } from 'goblet'\nexport const jobs = queue('jobs')\n",
  })
  assert.deepEqual(brief(await none.complaints()), ['GOBLET_NO_APP app.ts:1'])

  await using twice = await openProject({
    'app.ts': `${HEAD}export const a = route('GET /', () => 1)\nexport {\n  a as b,\n}\n`,
  })
  const [complaint] = await twice.complaints()
  assert.equal(complaint?.code, 'GOBLET_DUPLICATE_NAME')
  assert.equal(complaint?.where?.line, 5)
  assert.match(complaint?.message ?? '', /app\.ts:3:18/)

  const missing = await complaintsOf(() =>
    openBuild({ root: none.root, entry: 'src/none.ts', outdir: `${none.root}/out` }),
  )
  assert.deepEqual(
    missing.map(({ code }) => code),
    ['GOBLET_NO_ENTRY'],
  )
})

test('code that does not build is named with line, column and source', async () => {
  await using project = await openProject({ 'app.ts': `${HEAD}export const a = \n  route('GET /', () => ;)\n` })
  const [syntax] = await project.complaints()
  assert.equal(syntax?.code, 'GOBLET_BUILD_FAILED')
  assert.deepEqual(syntax?.where, { file: 'app.ts', line: 4, column: 24 })
  assert.match(syntax?.message ?? '', /route\('GET \/', \(\) => ;\)/)

  await project.write({
    'app.ts': `${HEAD}import { x } from './missing.ts'\nimport y from 'not-installed'\nexport { x, y }\n`,
  })
  assert.deepEqual(brief(await project.complaints()), ['GOBLET_BUILD_FAILED app.ts:3', 'GOBLET_BUILD_FAILED app.ts:4'])
})

test('a top level that throws, exits or hangs is told, and does no harm', async () => {
  await using project = await openProject(
    { 'app.ts': `${HEAD}import './side.ts'\n`, 'side.ts': '\n\nthrow new TypeError("boom")\n' },
    1,
  )
  const [thrown] = await project.complaints()
  assert.equal(thrown?.code, 'GOBLET_IMPORT_FAILED')
  assert.deepEqual([thrown?.where?.file, thrown?.where?.line], ['side.ts', 3])
  assert.match(thrown?.message ?? '', /TypeError: boom/)

  for (const [code, text] of [
    ['GOBLET_IMPORT_FAILED side.ts:2', 'export const a = 1\nprocess.exit(3)\n'],
    ['GOBLET_IMPORT_FAILED side.ts:3', '\n\nundefinedName()\n'],
    ['GOBLET_IMPORT_FAILED undefined:undefined', 'throw "just text"\n'],
    ['GOBLET_IMPORT_HANGS undefined:undefined', 'for (;;) {}\n'],
    ['GOBLET_IMPORT_HANGS undefined:undefined', 'await new Promise(() => {})\n'],
    ['GOBLET_IMPORT_HANGS undefined:undefined', 'setInterval(() => {}, 1000)\nawait new Promise(() => {})\n'],
  ] as const) {
    await project.write({ 'side.ts': text })
    assert.deepEqual(brief(await project.complaints()), [code], text)
  }
  await project.write({ 'side.ts': 'setInterval(() => {}, 1000)\nconsole.log("to stderr")\n' })
  assert.equal((await project.build.discover()).app.name, 'shop')
})

test('reads what is real: JSON, tsx, tsconfig paths, CommonJS, import.meta, top-level await, no identity', async () => {
  await using project = await openProject({
    'package.json': '{ "type": "commonjs" }',
    'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] }, "jsx": "react", "jsxFactory": "h" } }',
    'app.ts': `import { readFileSync } from 'node:fs'
import { app, queue } from 'goblet'
import names from './names.json'
import { markup } from '@/view'
import { old } from './old.cjs'
import { fake } from 'fake'
export default app(names.app)
const text = readFileSync(new URL('./names.json', import.meta.url), 'utf8')
const again = readFileSync(__dirname + '/names.json', 'utf8')
const late = await Promise.resolve('late')
export const q = queue([markup, old, fake, late, text === again, process.env.AWS_ACCESS_KEY_ID, typeof process.env.GOBLET_PREFIX].join('-'))
`,
    'names.json': '{ "app": "real" }',
    'lib/view.tsx': 'const h = (name: string) => name\nexport const markup = <b />\n',
    'old.cjs': "const { sep } = require('node:path')\nexports.old = typeof sep\n",
    'node_modules/fake/package.json': '{ "name": "fake", "main": "index.js" }',
    'node_modules/fake/index.js': "exports.fake = require('./inner.js')\n",
    'node_modules/fake/inner.js': "module.exports = 'fake'\n",
  })
  const { app, resources } = await project.build.discover()
  assert.equal(app.name, 'real')
  assert.equal(resources[0]?.name, 'b-string-fake-late-true-goblet-undefined')
})

test('SDK clients cost nothing while the app is read; code that does more with the SDK gets the real one', async () => {
  const sdk = {
    'node_modules/@aws-sdk/client-s3/package.json':
      '{ "name": "@aws-sdk/client-s3", "type": "module", "main": "index.js" }',
    'node_modules/@aws-sdk/client-s3/index.js': `export class S3Client { region() { return 'real-region' } }
export const StorageClass = { GLACIER: 'GLACIER' }
console.error('REAL-SDK-LOADED')
globalThis.real = true
`,
  }
  const imports = `${HEAD}import * as all from '@aws-sdk/client-s3'\nimport { S3Client, StorageClass } from '@aws-sdk/client-s3'\n`
  const named = async (text: string): Promise<string | undefined> => {
    await using project = await openProject({ ...sdk, 'app.ts': imports + text })
    const { resources } = await project.build.discover()
    return resources[0]?.name
  }
  const clients = 'export const s3 = new S3Client()\nexport const also = new all.S3Client()\n'
  const plain = `${clients}export const jobs = queue(globalThis.real ? 'real' : 'stood-in')\nexport const f = lambda(() => s3.region() + StorageClass.GLACIER)`
  assert.equal(await named(plain), 'stood-in')
  assert.equal(await named(`${clients}export const jobs = queue(s3.region())`), 'real-region')
  assert.equal(await named('export const jobs = queue(StorageClass.GLACIER)'), 'GLACIER')
  assert.equal(
    await named("let name = 'x'\ntry { name = StorageClass.GLACIER } catch {}\nexport const jobs = queue(name)"),
    'GLACIER',
  )
  assert.equal(
    await named('class Own extends S3Client {}\nexport const jobs = queue(new Own().region())'),
    'real-region',
  )
  assert.equal(
    await named(
      "const late = await import('@aws-sdk/client-s3')\nexport const jobs = queue(new late.S3Client().region())",
    ),
    'real-region',
  )
})

test('a project that is reached through a link is described by its own paths', async () => {
  await using project = await openProject({ 'app.ts': `${HEAD}export const jobs = queue('jobs')\n` })
  const link = `${project.root}-link`
  await symlink(project.root, link)
  try {
    const build = await openBuild({ root: link, entry: 'app.ts', outdir: `${link}/out` })
    const { entry, resources } = await build.discover()
    await build.close()
    assert.deepEqual([entry, resources[0]?.where], ['app.ts', { file: 'app.ts', line: 3, column: 21 }])
  } finally {
    await rm(link)
  }
})
