// Policies of authorizers: which calls they allow, and ARNs.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decide, INVOKE, isLike, readPolicy, splitRouteArn, toRouteArn } from '../../src/aws/policy.ts'

const ARN = 'arn:aws:execute-api:us-east-1:123456789012:id/api/GET/pets/1'

const decided = (...statements: object[]): string | undefined => {
  const policy = readPolicy({ Version: '2012-10-17', Statement: statements })
  return policy && decide(policy, INVOKE, ARN)
}
const allow = (Resource: unknown, more: object = {}) => ({ Effect: 'Allow', Action: INVOKE, Resource, ...more })

describe('a policy', () => {
  it('allows what it names, and nothing else', () => {
    assert.equal(decided(allow(ARN)), 'allow')
    assert.equal(decided(allow([ARN.replace('1', '2'), '*'])), 'allow')
    assert.equal(decided(allow(`${ARN}2`)), 'implicit deny')
    assert.equal(decided(allow(ARN.slice(0, -1))), 'implicit deny')
    assert.equal(decided(allow([])), 'implicit deny')
    assert.equal(decided({ ...allow('*'), Action: 's3:*' }), 'implicit deny')
    assert.equal(decided({ ...allow('*'), Action: 'EXECUTE-API:invoke' }), 'allow')
    assert.equal(decided({ ...allow('*'), Action: '*' }), 'allow')
  })

  it('denies what one statement denies, whatever the others allow', () => {
    assert.equal(decided(allow('*'), { Effect: 'Deny', Action: '*', Resource: '*' }), 'explicit deny')
    assert.equal(decided({ Effect: 'Deny', Action: INVOKE, Resource: '*/pets/*' }, allow('*')), 'explicit deny')
  })

  it('reads NotAction and NotResource as all the others', () => {
    assert.equal(decided({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }), 'allow')
    assert.equal(decided({ Effect: 'Allow', NotAction: INVOKE, Resource: '*' }), 'implicit deny')
    assert.equal(decided({ Effect: 'Deny', Action: '*', NotResource: '*/cats/*' }, allow('*')), 'explicit deny')
  })

  it('takes a condition for what lets fewer pass', () => {
    const Condition = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }
    assert.equal(decided(allow('*', { Condition })), 'implicit deny')
    assert.equal(decided(allow('*'), { Effect: 'Deny', Action: '*', Resource: '*', Condition }), 'explicit deny')
  })

  it('is none when it is malformed', () => {
    for (const bad of [null, 'x', [], {}, { Statement: 'x' }, { Statement: [null] }])
      assert.equal(readPolicy(bad), undefined)
    assert.equal(decided({ ...allow('*'), Effect: 'allow' }), undefined)
    assert.equal(decided(allow('*'), allow(7)), undefined)
    assert.equal(readPolicy({ Statement: allow('*') })?.length, 1)
  })
})

describe('a pattern', () => {
  const cases: [text: string, pattern: string, like: boolean][] = [
    ['', '', true],
    ['', '*', true],
    ['a', '', false],
    ['abc', 'a?c', true],
    ['ac', 'a?c', false],
    ['a/b/c', 'a*c', true],
    ['a*c', 'a*c', true],
    ['abab', '*ab', true],
    ['abac', '*ab', false],
    ['foo.bar', 'foo?bar', true],
    [
      'arn:aws:execute-api:mars-west-2:123456789012:id/api/GET/foo.bar',
      'arn:aws:execute-api:mars-west-2:123456789012:id/*/GET/*',
      true,
    ],
  ]
  for (const [text, pattern, like] of cases)
    it(`${JSON.stringify(text)} is ${like ? '' : 'not '}like ${JSON.stringify(pattern)}`, () => {
      assert.equal(isLike(text, pattern), like)
    })

  it('takes bounded time, whatever it is', () => {
    const start = performance.now()
    assert.equal(isLike('a'.repeat(5000), `${'*a'.repeat(500)}b`), false)
    assert.ok(performance.now() - start < 1000)
  })
})

it('takes an ARN apart as it was put together', () => {
  const parts = { region: 'us-east-1', account: '123456789012', api: 'id', stage: '$default', method: 'GET', path: '/' }
  for (const path of ['/', '/pets/1', '/a//b/']) {
    const split = splitRouteArn(toRouteArn({ ...parts, path }))
    assert.deepEqual(split, { stage: 'arn:aws:execute-api:us-east-1:123456789012:id/$default', method: 'GET', path })
  }
})
