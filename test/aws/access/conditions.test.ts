// Condition blocks, operator by operator, and the variables of policies.
// Sources, of https://docs.aws.amazon.com/IAM/latest/UserGuide/: reference_policies_elements_condition_operators.html (O),
// reference_policies_condition-single-vs-multi-valued-context-keys.html (M), reference_policies_variables.html (V),
// reference_policies_elements_condition.html (C).
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { evaluate, readPolicy } from '../../../src/aws/access/evaluate.ts'

type Known = Readonly<Record<string, string | readonly string[]>>

function holds(Condition: object, known: Known, Resource = '*', resource = 'arn:aws:s3:::b/k'): boolean {
  const policy = readPolicy({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource, Condition }],
  })
  assert.ok(policy !== undefined)
  const lower = new Map(Object.entries(known).map(([key, value]) => [key.toLowerCase(), [value].flat()]))
  return evaluate(policy, { action: 's3:GetObject', resource, context: (key) => lower.get(key) }) === 'allow'
}

type Row = readonly [
  source: string,
  operator: string,
  wanted: unknown,
  given: string | readonly string[] | undefined,
  boolean,
]

const ROWS: readonly Row[] = [
  ['O', 'StringEquals', 'a', 'a', true],
  ['O', 'StringEquals', 'a', 'A', false],
  ['O', 'StringEquals', ['a', 'b'], 'b', true],
  ['O', 'StringEquals', 'a*', 'ab', false],
  ['O', 'StringEquals', 'a', undefined, false],
  ['O', 'stringequals', 'a', 'a', true],
  ['O', 'StringNotEquals', 'a', 'b', true],
  ['O', 'StringNotEquals', ['a', 'b'], 'b', false],
  ['O: a negated operator holds where the key is missing', 'StringNotEquals', 'a', undefined, true],
  ['O', 'StringEqualsIgnoreCase', 'a', 'A', true],
  ['O', 'StringNotEqualsIgnoreCase', 'a', 'A', false],
  ['O', 'StringLike', 'a*c?', 'abbbcd', true],
  ['O', 'StringLike', 'A*', 'abc', false],
  ['O', 'StringNotLike', 'a*', 'abc', false],
  ['O', 'StringNotLike', 'a*', 'bcd', true],
  ['O', 'NumericEquals', '10', '10.0', true],
  ['O', 'NumericEquals', 10, '10', true],
  ['O', 'NumericNotEquals', '10', '11', true],
  ['O', 'NumericLessThan', '10', '9', true],
  ['O', 'NumericLessThan', '10', '10', false],
  ['O', 'NumericLessThanEquals', '10', '10', true],
  ['O', 'NumericLessThanEquals', '10', 'x', false],
  ['O', 'NumericGreaterThan', '10', '10', false],
  ['O', 'NumericGreaterThanEquals', '10', '10', true],
  ['O', 'NumericGreaterThan', '9', '10', true],
  ['O', 'DateGreaterThan', '2020-04-01T00:00:00Z', '2020-04-01T00:00:01Z', true],
  ['O', 'DateLessThan', '2020-06-30T23:59:59Z', '2020-07-01T00:00:00Z', false],
  ['O: seconds since 1970', 'DateLessThan', '1593561600', '2020-06-30T00:00:00Z', true],
  ['O', 'DateEquals', '2020-04-01T00:00:00Z', '2020-04-01T02:00:00+02:00', true],
  ['O', 'DateNotEquals', '2020-04-01T00:00:00Z', '2020-04-01T00:00:00Z', false],
  ['O', 'DateLessThanEquals', '2020-04-01T00:00:00Z', '2020-04-01T00:00:00Z', true],
  ['O', 'DateGreaterThanEquals', '2020-04-01T00:00:00Z', '2020-03-31T00:00:00Z', false],
  ['O', 'Bool', 'true', 'true', true],
  ['O', 'Bool', true, 'true', true],
  ['O', 'Bool', 'true', 'false', false],
  ['O', 'Bool', 'false', undefined, false],
  ['O', 'BinaryEquals', 'QmluYXJ5VmFsdWVJbkJhc2U2NA==', 'QmluYXJ5VmFsdWVJbkJhc2U2NA==', true],
  ['O', 'IpAddress', '203.0.113.0/24', '203.0.113.7', true],
  ['O', 'IpAddress', '203.0.113.0/24', '203.0.114.7', false],
  ['O', 'IpAddress', '203.0.113.7', '203.0.113.7', true],
  ['O', 'IpAddress', '203.0.113.7/32', '203.0.113.8', false],
  ['O', 'IpAddress', '0.0.0.0/0', '8.8.8.8', true],
  ['O', 'IpAddress', '2001:DB8:1234:5678::/64', '2001:db8:1234:5678::1', true],
  ['O', 'IpAddress', '0.0.0.0/0', '2001:db8::1', false],
  ['O', 'NotIpAddress', '203.0.113.0/24', '203.0.113.7', false],
  ['O', 'NotIpAddress', '203.0.113.0/24', '198.51.100.1', true],
  ['O', 'NotIpAddress', '203.0.113.0/24', undefined, true],
  ['O', 'ArnEquals', 'arn:aws:sns:*:123456789012:topic-*', 'arn:aws:sns:us-east-1:123456789012:topic-a', true],
  ['O', 'ArnLike', 'arn:aws:sns:us-east-1:123456789012:t', 'arn:aws:sns:us-east-1:123456789012:t', true],
  ['O: each of the six parts on its own', 'ArnLike', 'arn:aws:s*:t', 'arn:aws:sns:us-east-1:123456789012:t', false],
  ['O', 'ArnLike', 'arn:aws:s3:::b/*', 'arn:aws:s3:::b/k:1/2', true],
  ['O', 'ArnLike', 'arn:*:*:*:*:*', 'b/k', false],
  ['O', 'ArnNotEquals', 'arn:aws:s3:::b', 'arn:aws:s3:::c', true],
  ['O', 'ArnNotLike', 'arn:aws:s3:::*', 'arn:aws:s3:::c', false],
  ['O: true asks that the key is not there', 'Null', 'true', undefined, true],
  ['O', 'Null', 'true', 'x', false],
  ['O', 'Null', 'false', 'x', true],
  ['O', 'Null', false, undefined, false],
  ['O', 'StringEqualsIfExists', 'a', undefined, true],
  ['O', 'StringEqualsIfExists', 'a', 'b', false],
  ['O', 'NumericLessThanIfExists', '10', undefined, true],
  ['O', 'BoolIfExists', 'false', 'true', false],
  ['M', 'ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
  ['M', 'ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
  ['M: it holds where there is no value', 'ForAllValues:StringEquals', ['a'], undefined, true],
  ['M: it holds where there is no value', 'ForAllValues:StringLike', ['a*'], [], true],
  ['M', 'ForAnyValue:StringEquals', ['a', 'b'], ['c', 'b'], true],
  ['M', 'ForAnyValue:StringEquals', ['a'], ['c'], false],
  ['M', 'ForAnyValue:StringEquals', ['a'], undefined, false],
  ['M', 'ForAnyValue:StringLike', ['a*'], ['c', 'ab'], true],
  ['M', 'ForAllValues:StringNotEquals', ['a'], ['b', 'c'], true],
  ['M', 'ForAllValues:StringNotEquals', ['a'], ['a', 'c'], false],
  ['M', 'ForAnyValue:StringNotEquals', ['a'], ['a', 'c'], true],
  ['M', 'ForAllValues:NumericLessThan', ['5'], ['1', '4'], true],
]

describe('a condition operator', () => {
  for (const [source, operator, wanted, given, expected] of ROWS)
    it(`${operator} ${JSON.stringify(wanted)} ${expected ? 'holds' : 'fails'} for ${JSON.stringify(given)} (${source})`, () => {
      const known: Known = given === undefined ? {} : { 'test:Key': given }
      assert.equal(holds({ [operator]: { 'test:key': wanted } }, known), expected)
    })

  it('is one of several, all of which have to hold (C)', () => {
    const Condition = { StringEquals: { 'aws:a': 'x', 'aws:b': 'y' }, Bool: { 'aws:c': 'true' } }
    const known = { 'aws:a': 'x', 'aws:b': 'y', 'aws:c': 'true' }
    assert.ok(holds(Condition, known))
    for (const key of Object.keys(known)) assert.ok(!holds(Condition, { ...known, [key]: 'z' }))
  })
})

describe('a variable', () => {
  const user = { 'aws:username': 'carla', 'aws:PrincipalTag/team': 'red', 'aws:multi': ['a', 'b'] }

  it('stands for what is known of the caller (V)', () => {
    // Written in parts: these are no templates of JavaScript.
    const home = 'arn:aws:s3:::b/$' + '{aws:username}/*'
    assert.ok(holds({}, user, home, 'arn:aws:s3:::b/carla/k'))
    assert.ok(!holds({}, user, home, 'arn:aws:s3:::b/carlos/k'))
    assert.ok(holds({}, user, 'arn:aws:s3:::$' + '{AWS:PrincipalTag/team}*', 'arn:aws:s3:::red-b/k'))
    assert.ok(holds({ StringLike: { 's3:prefix': ['$' + '{aws:username}/*'] } }, { ...user, 's3:prefix': 'carla/x' }))
    assert.ok(holds({ StringEquals: { 's3:prefix': '$' + '{aws:username}' } }, { ...user, 's3:prefix': 'carla' }))
    const arn = 'arn:aws:sns:*:*:$' + '{aws:username}'
    assert.ok(holds({ ArnLike: { 'aws:SourceArn': arn } }, { ...user, 'aws:SourceArn': 'arn:aws:sns:r:a:carla' }))
  })

  it('that is not known matches nothing, unless it has a default (V)', () => {
    assert.ok(!holds({}, {}, 'arn:aws:s3:::b/$' + '{aws:username}', 'arn:aws:s3:::b/'))
    assert.ok(!holds({}, user, 'arn:aws:s3:::b/$' + '{aws:multi}', 'arn:aws:s3:::b/a'))
    const guest = 'arn:aws:s3:::b/$' + "{aws:username, 'guest'}"
    assert.ok(holds({}, {}, guest, 'arn:aws:s3:::b/guest'))
    assert.ok(holds({}, user, guest, 'arn:aws:s3:::b/carla'))
  })

  it('is no pattern itself, and neither are the characters it can stand for (V)', () => {
    const home = 'arn:aws:s3:::b/$' + '{aws:username}'
    assert.ok(!holds({}, { 'aws:username': '*' }, home, 'arn:aws:s3:::b/x'))
    assert.ok(holds({}, { 'aws:username': '*' }, home, 'arn:aws:s3:::b/*'))
    assert.ok(!holds({}, {}, 'arn:aws:s3:::b/$' + '{*}', 'arn:aws:s3:::b/x'))
    assert.ok(holds({}, {}, 'arn:aws:s3:::b/$' + '{*}$' + '{?}$' + '{$}', 'arn:aws:s3:::b/*?$'))
  })

  it('is only text in a policy of 2008 (V)', () => {
    const Resource = 'arn:aws:s3:::b/$' + '{aws:username}'
    for (const Version of ['2008-10-17', undefined]) {
      const policy = readPolicy({ Version, Statement: { Effect: 'Allow', Action: '*', Resource } }) ?? []
      const context = (): string[] => ['carla']
      const call = (resource: string) => evaluate(policy, { action: 's3:GetObject', resource, context })
      assert.equal(call('arn:aws:s3:::b/carla'), 'implicit deny')
      assert.equal(call(Resource), 'allow')
    }
  })
})
