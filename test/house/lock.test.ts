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
