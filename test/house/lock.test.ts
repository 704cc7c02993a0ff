// The lock names every platform's packages, so that `npm ci` takes it anywhere, and no registry.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { absent, path } from '../../scripts/lock.ts'

const text = readFileSync(path, 'utf8')

test('package-lock.json is complete', () => {
  assert.deepEqual(Object.keys(absent(JSON.parse(text))), [], 'run `npm run lock`')
})

test('package-lock.json names no registry', () => {
  assert.doesNotMatch(text, /"resolved"/)
})

test('case sec-deps: no package is older than the release that mended a known hole', () => {
  const { packages }: { packages: Record<string, { version?: string }> } = JSON.parse(text)
  const floors = { esbuild: '0.28.1', ws: '8.21.0' }
  for (const [name, floor] of Object.entries(floors)) {
    const found = Object.entries(packages).flatMap(([place, { version = '' }]) =>
      place.endsWith(`node_modules/${name}`) ? [version] : [],
    )
    for (const version of found)
      assert.ok(version.localeCompare(floor, 'en', { numeric: true }) >= 0, `${name} ${version}, of at least ${floor}`)
  }
})
