// Every template of `goblet new` is written whole, and answers.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { start, type TestCloud } from '../../src/testing/index.ts'
import { folderOf, goblet } from '../support/command.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const json = { 'content-type': 'application/json' }

async function answersAsWeb({ http }: TestCloud): Promise<void> {
  assert.deepEqual((await http.get('/')).json, { hello: 'world' })
  const echoed = await http.post('/echo', { body: '{"a":1}', headers: json })
  assert.deepEqual([echoed.status, echoed.json], [201, { a: 1 }])
  assert.equal((await http.get('/nowhere')).status, 404)
}

for (const name of ['express', 'fastify', 'hono'])
  for (const entry of ['app.ts', 'server.ts'])
    test(`${name} answers as ${entry}`, async () => {
      await using cloud = await start(join(root, 'templates', name, entry))
      await answersAsWeb(cloud)
    })

test('crud makes, lists, reads, changes and deletes', async () => {
  await using cloud = await start(join(root, 'templates/crud/app.ts'))
  const { http } = cloud
  const made = await http.post('/notes', { body: '{"text":"one"}', headers: json })
  assert.equal(made.status, 201)
  const { id } = JSON.parse(made.text)
  const changed = await http.request('PUT', `/notes/${id}`, { body: '{"text":"two"}', headers: json })
  assert.deepEqual(changed.json, { id, text: 'two' })
  assert.deepEqual((await http.get(`/notes/${id}`)).json, { id, text: 'two' })
  assert.deepEqual((await http.get('/notes')).json, [{ id, text: 'two' }])
  assert.equal((await http.request('DELETE', `/notes/${id}`, {})).status, 204)
  assert.equal((await http.get(`/notes/${id}`)).status, 404)
  assert.equal((await http.request('PUT', `/notes/${id}`, { body: '{"text":"three"}', headers: json })).status, 404)
})

test('every template is written whole, without what running it left in the checkout', async () => {
  const names = readdirSync(join(root, 'templates'))
  const left = join(root, 'templates/express/.goblet')
  const isOurs = !existsSync(left)
  mkdirSync(left, { recursive: true })
  writeFileSync(join(left, 'left.txt'), 'left')
  const place = folderOf({})
  try {
    await Promise.all(
      names.map(async (name) => {
        const { status, out, err } = await goblet(['new', `my-${name}`, '--template', name, '--json'], { cwd: place })
        assert.equal(status, 0, err)
        const { files } = JSON.parse(out)
        const written = readdirSync(join(place, `my-${name}`))
        assert.ok(
          ['.gitignore', 'README.md', 'app.ts', 'package.json', 'tsconfig.json'].every((one) => files.includes(one)),
        )
        assert.equal(written.includes('.goblet') || written.includes('gitignore'), false)
        assert.match(
          readFileSync(join(place, `my-${name}`, 'app.ts'), 'utf8'),
          new RegExp(`app\\('my-${name}`.slice(0, 25)),
        )
        const { dependencies, scripts } = JSON.parse(readFileSync(join(place, `my-${name}`, 'package.json'), 'utf8'))
        assert.ok('goblet' in dependencies && scripts.dev === 'goblet dev')
      }),
    )
    const { out } = await goblet(['new', '--help'])
    for (const name of names) assert.ok(out.replace(/\s+/g, ' ').includes(name), `The help does not name ${name}.`)
  } finally {
    rmSync(place, { recursive: true })
    rmSync(isOurs ? left : join(left, 'left.txt'), { recursive: true })
  }
})

test('the versions that templates ask for are those that they are tested with', () => {
  const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const ours: Readonly<Record<string, string>> = { ...own.dependencies, ...own.devDependencies }
  for (const name of readdirSync(join(root, 'templates'))) {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(root, 'templates', name, 'package.json'), 'utf8'),
    )
    for (const [one, range] of Object.entries({ ...dependencies, ...devDependencies }))
      if (one in ours) assert.equal(range, ours[one], `${name}: ${one}`)
  }
})
