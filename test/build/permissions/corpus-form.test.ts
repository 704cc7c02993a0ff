// The corpus of handlers is sound: it parses, names what is there, and its apps can be read.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseSync } from 'oxc-parser'
import { GRAMMAR } from '../../../src/aws/grammar.ts'
import { openBuild } from '../../../src/build/index.ts'
import { defineModel } from '../../../src/model/index.ts'
import { readCases } from '../../support/iam.ts'

const cases = readCases(new URL('../../corpus/iam/', import.meta.url))

test('the corpus holds enough, and enough in the style of public code', () => {
  assert.ok(cases.length >= 64, `${cases.length}`)
  assert.ok(cases.filter(({ tags }) => tags.includes('real')).length >= 24)
  for (const { id, folder } of cases) assert.ok(folder.endsWith(`/${id}`), folder)
})

test('every file of the corpus parses', () => {
  const wrong = cases.flatMap(({ folder }) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.[cm]?[jt]s$/.test(file))
      .flatMap((file) => {
        const { errors } = parseSync(file, readFileSync(join(folder, file), 'utf8'))
        return errors.map(({ message }) => `${folder}/${file}: ${message}`)
      }),
  )
  assert.deepEqual(wrong, [])
})

test('every finding of the corpus is on a line with code', () => {
  for (const one of cases)
    for (const { file, line } of [...one.warnings, ...(one.errors ?? []), ...(one.optionalWarnings ?? [])]) {
      assert.ok(file !== undefined && line !== undefined, one.id)
      assert.match(
        readFileSync(join(one.folder, file), 'utf8').split('\n')[line - 1] ?? '',
        /\w/,
        `${one.id} ${file}:${line}`,
      )
    }
})

for (const { id, folder, entry, app, functions } of cases)
  if (app !== undefined)
    test(`${id} is an app with those functions`, async () => {
      const outdir = await mkdtemp(join(tmpdir(), 'goblet-corpus-'))
      const build = await openBuild({ root: folder, entry, outdir })
      try {
        const place = { stage: 'dev', account: '000000000000', region: 'us-east-1' }
        const model = defineModel(await build.discover(), place, GRAMMAR)
        assert.deepEqual(model.functions.map(({ name }) => name).sort(), Object.keys(functions).sort())
      } finally {
        await build.close()
        await rm(outdir, { recursive: true, force: true })
      }
    })
