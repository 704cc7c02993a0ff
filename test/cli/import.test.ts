// `goblet import` as people run it: what it writes and prints, how it ends, and what it leaves alone.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { folderOf, goblet } from '../support/command.ts'

const SERVICE = `service: hello
provider: {name: aws, runtime: nodejs22.x, memorysize: 256}
functions:
  hello: {handler: handler.hello, events: [httpApi: GET /hello]}
`
const HANDLER = "exports.hello = async () => ({ statusCode: 200, body: 'hi' })\n"

test('writes an app, a report and a tsconfig.json, and says what is left to do', async () => {
  const cwd = folderOf({ 'serverless.yml': SERVICE, 'handler.js': HANDLER })
  const { status, out, err } = await goblet(['import', 'serverless.yml'], { cwd })
  assert.deepEqual([status, err], [0, ''])
  assert.match(
    out,
    /! serverless\.yml:2 {2}provider\.memorysize: is no key that is known here.*Did you mean `memorySize`\?/,
  )
  assert.match(out, /✓ serverless\.yml: 1 taken over, 1 to know, 1 need a hand, 0 not taken over/)
  assert.match(
    readFileSync(join(cwd, 'goblet-import.md'), 'utf8'),
    /^# hello, from serverless\.yml\n\n## Needs a hand \(1\)\n\n- `serverless\.yml:2` \*\*provider\.memorysize\*\*/,
  )
  const routes = await goblet(['routes'], { cwd })
  assert.match(routes.out, /GET +\/hello +hello +hello +app\.ts:8/)
  assert.ok(existsSync(join(cwd, 'tsconfig.json')))
  rmSync(cwd, { recursive: true })
})

test('overwrites nothing, and writes elsewhere when asked', async () => {
  const cwd = folderOf({ 'serverless.yml': SERVICE, 'handler.js': HANDLER, 'app.ts': '// mine\n', 'next/.keep': '' })
  const refused = await goblet(['import', 'serverless.yml'], { cwd })
  assert.equal(refused.status, 1)
  assert.match(refused.err, /already holds.*app\.ts|app\.ts.*\[GOBLET_FOLDER_TAKEN\]/s)
  assert.equal(readFileSync(join(cwd, 'app.ts'), 'utf8'), '// mine\n')
  assert.ok(!existsSync(join(cwd, 'goblet-import.md')))
  const { status } = await goblet(['import', 'serverless.yml', '--out', 'new/er'], { cwd })
  assert.equal(status, 0)
  assert.match(readFileSync(join(cwd, 'new/er/app.ts'), 'utf8'), /from '\.\.\/\.\.\/handler\.js'/)
  rmSync(cwd, { recursive: true })
})

test('tells programs by JSON and by its status', async () => {
  const cwd = folderOf({
    'serverless.yml': `${SERVICE}  skill: {handler: handler.hello, events: [alexaSkill: x]}\n`,
    'handler.js': HANDLER,
  })
  const { status, out } = await goblet(['import', 'serverless.yml', '--json'], { cwd })
  assert.equal(status, 2)
  const { folder, files, findings } = JSON.parse(out)
  assert.equal(folder, cwd)
  assert.deepEqual(files, ['app.ts', 'tsconfig.json', 'goblet-import.md'])
  assert.deepEqual(
    findings
      .filter(({ outcome }: { outcome: string }) => outcome === 'lost')
      .map(({ where, subject }: { where: object; subject: string }) => [where, subject]),
    [[{ file: 'serverless.yml', line: 5 }, 'functions.skill.events[0].alexaSkill']],
  )
  rmSync(cwd, { recursive: true })
})

test('says what it cannot read', async () => {
  const cwd = folderOf({ 'serverless.yml': 'a: [', 'package.json': '{}' })
  for (const [word, says] of [
    ['serverless.yml', /serverless\.yml:1 .*This cannot be imported/s],
    ['package.json', /no serverless\.yml|names no provider/],
    ['gone.yml', /gone\.yml is no serverless\.yml/],
    ['chalice', /chalice is no serverless\.yml/],
  ] as const) {
    const { status, err } = await goblet(['import', word], { cwd })
    assert.equal(status, 1, word)
    assert.match(err, says)
    assert.match(err, /GOBLET_BAD_IMPORT/)
  }
  writeFileSync(join(cwd, 'serverless.ts'), 'export default {}')
  assert.match((await goblet(['import', 'serverless.ts'], { cwd })).err, /serverless print/)
  assert.equal((await goblet(['import'], { cwd })).status, 2)
  rmSync(cwd, { recursive: true })
})
