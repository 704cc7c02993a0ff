// `goblet image`: the context that a container image is built of, and what is said about it.
import assert from 'node:assert/strict'
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { folderOf, goblet } from '../support/command.ts'

const folder = folderOf({
  'app.ts': `import { app, lambda } from 'goblet'
import made from 'made'
import ready from 'ready'
export default app('images', { runtime: 'nodejs22.x', architecture: 'arm64' })
export const plain = lambda(() => 1)
export const packed = lambda(() => ready)
export const compiled = lambda({ memory: 1024 }, () => made)
`,
  'node_modules/made/package.json': '{ "name": "made", "version": "2.1.0", "main": "index.js" }',
  'node_modules/made/index.js': 'module.exports = 1\n',
  'node_modules/made/binding.gyp': '{}',
  'node_modules/ready/package.json':
    '{ "name": "ready", "version": "1.0.0", "main": "index.js", "dependencies": { "bindings": "1" } }',
  'node_modules/ready/index.js': 'module.exports = 1\n',
  'node_modules/ready/tool.sh': '#!/bin/sh\n',
  'node_modules/bindings/package.json': '{ "name": "bindings", "version": "1.5.0" }',
})
after(() => rmSync(folder, { recursive: true, force: true }))

const read = (path: string): string => readFileSync(join(folder, path), 'utf8')

test('writes the function, and a Dockerfile that takes it into the image of its runtime', async () => {
  const { status, out, err } = await goblet(['image', 'plain'], { cwd: folder })
  assert.deepEqual([status, err], [0, ''])
  assert.match(out, /^image\/plain holds 2 files for linux\/arm64\.$/m)
  assert.match(out, /docker buildx build --platform linux\/arm64 --provenance=false .* image\/plain$/m)
  assert.equal(
    read('image/plain/Dockerfile'),
    'FROM public.ecr.aws/lambda/nodejs:22\nCOPY function/ $' + '{LAMBDA_TASK_ROOT}/\nCMD ["index.handler"]\n',
  )
  const { handler } = await import(join(folder, 'image/plain/function/index.mjs'))
  assert.equal(await handler(null, {}), 1)
})

test('writes the packages beside it, with the rights that they need', async () => {
  const { status } = await goblet(['image', 'packed', '--out', 'made/here'], { cwd: folder })
  assert.equal(status, 0)
  assert.ok(existsSync(join(folder, 'made/here/function/node_modules/bindings/package.json')))
  assert.equal(statSync(join(folder, 'made/here/function/node_modules/ready/tool.sh')).mode & 0o777, 0o755)
  assert.equal(statSync(join(folder, 'made/here/function/node_modules/ready/index.js')).mode & 0o777, 0o644)
})

test('has compiled what nobody has compiled for the platform', async () => {
  const { status, out } = await goblet(['image', 'compiled', '--json'], { cwd: folder })
  assert.equal(status, 0)
  const told = JSON.parse(out)
  assert.deepEqual([told.function, told.platform, told.compiled], ['compiled', 'linux/arm64', ['made@2.1.0']])
  assert.deepEqual(told.files.slice(0, 1), ['Dockerfile'])
  assert.deepEqual(JSON.parse(read('image/compiled/package.json')).dependencies, { made: '2.1.0' })
  assert.match(
    read('image/compiled/Dockerfile'),
    /AS packages\nRUN dnf install[\s\S]*RUN npm install --omit=dev[\s\S]*COPY --from=packages/,
  )
  assert.ok(!existsSync(join(folder, 'image/compiled/function/node_modules')))
})

test('knows the functions', async () => {
  const { status, err } = await goblet(['image', 'plan'], { cwd: folder })
  assert.equal(status, 1)
  assert.match(err, /plan[\s\S]*`?plain/)
})
