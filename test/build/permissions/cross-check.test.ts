// The bundles against the permissions: what is in a bundle and was not found to be called is told of, with the way it came in.
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { GRAMMAR } from '../../../src/aws/grammar.ts'
import { openBuild } from '../../../src/build/index.ts'
import { defineModel, type Permissions } from '../../../src/model/index.ts'

const root = mkdtempSync(join(tmpdir(), 'goblet-cross-'))
after(() => rmSync(root, { recursive: true, force: true }))

const write = (files: Readonly<Record<string, string>>): void => {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
}

const UPLOADER = {
  'node_modules/uploader/package.json':
    '{"name":"uploader","version":"1.0.0","main":"index.mjs","dependencies":{"@aws-sdk/client-s3":"*"}}',
  'node_modules/uploader/index.mjs': `export { upload } from './upload.mjs'\n`,
  'node_modules/uploader/upload.mjs': `import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
const client = new S3Client({})
export const upload = (Bucket, Key, Body) => client.send(new PutObjectCommand({ Bucket, Key, Body }))
`,
  'node_modules/wrapper/package.json': '{"name":"wrapper","version":"1.0.0","type":"module","main":"index.js"}',
  'node_modules/wrapper/index.js': `import { upload } from 'uploader'\nexport const save = (text) => upload('b', 'k', text)\n`,
}

async function permissionsOf(files: Readonly<Record<string, string>>): Promise<Permissions> {
  write({ ...UPLOADER, ...files })
  const sdk = join(root, 'node_modules/@aws-sdk')
  rmSync(sdk, { force: true })
  symlinkSync(fileURLToPath(new URL('../../../node_modules/@aws-sdk', import.meta.url)), sdk)
  const build = await openBuild({ root, entry: 'app.ts', outdir: join(root, '.goblet') })
  try {
    const place = { stage: 'dev', account: '000000000000', region: 'us-east-1' }
    const model = defineModel(await build.discover(), place, GRAMMAR)
    return await build.permissions(model, await build.bundle(model.functions))
  } finally {
    await build.close()
  }
}

const unused = (permissions: Permissions, name: string) =>
  (permissions.get(name)?.warnings ?? []).filter(({ kind }) => kind === 'unused-operation')

test('a package with a client of its own is named, with the packages on the way, for the functions that hold it', async () => {
  const found = await permissionsOf({
    'app.ts': `import { app, lambda } from 'goblet'
export default app('cross')
import { save } from './save.ts'
export const direct = lambda(() => save('x'))
export const other = lambda(() => 1)
`,
    'save.ts': `import { save as store } from 'wrapper'\n\nexport const save = (text: string) => store(text)\n`,
  })
  const [warning, ...more] = unused(found, 'direct')
  assert.equal(more.length, 0)
  assert.match(
    warning?.message ?? '',
    /The package uploader brings PutObject of s3 into the bundle of direct \(by wrapper → uploader\)/,
  )
  assert.deepEqual([warning?.where.file, warning?.where.line], ['save.ts', 1])
  assert.deepEqual(unused(found, 'other'), [])
})

test('what `permissions` allow is known', async () => {
  const found = await permissionsOf({
    'app.ts': `import { app, lambda } from 'goblet'
import { upload } from 'uploader'
export default app('cross')
const permissions = [{ actions: ['s3:PutObject'], resources: ['arn:aws:s3:::b/*'], why: 'uploads' }]
export const allowed = lambda({ permissions }, () => upload('b', 'k', 'x'))
export const refused = lambda(() => upload('b', 'k', 'x'))
`,
  })
  assert.deepEqual(unused(found, 'allowed'), [])
  // The import itself has been told of: once is enough.
  assert.deepEqual(
    found.get('refused')?.warnings.map(({ kind, where }) => `${kind} ${where.line}`),
    ['opaque-client 2'],
  )
})

test('code of the user’s own that is in the bundle and never called is told of; a class of which one method is called is not', async () => {
  const found = await permissionsOf({
    'app.ts': `import { app, lambda } from 'goblet'
import './plugin.ts'
import { Notes } from './notes.ts'
export default app('cross')
const notes = new Notes()
export const read = lambda(({ id }: { id: string }) => notes.find(id))
`,
    'plugin.ts': `import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
class Plugin {
  db = new DynamoDBClient({})
  put() { return this.db.send(new PutItemCommand({ TableName: 'p', Item: {} })) }
  drop() { return this.db.send(new DeleteItemCommand({ TableName: 'p', Key: {} })) }
}
Object.defineProperty(globalThis, Symbol.for('plugin'), { value: new Plugin() })
`,
    'notes.ts': `import { DynamoDBClient, GetItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
export class Notes {
  db = new DynamoDBClient({})
  find(id: string) { return this.db.send(new GetItemCommand({ TableName: 'notes', Key: { id: { S: id } } })) }
  all() { return this.db.send(new ScanCommand({ TableName: 'notes' })) }
}
`,
  })
  const told = unused(found, 'read').map(({ message, where }) => `${where.file}:${where.line} ${message}`)
  assert.deepEqual(told, [
    'plugin.ts:1 The bundle of read holds DeleteItem, PutItem of dynamodb, and nothing was found that calls it.',
  ])
})
