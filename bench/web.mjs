// Web apps hosted by Goblet's mount beside the adapters that they are hosted by elsewhere: CPU time of one request, and cold start.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { figure, heading, interleaved, median, print } from './measure.mjs'

// Of each app Goblet first: the ratios are to it.
const APPS = {
  plain: ['plain-goblet', 'plain-serverless-http', 'plain-codegenie'],
  express: ['express-goblet', 'express-serverless-http', 'express-codegenie'],
  koa: ['koa-goblet', 'koa-serverless-http'],
  fastify: ['fastify-goblet', 'fastify-aws-lambda', 'fastify-serverless-http'],
  hono: ['hono-goblet', 'hono-aws-lambda'],
}
const SCENARIOS = ['static', 'json']

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    starts: { type: 'string', default: '11' },
    node: { type: 'string', default: process.execPath },
  },
})
const apps = Object.entries(APPS).filter(([app]) => positionals.length === 0 || positionals.includes(app))
const entries = apps.flatMap(([, names]) => names.map((name) => ({ name })))
const here = fileURLToPath(new URL('.', import.meta.url))
const env = { ...process.env, NODE_ENV: 'production', AWS_LAMBDA_FUNCTION_NAME: 'bench', AWS_REGION: 'us-east-1' }

function invoke({ name }) {
  const space = ['--expose-gc', '--min-semi-space-size=128', '--max-semi-space-size=128']
  const worker = join(here, 'invoke-worker.mjs')
  const output = execFileSync(flags.node, [...space, worker, `web/${name}`, 'catch-all', ...SCENARIOS], {
    encoding: 'utf8',
    env,
  })
  return JSON.parse(output.trim().split('\n').at(-1))
}

async function bundle(name, folder) {
  const outfile = join(folder, `${name}.mjs`)
  const contents = `import { build } from './entries/web/${name}.mjs'; export const handler = await build(0)`
  await build({
    stdin: { contents, resolveDir: here },
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    mainFields: ['module', 'main'],
    logLevel: 'error',
    define: { NO_REST: 'true' },
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  })
  return { name, entry: outfile, bytes: statSync(outfile).size }
}

function start({ name, entry }) {
  const began = performance.now()
  const run = spawnSync(flags.node, [join(here, 'cold-run.mjs'), pathToFileURL(entry).href], { encoding: 'utf8', env })
  if (run.status !== 0) throw new Error(`${name} does not start:\n${run.stderr}`)
  return { wall: performance.now() - began, ...JSON.parse(run.stdout.trim().split('\n').at(-1)) }
}

const found = new Map(entries.map(({ name }) => [name, []]))
for (const { entry } of interleaved(entries, Number(flags.rounds))) found.get(entry.name).push(invoke(entry))
heading('One request of a hosted web app, HTTP API events, CPU time', flags.node)
for (const [app, names] of apps) {
  // The least of the rounds: whatever else runs on the machine only adds.
  const of = (name, scenario) => Math.min(...found.get(name).map((round) => round[scenario].nanoseconds))
  const rows = names.map((name) => {
    const columns = SCENARIOS.flatMap((scenario) => [
      [`${scenario}, µs`, figure(of(name, scenario) / 1000)],
      [`${scenario}, ratio`, figure(of(name, scenario) / of(names[0], scenario))],
    ])
    const heap = median(found.get(name).flatMap((round) => round.static.bytes ?? []))
    return { entry: name, ...Object.fromEntries(columns), 'heap bytes, static': figure(heap) }
  })
  print(app, rows)
}

const folder = mkdtempSync(join(tmpdir(), 'goblet-web-'))
try {
  const bundles = await Promise.all(entries.map(({ name }) => bundle(name, folder)))
  for (const one of bundles) start(one)
  const starts = new Map(bundles.map(({ name }) => [name, []]))
  for (const { entry } of interleaved(bundles, Number(flags.starts))) starts.get(entry.name).push(start(entry))
  heading('Cold start of a hosted web app: a new process, the bundle imported, one request', flags.node)
  const rows = bundles.map(({ name, bytes }) => {
    const first = APPS[name.slice(0, name.indexOf('-'))][0]
    const over = (key) => figure(median(starts.get(name).map((one, round) => one[key] - starts.get(first)[round][key])))
    return {
      entry: name,
      'bundle bytes': bytes,
      'wall ms': figure(median(starts.get(name).map(({ wall }) => wall))),
      'over goblet, ms': over('wall'),
      'CPU over goblet, ms': over('cpu'),
    }
  })
  print(`${flags.starts} starts`, rows)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
