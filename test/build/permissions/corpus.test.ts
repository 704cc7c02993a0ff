// Scores what is derived from the corpus of handlers: fails below 98 % recall, 98 % precision, or with one silent under-grant.
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { judge, precision, readCases, recall, sum, type Verdict } from '../../support/iam.ts'
import { derive } from '../../support/iam-derive.ts'

const cases = readCases(new URL('../../corpus/iam/', import.meta.url))
const verdicts: Verdict[] = []

for (const one of cases)
  test(`${one.id}: ${one.title}`, async () => {
    const verdict = judge(one, await derive(one))
    verdicts.push(verdict)
    // What is dangerous fails by itself; what is merely missed or too much is counted.
    assert.deepEqual([...verdict.silent, ...verdict.faults], [])
  })

test('recall, precision and silence of the whole corpus', () => {
  const all = sum(verdicts)
  assert.equal(verdicts.length, cases.length, 'every case was judged')
  assert.ok(recall(all) >= 98 && precision(all) >= 98, all.misses.join('\n'))
  assert.deepEqual([...all.silent, ...all.faults], [])
  assert.ok(all.noise.length <= 2, all.noise.join('\n'))
})

after(() => {
  const all = sum(verdicts)
  for (const line of [...all.misses, ...all.noise]) console.log(`  ${line}`)
  const figures = `recall ${recall(all).toFixed(1)} %, precision ${precision(all).toFixed(1)} %, ${all.silent.length} silent under-grants`
  console.log(`corpus of ${cases.length} cases, ${all.pairs} pairs: ${figures}, ${all.noise.length} needless findings`)
})
