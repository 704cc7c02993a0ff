// What lockfiles say of a package, whoever wrote them.
import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { lockedOf } from '../../src/build/lockfile.ts'

const NAME = '@img/sharp-linux-arm64'
const ONE = { version: '0.35.5', integrity: 'sha512-LYVx5JTsOM2CBz==' }

const PNPM = `lockfileVersion: '9.0'

packages:

  '@img/sharp-linux-arm64@0.35.5':
    resolution: {integrity: sha512-LYVx5JTsOM2CBz==}
    engines: {node: '>=20'}
    cpu: [arm64]

  '@img/sharp-linux-arm@0.35.5':
    resolution: {integrity: sha512-other==}

  sharp@0.35.5:
    resolution: {integrity: sha512-sharp==}

snapshots:

  '@img/sharp-linux-arm64@0.35.5':
    optional: true
`

const YARN = `# yarn lockfile v1

"@img/sharp-linux-arm64@0.35.5":
  version "0.35.5"
  resolved "https://registry.example/sharp-linux-arm64-0.35.5.tgz#abc"
  integrity sha512-LYVx5JTsOM2CBz==

sharp@^0.35.0:
  version "0.35.5"
  resolved "https://registry.example/sharp.tgz"
  integrity sha512-sharp==
  dependencies:
    semver "^7.0.0"
`

const BERRY = `__metadata:
  version: 8

"@img/sharp-linux-arm64@npm:0.35.5":
  version: 0.35.5
  resolution: "@img/sharp-linux-arm64@npm:0.35.5"
  checksum: 10c0/1b2c
  conditions: os=linux & cpu=arm64 & libc=glibc
  languageName: node
  linkType: hard
`

const BUN = `{
  "lockfileVersion": 1,
  "packages": {
    "@img/sharp-linux-arm64": ["@img/sharp-linux-arm64@0.35.5", "", { "os": "linux", "cpu": "arm64" }, "sha512-LYVx5JTsOM2CBz=="],
    "sharp": ["sharp@0.35.5", "", { "dependencies": { "semver": "^7" } }, "sha512-sharp=="],
  }
}
`

const NPM = JSON.stringify({
  lockfileVersion: 3,
  packages: {
    '': { name: 'app' },
    'node_modules/@img/sharp-linux-arm64': { ...ONE, optional: true },
    'node_modules/a/node_modules/@img/sharp-linux-arm64': { version: '0.34.0', integrity: 'sha512-old==' },
    'node_modules/sharp': { version: '0.35.5', integrity: 'sha512-sharp==' },
  },
})

const rows: readonly [file: string, text: string, expected: ReturnType<typeof lockedOf>][] = [
  ['package-lock.json', NPM, [ONE, { version: '0.34.0', integrity: 'sha512-old==' }]],
  ['pnpm-lock.yaml', PNPM, [ONE]],
  ['yarn.lock', YARN, [ONE]],
  ['yarn.lock', BERRY, [{ version: '0.35.5', integrity: undefined }]],
  ['bun.lock', BUN, [ONE]],
  ['package-lock.json', '{ broken', []],
]

for (const [file, text, expected] of rows)
  test(`${file} of ${text.length} letters, in a folder above`, async () => {
    const root = await mkdtemp(join(tmpdir(), 'goblet-lock-'))
    try {
      await mkdir(join(root, 'apps/one'), { recursive: true })
      await writeFile(join(root, file), text)
      assert.deepEqual(lockedOf(join(root, 'apps/one'), NAME), expected)
      assert.deepEqual(lockedOf(root, '@img/none'), [])
      if (expected.length > 0 && text !== BERRY)
        assert.deepEqual(lockedOf(root, 'sharp'), [{ version: '0.35.5', integrity: 'sha512-sharp==' }])
    } finally {
      await rm(root, { recursive: true, force: true })
    }
  })
