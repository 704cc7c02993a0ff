// Runs the tests: all of test/**, or the files given as arguments; --judges takes those that need foreign tools instead.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { run } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { translateAll } from './typescript-hooks.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const JUDGES = join('test', 'judges') + sep
// One more than a small machine has cores: many tests wait for time to pass.
const PROCESSES = 3

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    judges: { type: 'boolean', default: false },
    'require-judges': { type: 'boolean', default: process.env.CI === 'true' },
  },
})

// One file may take this long before it counts as hanging (an open socket keeps a process alive). Judges install packages, and
// wait for whatever the network does.
const LIMIT = flags.judges ? 600_000 : 180_000

function find() {
  if (positionals.length > 0) return positionals.map((path) => resolve(path))
  const names = readdirSync(join(root, 'test'), { recursive: true }).map((name) => join('test', name))
  const tests = names.filter((name) => name.endsWith('.test.ts') && name.startsWith(JUDGES) === flags.judges)
  return tests.sort().map((name) => join(root, name))
}

const place = (path) => relative(root, path)
const counts = { passed: 0, failed: 0 }
const skipped = new Map()
const perFile = new Map()
// Names of the tests around the current one, by depth.
const path = []

function tally(file) {
  const found = perFile.get(file) ?? { passed: 0, failed: 0, milliseconds: 0, noise: [] }
  perFile.set(file, found)
  return found
}

function fail(name, file, detail) {
  counts.failed++
  tally(file).failed++
  console.log(`\n✗ ${name}  (${place(file)})\n${detail.replace(/^/gm, '    ')}`)
}

function explain(error) {
  const cause = error?.cause ?? error
  return typeof cause === 'object' && cause !== null ? (cause.stack ?? cause.message ?? String(cause)) : String(cause)
}

function skip(file, name, reason) {
  const why = typeof reason === 'string' && reason !== '' ? reason : 'no reason given'
  if (flags['require-judges'] && place(file).startsWith(JUDGES))
    fail(name, file, `was skipped, and judges are required: ${why}`)
  else skipped.set(why, (skipped.get(why) ?? 0) + 1)
}

// Node reports a file that has no test, or that fails outside of any, as a test of the file's own name.
const isFile = ({ name, nesting }) => nesting === 0 && name.endsWith('.test.ts')

function ended(event, passed) {
  const file = event.file ?? resolve(event.name)
  if (isFile(event)) {
    // A failure inside has been told already.
    if (passed) fail(place(file), file, 'has no tests')
    else if (tally(file).failed === 0)
      fail(place(file), file, `${explain(event.details.error)}\n${tally(file).noise.join('')}`)
    return
  }
  path.length = event.nesting
  const name = [...path, event.name].join(' › ')
  if (event.nesting === 0) tally(file).milliseconds += event.details.duration_ms
  if (event.skip !== undefined || event.todo !== undefined) return skip(file, name, event.skip ?? event.todo)
  // A suite has failed because of what is in it, unless a hook of its own broke.
  const told = event.details.error?.failureType === 'subtestsFailed'
  if (!passed && !told) return fail(name, file, explain(event.details.error))
  if (event.details.type === 'suite' || told) return
  counts.passed++
  tally(file).passed++
  if (positionals.length > 0) console.log(`✓ ${name}  ${Math.round(event.details.duration_ms)} ms`)
}

function summary() {
  console.log('')
  for (const [file, { passed, failed, milliseconds }] of perFile) {
    const line = `${failed === 0 ? '✓' : '✗'} ${place(file)}  ${passed} passed${failed === 0 ? '' : `, ${failed} failed`}`
    console.log(`${line}  ${Math.round(milliseconds)} ms`)
  }
  for (const [why, count] of skipped) console.log(`- ${count} skipped: ${why}`)
  console.log(`${counts.passed} passed, ${counts.failed} failed`)
  if (counts.failed > 0 || counts.passed === 0) process.exitCode = 1
}

const files = find()
const missing = files.filter((file) => !existsSync(file))
for (const file of missing) fail(place(file), file, 'There is no such file.')

const all = ['src', 'test', 'scripts', 'examples', 'templates'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(
      (one) =>
        one.isFile() &&
        /\.ts$/.test(one.name) &&
        !/[\\/](node_modules|\.goblet|broken|corpus)([\\/]|$)/.test(one.parentPath),
    )
    .map((one) => join(one.parentPath, one.name)),
)
const translated = mkdtempSync(join(tmpdir(), 'goblet-tests-'))
process.once('exit', () => rmSync(translated, { recursive: true, force: true }))
await translateAll(all, translated)
process.env.GOBLET_TEST_TRANSLATED = translated

// Every test file gets a process of its own, which takes the loader from here. Not by NODE_OPTIONS: programs that a test
// starts would take it too.
process.execArgv.push('--import', new URL('typescript.mjs', import.meta.url).href)

if (files.length > missing.length) {
  const stream = run({ files: files.filter((file) => !missing.includes(file)), concurrency: PROCESSES, timeout: LIMIT })
  stream.on('test:start', ({ name, nesting }) => {
    path.length = nesting
    path[nesting] = name
  })
  stream.on('test:pass', (event) => ended(event, true))
  stream.on('test:fail', (event) => ended(event, false))
  const hear = ({ file, message }) => {
    tally(file).noise.push(message)
    if (positionals.length > 0) process.stderr.write(message)
  }
  stream.on('test:stdout', hear)
  stream.on('test:stderr', hear)
  for await (const _ of stream);
}
summary()
