// Code that could keep an analysis busy for ever: it ends, and says so where it gave up.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { analysed } from '../../support/analysed.ts'

const DB = `import { DynamoDB } from '@aws-sdk/client-dynamodb'\nconst db = new DynamoDB({})\n`
const get = (table: string): string => `db.getItem({ TableName: ${table}, Key: {} })`

const ENDLESS: Readonly<Record<string, string>> = {
  'a text that grows in a loop': `let t = 'a'; for (;;) { t += 'b'; t = t + t; await ${get('t')} }`,
  'a function that is bound to itself': `let f: any = () => ${get("'a'")}; for (const x of e) f = f.bind(null, x); return f()`,
  'an object that holds itself': `const o: any = { t: 'a' }; o.self = o; o.list = [o, o.self]; return ${get('o.self.list[1].self.t')}`,
  'a list that is put into itself': `const l: any[] = ['a']; l.push(l, ...l, l.map((x) => [x, l])); return ${get('l[0]')}`,
  'a function that makes functions': `const nest = (n: number): any => (n === 0 ? () => ${get("'a'")} : nest(n - 1)); return nest(9)()`,
  'a function that calls itself with itself': `const y = (f: any): any => f((...a: any[]) => y(f)(...a)); return y((self: any) => (n: any) => (n ? self(n - 1) : ${get("'a'")}))(3)`,
  'a tree that is walked': `const walk = (n: any, p = ''): any => [${get('p')}, ...n.kids.map((k: any) => walk(k, p + '/' + k.name))]; return walk(e)`,
  'many callers of many callers': `${Array.from({ length: 12 }, (_, i) => `const f${i} = (t: string): any => ${i === 0 ? get('t') : `[f${i - 1}(t + '0'), f${i - 1}(t + '1'), f${i - 1}(t + '2')]`}`).join('; ')}; return f11('t')`,
  'a getter that gets itself': `const o = { get a(): any { return [this.a, ${get("'a'")}] } }; return o.a`,
  'a class that extends what it makes': `const wrap = (B: any): any => class extends B { go(): any { return [super.go?.(), ${get("'a'")}] } }; let C: any = class {}; for (const _ of e) C = wrap(C); return new C().go()`,
}

for (const [what, body] of Object.entries(ENDLESS)) {
  test(`ends: ${what}`, { timeout: 10_000 }, () => {
    const { grants } = analysed({ 'handler.ts': `${DB}export const handler = async (e: any) => { ${body} }` })
    assert.ok(grants.some((grant) => grant.startsWith('dynamodb:GetItem')))
  })
}

test('says that it gave up, as an error', () => {
  const code = `${DB}export const handler = async () => { for (const t of ['a', 'b']) await ${get('t')} }`
  const { findings } = analysed({ 'handler.ts': code }, { steps: 10 })
  assert.deepEqual(findings, ['unresolved-operation handler.ts:1'])
})

test('says so of code that is nested deeper than its stack', () => {
  const sum = Array.from({ length: 20_000 }, (_, index) => `e.a${index}`).join(' + ')
  const { findings } = analysed({ 'handler.ts': `export const handler = (e: any) => ${sum}` })
  assert.ok(findings.includes('unresolved-operation handler.ts:1'))
})

test('says so of code that does not parse', () => {
  const files = {
    'handler.ts': `import { go } from './lib'\nexport const handler = () => go()`,
    'lib.ts': 'export const go = = 1',
  }
  assert.deepEqual(analysed(files).findings, ['unresolved-operation lib.ts:1'])
})

test('leaves what is no code alone', () => {
  const files = {
    'handler.ts': `import sql from './all.sql'\nexport const handler = () => sql`,
    'all.sql': 'select * from = = "x"',
  }
  assert.deepEqual(analysed(files), { grants: [], findings: [] })
})
