// CPU time and heap of one invocation in a warm function: Goblet beside a bare handler, middy and Hono.
import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { SCENARIOS } from './events.mjs'
import { figure, heading, interleaved, median, print } from './measure.mjs'

const ENTRIES = [
  { name: 'bare', file: 'bare', matching: 'matched' },
  { name: 'goblet', file: 'goblet', matching: 'matched' },
  // Through a `$default` route API Gateway has matched nothing: Goblet's own router decides, as that of the others always does.
  { name: 'goblet, catch-all', file: 'goblet', matching: 'catch-all' },
  // CORS, middleware, an authorizer's caller, schemas on the JSON route, compression and `onError`, all at once.
  { name: 'goblet, all features', file: 'goblet-full', matching: 'matched' },
  { name: 'middy', file: 'middy', matching: 'matched' },
  { name: 'hono', file: 'hono', matching: 'matched' },
]

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '3' }, node: { type: 'string', default: process.execPath } },
})
const entries = positionals.length === 0 ? ENTRIES : ENTRIES.filter(({ file }) => positionals.includes(file))
const worker = fileURLToPath(new URL('invoke-worker.mjs', import.meta.url))
// A young generation that holds all the garbage of one sample.
const space = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128']

const found = new Map(entries.map(({ name }) => [name, []]))
for (const { entry } of interleaved(entries, Number(flags.rounds))) {
  const output = execFileSync(flags.node, [...space, worker, entry.file, entry.matching], {
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', AWS_LAMBDA_FUNCTION_NAME: 'bench' },
  })
  found.get(entry.name).push(JSON.parse(output.trim().split('\n').at(-1)))
}

heading('One invocation in a warm function, HTTP API events', flags.node)
for (const scenario of Object.keys(SCENARIOS)) {
  const rows = entries.map(({ name }) => {
    const results = found.get(name).map((round) => round[scenario])
    const bytes = results.map((result) => result.bytes).filter((value) => value !== undefined)
    return { name, nanoseconds: median(results.map((result) => result.nanoseconds)), bytes: median(bytes) }
  })
  const limit = rows[0].nanoseconds
  print(
    scenario,
    rows.map(({ name, nanoseconds, bytes }) => ({
      entry: name,
      'µs CPU': figure(nanoseconds / 1000),
      ratio: figure(nanoseconds / limit),
      'heap bytes': figure(bytes),
    })),
  )
}
