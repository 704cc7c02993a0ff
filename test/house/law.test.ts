// The law is kept, and the check that says so bites: planted faults are caught and named.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readSource, readSources } from './imports.ts'
import { check, ROOMS, toText } from './law.ts'

const src = fileURLToPath(new URL('../../src', import.meta.url))

const sources = readSources(src)
const before = new Set(check(sources).map(toText))

test('every import in src keeps the law', () => {
  assert.equal([...before].join('\n'), '')
})

test('the table itself only lets a room open rooms on lower floors', () => {
  for (const [name, { floor, opens, types = [] }] of Object.entries(ROOMS)) {
    for (const other of [...opens, ...types]) assert.ok((ROOMS[other]?.floor ?? 9) < floor, `${name} → ${other}`)
  }
})

test('every dependency is opened by a room of the table, and every package of the table is a dependency', () => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const { dependencies, optionalDependencies } = JSON.parse(text)
  const opened = Object.values(ROOMS).flatMap(({ npm = [] }) => npm)
  assert.deepEqual([...new Set(opened)].sort(), Object.keys({ ...dependencies, ...optionalDependencies }).sort())
})

/** What the check says of src with these files added, beyond what it says without them. */
function plant(files: Readonly<Record<string, string>>): string[] {
  const planted = Object.entries(files).map(([file, text]) => readSource(file, `// Planted.\n${text}\n`))
  const said = check([...sources, ...planted]).map(toText)
  return said.filter((text) => !before.has(text))
}

const FAULTS: readonly (readonly [string, Readonly<Record<string, string>>, ...RegExp[]])[] = [
  [
    'a runtime file opens node:fs',
    { 'runtime/planted.ts': "import { readFileSync } from 'node:fs'" },
    /^src\/runtime\/planted\.ts:2 {2}ships-no-node: .*node:fs$/,
  ],
  [
    'a runtime file opens node:https at its top',
    { 'runtime/planted.ts': "import { request } from 'node:https'" },
    /planted\.ts:2 {2}ships-no-node/,
  ],
  [
    'a runtime file opens fs without the prefix',
    { 'runtime/planted.ts': "const fs = await import('fs')" },
    /planted\.ts:2 {2}ships-no-node/,
  ],
  [
    'a runtime file opens a package',
    { 'runtime/planted.ts': "import { z } from 'zod'" },
    /planted\.ts:2 {2}ships-no-npm: .*zod$/,
  ],
  [
    'a runtime file opens what it names at run time',
    { 'runtime/planted.ts': 'export const load = (name: string) => import(name)' },
    /planted\.ts:2 {2}ships-seen/,
  ],
  [
    'an aws file that ships opens a package',
    { 'runtime/planted.ts': "import '../aws/planted.ts'", 'aws/planted.ts': "export * from 'zod'" },
    /^src\/aws\/planted\.ts:2 {2}ships-no-npm/,
  ],
  [
    'a runtime file loads model',
    { 'runtime/planted.ts': "import { check } from '../model/index.ts'" },
    /planted\.ts:2 {2}types-only: runtime opens model/,
  ],
  [
    'a runtime file loads model for a type',
    { 'runtime/planted.ts': "import { type Kind } from '../model/index.ts'" },
    /planted\.ts:2 {2}types-only/,
  ],
  [
    'one trigger opens another',
    { 'runtime/triggers/planted.ts': "import { x } from './queue.ts'" },
    /triggers\/planted\.ts:2 {2}strangers: planted may not open queue/,
  ],
  [
    'a service opens another service',
    { 'local/services/planted/index.ts': "import type { State } from '../other/state.ts'" },
    /^src\/local\/services\/planted\/index\.ts:2 {2}strangers: planted may not open other/,
  ],
  [
    'the local cloud reaches into a service',
    { 'local/planted.ts': "import type { State } from './services/s3/state.ts'" },
    /local\/planted\.ts:2 {2}doors: a service is opened through its index\.ts/,
  ],
  [
    'one local trigger opens another',
    { 'local/triggers/planted.ts': "import { x } from './queue.ts'" },
    /triggers\/planted\.ts:2 {2}strangers: planted may not open queue/,
  ],
  [
    'a service opens the journal',
    { 'local/services/planted.ts': "import { journal } from '../journal.ts'" },
    /planted\.ts:2 {2}services: .*local\/journal\.ts$/,
  ],
  [
    'a service opens errors',
    { 'local/services/planted/index.ts': "import { problem } from '../../../errors.ts'" },
    /index\.ts:2 {2}services: .*errors\.ts$/,
  ],
  [
    'aws opens model, on its own floor',
    { 'aws/planted.ts': "import type { Kind } from '../model/index.ts'" },
    /planted\.ts:2 {2}rooms: aws \(floor 2\) may not open model \(floor 2\)/,
  ],
  [
    'errors opens upward',
    { 'errors/planted.ts': "export * from '../local/index.ts'" },
    /planted\.ts:2 {2}rooms: errors \(floor 1\) may not open local \(floor 3\)/,
  ],
  [
    'build opens local',
    { 'build/planted.ts': "const x = await import('../local/index.ts')" },
    /planted\.ts:2 {2}rooms: build \(floor 3\) may not open local/,
  ],
  [
    'cli passes a door by',
    { 'cli/planted.ts': "import { openStore } from '../local/store.ts'" },
    /planted\.ts:2 {2}doors: local is opened through local\/index\.ts/,
  ],
  ['model opens node:fs', { 'model/planted.ts': "import 'node:fs'" }, /planted\.ts:2 {2}pure: .*node:fs$/],
  [
    'local opens a package that is not on its list',
    { 'local/planted.ts': "import 'left-pad'" },
    /planted\.ts:2 {2}npm: local may not open the package left-pad/,
  ],
  ['a file is in no room', { 'attic/planted.ts': '' }, /^src\/attic\/planted\.ts:1 {2}rooms: attic is no room/],
  [
    'a file opens what is outside of src',
    { 'cli/planted.ts': "import data from '../../package.json'" },
    /planted\.ts:2 {2}rooms: .* outside of src/,
  ],
  [
    'two files load each other',
    {
      'local/planted.ts': "import { b } from './planted-too.ts'",
      'local/planted-too.ts': "export { a } from './planted.ts'",
    },
    /circle: local\/planted(-too)?\.ts → local\/planted(-too)?\.ts → local\/planted(-too)?\.ts$/,
  ],
]

for (const [what, files, ...expected] of FAULTS) {
  test(`planted: ${what}`, () => {
    const said = plant(files)
    assert.equal(said.length, expected.length, said.join('\n'))
    expected.forEach((pattern, index) => {
      assert.match(said[index] ?? '', pattern)
    })
  })
}

test('what is lawful is let be', () => {
  const lawful = {
    'runtime/planted.ts':
      "import type { Kind } from '../model/index.ts'\nexport type { Event } from '../aws/planted.ts'",
    'aws/planted.ts': "import { createHash } from 'node:crypto'\nimport { problem } from '../errors.ts'",
    'local/services/planted/index.ts':
      "import { x } from './state.ts'\nimport type { Store } from '../../store.ts'\nimport { y } from '../../../aws/arn.ts'",
    'local/services/planted/state.ts':
      "import type { Index } from './index.ts'\nimport { createHash } from 'node:crypto'",
    'cli/planted.ts': "import { startCloud } from '../local/index.ts'\nconst text = \"import 'zod'\" // import 'zod'",
  }
  assert.deepEqual(plant(lawful), [])
})

test('a fault on disk is found on disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'goblet-law-'))
  try {
    await cp(src, folder, { recursive: true })
    await writeFile(join(folder, 'runtime', 'planted.ts'), "// Planted.\nimport { readFileSync } from 'node:fs'\n")
    const said = check(readSources(folder)).map(toText)
    assert.ok(said.some((text) => text.startsWith('src/runtime/planted.ts:2  ships-no-node')))
  } finally {
    await rm(folder, { recursive: true })
  }
})
