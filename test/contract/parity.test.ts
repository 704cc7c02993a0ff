// docs/parity.md is what the suites say, and no recorded case is left out of both.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { readCases } from './cases.ts'
import { excused, isAsked, renderParity } from './parity.ts'

test('docs/parity.md is up to date', () => {
  const written = readFileSync(new URL('../../docs/parity.md', import.meta.url), 'utf8')
  assert.ok(written === renderParity(), 'Run `npm run docs:parity`.')
})

test('every case of the services is asked, or a reason is given', () => {
  const left = [...readCases('contract-cloud'), ...readCases('contract-websocket')].filter(
    (one) => !isAsked(one) && !excused.has(one.id),
  )
  assert.deepEqual(
    left.map(({ id }) => id),
    [],
  )
})
