// The errors of src/errors.ts and those of docs/errors.md are the same, word for word.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { page } from '../../scripts/errors.ts'
import { catalogue } from '../../src/errors.ts'

const written = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')

test('every code has its section in docs/errors.md, and no section is left over', () => {
  const sections = [...written.matchAll(/^## (.*)$/gm)].map(([, code]) => code)
  assert.deepEqual(sections, Object.keys(catalogue).sort(), 'run `npm run docs:errors`')
})

test('docs/errors.md says what the catalogue says', () => {
  assert.equal(written, page(), 'run `npm run docs:errors`')
})

test('every error names what happened and a way out, in whole sentences', () => {
  for (const section of page().split(/^## /m).slice(1)) {
    const [code = '', message = '', way = ''] = section.split('\n\n')
    assert.match(code, /^GOBLET_[A-Z]+(_[A-Z]+)*$/)
    assert.ok(message.length > 5, `${code} says nothing`)
    assert.ok(way.trim().length > '**The way out:** '.length + 5, `${code} has no way out`)
    assert.doesNotMatch(section, /undefined|NaN|\[object/, `${code} is badly worded`)
  }
})
