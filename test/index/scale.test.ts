// What a thousand routes cost the compiler: the types of the form must not make an editor slow.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'goblet-typing-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const ROUTES = 1000
// Seconds of checking; it takes half a second on a machine with two cores.
const LIMIT = 2

function figures(lines: readonly string[]): Readonly<Record<string, number>> {
  writeFileSync(join(folder, 'app.ts'), lines.join('\n'))
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { typeRoots: [join(root, 'node_modules', '@types')] },
      include: [join(folder, 'app.ts'), join(root, 'src/runtime/features.d.ts')],
    }),
  )
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const output = execFileSync(process.execPath, [compiler, '-p', folder, '--extendedDiagnostics'], { encoding: 'utf8' })
  const rows = [...output.matchAll(/^([A-Z][A-Za-z ]+):\s+([\d.]+)/gm)]
  return Object.fromEntries(rows.map(([, name = '', value]) => [name, Number(value)]))
}

test(`checking ${ROUTES} exported routes takes at most ${LIMIT} seconds`, (context) => {
  const head = "import { route } from 'goblet'"
  const routes = Array.from(
    { length: ROUTES },
    (_, index) =>
      `export const r${index} = route('GET /r${index}/{a}/{b}/{rest+}', async ({ params, query }) => ({ a: params.a, b: params.b, rest: params.rest, n: ${index}, q: query.q }))`,
  )
  const one = figures([head, ...routes.slice(0, 1)])
  let best = figures([head, ...routes])
  // Other work on the machine may slow one run.
  for (let time = 0; time < 2 && !(Number(best['Check time']) <= LIMIT); time++) best = figures([head, ...routes])
  const checked = Number(best['Check time'])
  const types = (Number(best.Types) - Number(one.Types)) / (ROUTES - 1)
  context.diagnostic(`${checked} s of checking, ${Math.round(types)} types a route, ${best['Total time']} s in all`)
  assert.ok(checked <= LIMIT, `checking takes ${checked} s`)
  // Does not depend on the machine: growth by the square would show here.
  assert.ok(types < 200, `${types} types a route`)
})
