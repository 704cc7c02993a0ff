// Cold start of a whole process over a bare handler, and the bytes of the bundle.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { figure, heading, interleaved, median, print } from './measure.mjs'

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '21' }, node: { type: 'string', default: process.execPath } },
})
const here = fileURLToPath(new URL('.', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'goblet-cold-'))

// Every entry gets the bundle that a careful user of it would ship: minified, ES modules before CommonJS.
async function bundle(name) {
  const outfile = join(folder, `${name}.mjs`)
  const contents = `import { build } from './entries/${name}.mjs'; export const handler = build(0)`
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
  })
  return { name, entry: outfile, bytes: statSync(outfile).size }
}

function bundleGoblet(name, which) {
  const script = join(here, 'bundle-goblet.mjs')
  const run = spawnSync(process.execPath, ['--import', 'tsx', script, join(folder, which), which], {
    encoding: 'utf8',
    cwd: here,
  })
  if (run.status === 0) return [{ name, ...JSON.parse(run.stdout.trim().split('\n').at(-1)) }]
  console.error(`Left out: ${name}, bundled by Goblet's own build, which failed:\n${run.stderr}`)
  return []
}

function start({ name, entry }) {
  const began = performance.now()
  const run = spawnSync(flags.node, [join(here, 'cold-run.mjs'), pathToFileURL(entry).href], {
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production', AWS_LAMBDA_FUNCTION_NAME: 'bench', AWS_REGION: 'us-east-1' },
  })
  const wall = performance.now() - began
  if (run.status !== 0) throw new Error(`${name} does not start:\n${run.stderr}`)
  return { wall, ...JSON.parse(run.stdout.trim().split('\n').at(-1)) }
}

try {
  const entries = [
    await bundle('bare'),
    ...bundleGoblet('goblet, hello alone', 'hello'),
    ...bundleGoblet('goblet', 'both'),
    { ...(await bundle('goblet')), name: 'goblet, plain esbuild' },
    await bundle('middy'),
    await bundle('hono'),
  ]
  for (const entry of entries) start(entry)
  const found = new Map(entries.map(({ name }) => [name, []]))
  for (const { entry } of interleaved(entries, Number(flags.rounds))) found.get(entry.name).push(start(entry))

  heading('Cold start: a new process, the bundle imported, one request', flags.node)
  const bare = found.get('bare')
  const rows = entries.map(({ name, bytes }) => {
    const starts = found.get(name)
    // The difference within a round, because a round's two starts share the machine's mood.
    const over = (key) => figure(median(starts.map((one, round) => one[key] - bare[round][key])))
    const of = (key) => figure(median(starts.map((one) => one[key])))
    return {
      entry: name,
      'bundle bytes': bytes,
      'wall ms': of('wall'),
      'over bare, ms': over('wall'),
      'CPU over bare, ms': over('cpu'),
      'import ms': of('load'),
      'first request ms': of('first'),
    }
  })
  print(`${flags.rounds} rounds`, rows)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
