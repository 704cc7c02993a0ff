// Marking a source changes what a bundler may drop, never what the source means.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { transform } from 'esbuild'
import { mark } from '../../src/build/mark.ts'
import { readSource } from '../../src/build/syntax.ts'

// mulberry32: a failing case is found again by its seed.
function random(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

type Dice = (below: number) => number
const pick = <T>(dice: Dice, options: readonly (() => T)[]): T => {
  const chosen = options[dice(options.length)]
  assert.ok(chosen)
  return chosen()
}

function expression(dice: Dice, depth: number): string {
  const deeper = (): string => expression(dice, depth - 1)
  const sync = (): string => deeper().replaceAll('await ', '')
  const leaves = [
    () => `'té🍷xt${dice(9)}'`,
    () => String(dice(99)),
    () => 'process.env.NEVER_SET',
    () => '/[(]"/g.source',
    () => '`a$' + '{1 + 1}b`',
    () => "queue('leaf')",
    () => 'new S3Client()',
  ]
  if (depth <= 0) return pick(dice, leaves)
  return pick(dice, [
    ...leaves,
    () => `queue(${deeper()}, ${deeper()})`,
    () => `(queue(${deeper()}) as unknown as string)`,
    () => `goblet.bucket(${deeper()},)`,
    () => `queue('q' /* ) */).onMessage({ a: ${deeper()} }, async () => ${deeper()})`,
    () => `new S3Client({ region: ${deeper()} })`,
    () => `Doc.from(new S3Client(), ${deeper()})`,
    () => `[${deeper()}, ...[${deeper()}]]`,
    () => `({ key: ${deeper()}, [${deeper()} as string]: 1 })`,
    () => `(${deeper()} ? ${deeper()} : ${deeper()})`,
    () => `(() => { const queue = (x: unknown) => [x]; return queue(${sync()}) })()`,
    () => `(() => { return route(\n  ${sync()}) })()`,
    () => `(await Promise.resolve(${deeper()}))`,
    () => `queue(await Promise.resolve(${deeper()}))`,
    () => `(class Named { static value = queue(${sync()}) }).name`,
  ])
}

function statement(dice: Dice, index: number): string {
  const value = expression(dice, 3)
  return pick(dice, [
    () => `export const n${index} = ${value}`,
    () => `const n${index} = ${value}\nexport { n${index} }`,
    () => `export const n${index} = 1\nqueue('statement')\nroute('GET /').pattern`,
    () => `export const { kind: n${index} } = queue(${value})`,
    () => `export function n${index}() { return queue(${value.replaceAll('await ', '')}) }`,
    () => `export const n${index} = ((): unknown => ${value.replaceAll('await ', '')})()`,
  ])
}

const HEAD =
  "import { queue, route } from 'goblet'\nimport * as goblet from 'goblet'\nimport { S3Client, Doc } from '@aws-sdk/client-s3'\n"

const STUB = `
const made = (kind) => (...args) => ({ kind, args, pattern: kind, onMessage: (...more) => ({ kind, args, more }) })
export const queue = made('queue'), route = made('route'), bucket = made('bucket')
export class S3Client { constructor(...args) { this.args = args } }
export class Doc { static from(...args) { return { from: args } } }
`

async function evaluate(text: string): Promise<unknown> {
  const { code } = await transform(text, { loader: 'ts', target: 'node20', format: 'esm' })
  const stub = `data:text/javascript,${encodeURIComponent(STUB)}`
  const linked = code.replace(/from "(goblet|@aws-sdk\/client-s3)"/g, `from ${JSON.stringify(stub)}`)
  const module: object = await import(`data:text/javascript,${encodeURIComponent(linked)}`)
  return Object.entries(module).map(([name, value]) => [name, typeof value === 'function' ? value() : value])
}

test('marked source parses and evaluates to the same exports', async () => {
  for (let seed = 1; seed <= 150; seed++) {
    const dice = random(seed)
    const text = HEAD + Array.from({ length: 4 }, (_, index) => statement(dice, index)).join('\n')
    const source = readSource('/app.ts', text)
    const names = new Map(source.bindings.map(({ name }) => [name, name]))
    const marked = mark(source, names)
    assert.equal(marked.split('\n').length, text.split('\n').length, `seed ${seed} moved lines`)
    const [left, right] = await Promise.all([evaluate(text), evaluate(marked)])
    assert.equal(JSON.stringify(right), JSON.stringify(left), `seed ${seed}:\n${text}\n---\n${marked}`)
  }
})

test('a lambda is told its name; a call that begins a statement is left alone', () => {
  const text = `import { lambda, queue as q } from 'goblet'
export const one = lambda(handler)
export const two = lambda({ memory: 1 }, handler,)
const three = cond ? lambda(wrap(q('x'))) : undefined
export { three as renamed }
q('statement')
import 'patch'
`
  const marked = mark(
    readSource('/app.ts', text),
    new Map([
      ['one', 'one'],
      ['two', 'two'],
      ['three', 'renamed'],
    ]),
  )
  const pure = (call: string): string => `(/* @__PURE__ */ (() => ${call})())`
  assert.equal(
    marked,
    `import { lambda, queue as q } from 'goblet'
export const one = ${pure('lambda(handler, undefined, "one")')}
export const two = ${pure('lambda({ memory: 1 }, handler, "two",)')}
const three = cond ? ${pure(`lambda(wrap(${pure("q('x')")}), undefined, "renamed")`)} : undefined
export { three as renamed }
q('statement')
import 'goblet-effect:patch'
`,
  )
})
