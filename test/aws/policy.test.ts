// The ARNs of API calls.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { splitRouteArn, toRouteArn } from '../../src/aws/policy.ts'

it('takes an ARN apart as it was put together', () => {
  const parts = { region: 'us-east-1', account: '123456789012', api: 'id', stage: '$default', method: 'GET', path: '/' }
  for (const path of ['/', '/pets/1', '/a//b/']) {
    const split = splitRouteArn(toRouteArn({ ...parts, path }))
    assert.deepEqual(split, { stage: 'arn:aws:execute-api:us-east-1:123456789012:id/$default', method: 'GET', path })
  }
})
