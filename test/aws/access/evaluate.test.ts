// Policies: what they allow and deny, statement by statement.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Decision, evaluate, isLike, readPolicy } from '../../../src/aws/access/evaluate.ts'
import { seeded } from '../../support/random.ts'

const ACTION = 'execute-api:Invoke'
const ARN = 'arn:aws:execute-api:us-east-1:123456789012:id/api/GET/pets/1'

const decided = (...statements: object[]): Decision | undefined => {
  const policy = readPolicy({ Version: '2012-10-17', Statement: statements })
  return policy && evaluate(policy, { action: ACTION, resource: ARN })
}
const allow = (Resource: unknown, more: object = {}) => ({ Effect: 'Allow', Action: ACTION, Resource, ...more })

describe('a policy', () => {
  it('allows what it names, and nothing else', () => {
    assert.equal(decided(allow(ARN)), 'allow')
    assert.equal(decided(allow([ARN.replace('1', '2'), '*'])), 'allow')
    assert.equal(decided(allow(`${ARN}2`)), 'implicit deny')
    assert.equal(decided(allow(ARN.slice(0, -1))), 'implicit deny')
    assert.equal(decided(allow([])), 'implicit deny')
    assert.equal(decided({ ...allow('*'), Action: 's3:*' }), 'implicit deny')
    // Actions are the same in upper and lower case, resources are not. Source: reference_policies_elements_action.html
    assert.equal(decided({ ...allow('*'), Action: 'EXECUTE-API:invoke' }), 'allow')
    assert.equal(decided(allow(ARN.replace('pets', 'Pets'))), 'implicit deny')
    assert.equal(decided({ ...allow('*'), Action: '*' }), 'allow')
    assert.equal(decided({ ...allow('*'), Action: 'execute-api:Invok?' }), 'allow')
  })

  it('denies what one statement denies, whatever the others allow', () => {
    assert.equal(decided(allow('*'), { Effect: 'Deny', Action: '*', Resource: '*' }), 'explicit deny')
    assert.equal(decided({ Effect: 'Deny', Action: ACTION, Resource: '*/pets/*' }, allow('*')), 'explicit deny')
  })

  it('reads NotAction and NotResource as all the others', () => {
    assert.equal(decided({ Effect: 'Allow', NotAction: 's3:*', Resource: '*' }), 'allow')
    assert.equal(decided({ Effect: 'Allow', NotAction: ACTION, Resource: '*' }), 'implicit deny')
    assert.equal(decided({ Effect: 'Deny', Action: '*', NotResource: '*/cats/*' }, allow('*')), 'explicit deny')
  })

  it('takes a condition that nobody knows for what lets fewer pass', () => {
    const Condition = { StringResembles: { 'aws:UserAgent': 'curl' } }
    assert.equal(decided(allow('*', { Condition })), 'implicit deny')
    assert.equal(decided(allow('*'), { Effect: 'Deny', Action: '*', Resource: '*', Condition }), 'explicit deny')
  })

  it('is none when it is malformed', () => {
    for (const bad of [null, 'x', [], {}, { Statement: 'x' }, { Statement: [null] }])
      assert.equal(readPolicy(bad), undefined)
    assert.equal(decided({ ...allow('*'), Effect: 'allow' }), undefined)
    assert.equal(decided(allow('*'), allow(7)), undefined)
    assert.equal(decided(allow('*', { Condition: 'x' })), undefined)
    assert.equal(decided(allow('*', { Condition: { StringEquals: { 'aws:x': {} } } })), undefined)
    assert.equal(readPolicy({ Statement: allow('*') })?.length, 1)
  })
})

describe('a pattern', () => {
  const cases: [text: string, pattern: string, like: boolean][] = [
    ['', '', true],
    ['', '*', true],
    ['', '?', false],
    ['a', '', false],
    ['abc', 'a?c', true],
    ['ac', 'a?c', false],
    ['a/b/c', 'a*c', true],
    ['a*c', 'a*c', true],
    ['abab', '*ab', true],
    ['abac', '*ab', false],
    ['aba', 'ab*ba', false],
    ['abba', 'ab*ba', true],
    ['foo.bar', 'foo?bar', true],
    ['secret-AbCdEf', 'secret-??????', true],
    ['secret-AbCdE', 'secret-??????', false],
    ['xaxbxc', '*a?b*c', true],
    ['arn:aws:execute-api:mars:1:id/api/GET/foo.bar', 'arn:aws:execute-api:mars:1:id/*/GET/*', true],
  ]
  for (const [text, pattern, like] of cases)
    it(`${JSON.stringify(text)} is ${like ? '' : 'not '}like ${JSON.stringify(pattern)}`, () => {
      assert.equal(isLike(text, pattern), like)
    })

  it('says what a regular expression says', () => {
    const { whole: random } = seeded(7)
    const word = (letters: string, most: number): string =>
      Array.from({ length: random(most) }, () => letters[random(letters.length)]).join('')
    for (let round = 0; round < 20_000; round++) {
      const [text, pattern] = [word('ab', 9), word('ab*?', 7)]
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`)
      assert.equal(isLike(text, pattern), expression.test(text), `${text} ${pattern}`)
    }
  })

  it('takes bounded time, whatever it is', () => {
    const cost = (size: number): number => {
      const began = process.cpuUsage()
      for (const pattern of [
        `${'*a'.repeat(size)}b`,
        `*${'a?'.repeat(20)}${'*a?b'.repeat(size)}`,
        `${'*?'.repeat(size)}b`,
      ])
        assert.equal(isLike('a'.repeat(size * 4), pattern), false)
      return process.cpuUsage(began).user
    }
    cost(500)
    const [small, large] = [cost(2000), cost(8000)]
    // Four times the text and the pattern; quadratic would be sixteen times.
    assert.ok(large < 12 * Math.max(small, 2000), `${small} ${large}`)
  })
})

describe('policies together', () => {
  const { whole: random } = seeded(11)
  const pick = <T>(...all: readonly [T, ...T[]]): T => all[random(all.length)] ?? all[0]
  const statement = (): { Effect: string } & Record<string, unknown> => ({
    Effect: pick('Allow', 'Allow', 'Deny'),
    [pick('Action', 'Action', 'NotAction')]: [pick('s3:*', 's3:Get*', 's3:PutObject', '*', 'sqs:*')],
    [pick('Resource', 'Resource', 'NotResource')]: [pick('*', 'arn:aws:s3:::a/*', 'arn:aws:s3:::b/?')],
    ...(random(3) === 0 ? { Condition: { Null: { 'aws:UserAgent': pick('true', 'false') } } } : {}),
  })
  const call = () => ({
    action: pick('s3:GetObject', 's3:putobject', 'sqs:SendMessage'),
    resource: pick('arn:aws:s3:::a/1', 'arn:aws:s3:::b/2', 'arn:aws:s3:::b/22'),
  })

  it('one more Deny never allows, one more Allow never lifts a Deny, the order is nothing', () => {
    for (let round = 0; round < 5000; round++) {
      const statements = Array.from({ length: random(5) }, statement)
      const [called, more] = [call(), statement()]
      const decide = (all: readonly object[]): Decision | undefined =>
        evaluate(readPolicy({ Version: '2012-10-17', Statement: all }) ?? [], called)
      const [before, after] = [decide(statements), decide([...statements, more])]
      if (more.Effect === 'Deny' && before !== 'allow') assert.notEqual(after, 'allow')
      if (more.Effect === 'Allow') assert.equal(after === 'explicit deny', before === 'explicit deny')
      if (before === 'explicit deny') assert.equal(after, 'explicit deny')
      assert.equal(decide(statements.toReversed()), before)
    }
  })
})
