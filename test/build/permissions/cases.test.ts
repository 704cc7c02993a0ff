// The cases that every tool of this kind should get right: exact actions on exact resources, warnings by line, nothing forbidden.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { analyse, type Trigger } from '../../../src/build/permissions/analyse.ts'
import { judge, readCases } from '../../support/iam.ts'

const PLACE = { partition: 'aws', region: 'us-east-1', account: '000000000000' }

for (const one of readCases(new URL('../../cases/iam/', import.meta.url))) {
  test(`${one.id}: ${one.title}`, () => {
    const { folder, entry, env = {} } = one
    const trigger: Trigger = one.trigger ?? {}
    const derived = Object.keys(one.functions).map(
      (name) =>
        [
          name,
          analyse({ file: `${folder}/${entry}`, export: name, root: folder, env, place: PLACE, trigger }),
        ] as const,
    )
    const verdict = judge(one, new Map(derived))
    assert.deepEqual(verdict.misses, [])
    // That a trigger binds the name is better than the warning that is expected where it does not.
    assert.deepEqual(
      verdict.faults.filter((fault) => one.trigger === undefined || !fault.includes('does not say')),
      [],
    )
    assert.deepEqual(verdict.noise, [])
  })
}
