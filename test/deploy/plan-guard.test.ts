// What a change set must not do to what holds data.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { refusalsOf } from '../../src/deploy/plan/guard.ts'

const changeOf = (ResourceType: string, more: object) => ({
  Type: 'Resource' as const,
  ResourceChange: { LogicalResourceId: 'Orders', PhysicalResourceId: 'shop-dev-orders', ResourceType, ...more },
})
const places = new Map([['Orders', { file: 'app.ts', line: 4 }]])
const TABLE = 'AWS::DynamoDB::Table'

test('what CloudFormation itself calls a replacement of data is refused, with its place', () => {
  const changes = [changeOf(TABLE, { Action: 'Modify', Replacement: 'True', PolicyAction: 'ReplaceAndRetain' })]
  const [refusal, ...more] = refusalsOf(changes, { places, allowReplace: false })
  assert.equal(more.length, 0)
  assert.equal(refusal?.code, 'GOBLET_REPLACES_DATA')
  assert.match(refusal?.message ?? '', /replace AWS::DynamoDB::Table shop-dev-orders, with items/)
  assert.deepEqual(refusal?.where, { file: 'app.ts', line: 4 })
  assert.deepEqual(refusalsOf(changes, { places, allowReplace: true }), [])
})

test('what may be a replacement, what stays, and what holds nothing goes through', () => {
  const changes = [
    changeOf(TABLE, { Action: 'Modify', Replacement: 'Conditional' }),
    changeOf(TABLE, { Action: 'Modify', Replacement: 'False' }),
    changeOf(TABLE, { Action: 'Remove', PolicyAction: 'Retain' }),
    changeOf(TABLE, { Action: 'Import' }),
    changeOf('AWS::Lambda::Function', { Action: 'Modify', Replacement: 'True' }),
    {},
  ]
  assert.deepEqual(refusalsOf(changes, { places, allowReplace: false }), [])
  assert.equal(
    refusalsOf([changeOf(TABLE, { Action: 'Remove', PolicyAction: 'Delete' })], { places, allowReplace: false }).length,
    1,
  )
})
