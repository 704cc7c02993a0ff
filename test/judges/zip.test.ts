// Foreign unzippers judge our zips.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { zip } from '../../src/build/index.ts'
import { missing } from '../support/judge.ts'
import { openProject, type Project } from '../support/project.ts'

async function packed(project: Project): Promise<string> {
  const bundle = (await project.bundleAll()).functions.get('index')
  assert.ok(bundle)
  const odd = join(project.root, 'odd.txt')
  await writeFile(odd, '')
  const files = [...bundle.files, { path: 'data/été 🍷.txt', file: odd, bytes: 0 }]
  const file = join(project.root, 'function.zip')
  await writeFile(file, (await zip({ files })).bytes)
  return file
}

const APP = {
  'app.ts':
    "import { app, route } from 'goblet'\nexport default app('zipped')\nexport const index = route('GET /', () => 'x')\n",
}

test('python reads it', { skip: missing('python3') }, async () => {
  await using project = await openProject(APP)
  const script = `
import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
for i in z.infolist(): print(i.filename, i.date_time[0], oct(i.external_attr >> 16))`
  const { stdout, stderr, status } = spawnSync('python3', ['-c', script, await packed(project)], {
    encoding: 'utf8',
    env: { ...process.env, PYTHONIOENCODING: 'utf8' },
  })
  assert.equal(status, 0, stderr)
  assert.equal(stdout, 'data/été 🍷.txt 1980 0o100644\nindex.mjs 1980 0o100644\n')
})

test('unzip finds no fault', { skip: missing('unzip') }, async () => {
  await using project = await openProject(APP)
  const { stdout, status } = spawnSync('unzip', ['-t', await packed(project)], { encoding: 'utf8' })
  assert.equal(status, 0, stdout)
  assert.match(stdout, /No errors detected/)
})
