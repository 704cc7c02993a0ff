// Fifty functions in one file that share two big packages: what they hold, and (printed) how long it takes.
import assert from 'node:assert/strict'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { openProject } from '../support/project.ts'

const packageOf = (name: string): Record<string, string> => {
  const filler = (index: number): string =>
    `export function ${name}${index}(x) { return ${JSON.stringify(name.repeat(200))} + x * ${index} }`
  const all = Array.from({ length: 1000 }, (_, index) => `${name}${index}(${index})`)
  return {
    [`node_modules/${name}/package.json`]: JSON.stringify({
      name,
      type: 'module',
      main: 'index.js',
      sideEffects: false,
    }),
    [`node_modules/${name}/index.js`]: `${all.map((_, index) => filler(index)).join('\n')}\nexport const all = () => [${all}].join('').length\n`,
  }
}

function appOf(answer: number): string {
  const bodies = [`({ plain: ${answer} })`, 'one()', 'two()', 'one() + two()', '1']
  const functions = Array.from(
    { length: 50 },
    (_, i) => `export const f${i} = schedule('rate(${i + 2} hours)', () => ${bodies[i % 5]})`,
  )
  return `import { app, schedule } from 'goblet'
import { all as one } from 'first'
import { all as two } from 'second'
export default app('fifty')
${functions.join('\n')}
`
}

test('fifty functions share packages on disk and reach only their own', async (context) => {
  await using project = await openProject({ 'app.ts': appOf(1), ...packageOf('first'), ...packageOf('second') })
  let start = performance.now()
  const took = (what: string): void => {
    context.diagnostic(`${what}: ${(performance.now() - start).toFixed(0)} ms`)
    start = performance.now()
  }
  const { functions } = await project.build.discover()
  took('discover')
  const requests = functions.map(({ export: name, trigger }) => ({ name, trigger, exports: [name] }))
  const cold = await project.build.bundle(requests)
  took('bundle, cold')
  await project.write({ 'app.ts': appOf(2) })
  start = performance.now()
  const warm = await project.build.bundle(requests)
  took('bundle, after an edit')

  const bytes = (name: string): number => warm.functions.get(name)?.bytes ?? 0
  assert.ok(bytes('f0') < 5_000 && bytes('f4') < 5_000)
  assert.ok(bytes('f1') > 500_000 && bytes('f1') < 1_500_000)
  assert.ok(bytes('f3') > bytes('f1') + 500_000)
  assert.equal(warm.functions.get('f1')?.hash, cold.functions.get('f1')?.hash)
  assert.notEqual(warm.functions.get('f0')?.hash, cold.functions.get('f0')?.hash)

  const folder = join(project.root, '.goblet', 'build')
  const names = (await readdir(folder, { recursive: true })).filter(
    (name) => name.endsWith('.mjs') && !name.startsWith('app-'),
  )
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  context.diagnostic(`on disk: ${total} bytes; reached: f0 ${bytes('f0')}, f1 ${bytes('f1')}, f3 ${bytes('f3')}`)
  assert.ok(total < 3_500_000, `${total} bytes`)
})
