// The table of what is replaced, held against AWS's resource specification.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fateOf, HOLDERS } from '../../src/deploy/plan/replacements.ts'
import { RIGHTS } from '../../src/deploy/plan/rights-table.ts'
import { specification, typeOf } from '../support/specification.ts'

test('a change replaces what AWS says that it replaces, for every type that holds something', async () => {
  const db = await specification()
  for (const [type, { replacing, fixed, name }] of Object.entries(HOLDERS)) {
    const known = typeOf(db, type)
    assert.ok(known !== undefined, type)
    const surely = Object.entries(known.properties).flatMap(([property, one]) =>
      one.causesReplacement === 'yes' ? [property] : [],
    )
    assert.deepEqual([...replacing].sort(), surely.sort(), type)
    for (const one of [...fixed, ...(name === undefined ? [] : [name])])
      assert.ok(known.properties[one] !== undefined, `${type} has no ${one}`)
  }
})

test('every type of Goblet’s own that holds something is in the table', async () => {
  const db = await specification()
  const stateful = Object.keys(RIGHTS).filter((type) => typeOf(db, type)?.isStateful === true)
  // A log group goes with its function, whose log it is; a part of the stack holds nothing of its own.
  const others = ['AWS::Logs::LogGroup', 'AWS::CloudFormation::Stack']
  assert.deepEqual(
    stateful.filter((type) => HOLDERS[type] === undefined && !others.includes(type)),
    [],
  )
})

const table = (attributes: Record<string, string>, more: object = {}) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: Object.entries(attributes).map(([name, type]) => ({
      AttributeName: name,
      AttributeType: type,
    })),
    ...more,
  },
})

test('another type of a key is another table; of another attribute it is not', () => {
  const before = table({ id: 'S', at: 'S' })
  assert.equal(fateOf(before, table({ id: 'N', at: 'S' }), ['AttributeDefinitions']), 'replaced')
  assert.equal(fateOf(before, table({ id: 'S', at: 'N' }), ['AttributeDefinitions']), 'changed')
  assert.equal(fateOf(before, before, ['LocalSecondaryIndexes']), 'fixed')
  assert.equal(fateOf(before, { Type: 'AWS::S3::Bucket' }, []), 'replaced')
})
