// What requests need: remembered or worked out anew it is the same, and no input, however odd, is one too many.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needsOf, operationsOf, toValue } from '../../src/aws/access.ts'
import { Needs } from '../../src/local/iam/needs.ts'
import { functionOf, makeToken, tokenOf } from '../../src/local/iam/token.ts'
import { seeded } from '../support/random.ts'

const PLACE = { partition: 'aws', region: 'us-east-1', account: '000000000000' }
const CLIENTS =
  'sqs sns s3 dynamodb dynamodb-streams kinesis eventbridge scheduler lambda ssm secrets-manager cloudwatch-logs'
const MEMBERS = [
  ...['QueueUrl', 'TopicArn', 'TargetArn', 'PhoneNumber', 'Bucket', 'Key', 'CopySource', 'VersionId', 'Tagging', 'ACL'],
  ...['TableName', 'IndexName', 'Statement', 'Statements', 'TransactItems', 'RequestItems', 'StreamName', 'StreamARN'],
  ...['Entries', 'EventBusName', 'Name', 'Names', 'Path', 'WithDecryption', 'SecretId', 'FunctionName', 'Qualifier'],
  ...[
    'GroupName',
    'logGroupName',
    'logStreamName',
    'ResourceArn',
    'ResourceARN',
    'Target',
    'RoleArn',
    'Delete',
    'Tags',
  ],
  ...['__proto__', 'constructor', 'SSEKMSKeyId', 'KmsKeyId', 'KeyId', 'Resource', 'UUID', 'ShardIterator'],
]

test('what is remembered is what would be worked out, for every operation and whatever input', () => {
  const { whole: random } = seeded(5)
  const pick = <T>(all: readonly T[], otherwise: T): T => all[random(all.length)] ?? otherwise
  const text = (): string =>
    pick(
      [
        'a',
        'b',
        '',
        '*',
        'a/b',
        '/x',
        'arn:aws:sqs:us-east-1:000000000000:q',
        'http://h/000000000000/q',
        'SELECT * FROM "t"',
        'UPDATE',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of IAM's.
        '${x}',
        '?versionId=1',
        '\u{1f600}',
      ],
      '',
    )
  const value = (depth: number): unknown => {
    const kind = random(depth > 2 ? 6 : 9)
    if (kind < 4) return text()
    if (kind < 5) return random(5)
    if (kind < 6) return pick<unknown>([null, true, false, undefined, 0], null)
    if (kind < 7) return Array.from({ length: random(3) }, () => value(depth + 1))
    return input(depth + 1)
  }
  const input = (depth = 0): Record<string, unknown> => {
    const made: Record<string, unknown> = Object.create(null)
    for (let count = random(6); count > 0; count--) made[pick(MEMBERS, '')] = value(depth)
    return made
  }
  const needs = new Needs()
  for (const client of CLIENTS.split(' ')) {
    const operations = operationsOf(client)
    for (let round = 0; round < 4000; round++) {
      const operation = pick(operations, '')
      const given = input()
      const fresh = needsOf({ service: client, name: operation }, toValue(given), PLACE)
      // As toValue has it: what is undefined is not there.
      const remembered = needs.of({ client, operation, input: given })
      if (Object.values(given).includes(undefined)) continue
      assert.deepEqual(remembered, fresh, `${client} ${operation} ${JSON.stringify(given)}`)
    }
  }
})

test('an operation that nobody knows is not let through for that', () => {
  const [need] = new Needs().of({ client: 'sqs', operation: 'Teleport', input: {} })
  assert.deepEqual(need, { action: 'sqs:Teleport', resources: ['*'], exact: false })
})

test('a token names its function, and nothing else is one', () => {
  for (const name of ['api', 'admin.list', 'mit Umlaut ä', 'a'.repeat(140)]) {
    const token = makeToken(name)
    assert.equal(functionOf(token), name)
    assert.equal(tokenOf({ headers: { 'x-amz-security-token': token }, query: '' }), token)
    const query = new URLSearchParams({ 'X-Amz-Expires': '60', 'X-Amz-Security-Token': token }).toString()
    assert.equal(tokenOf({ headers: {}, query }), token)
  }
  for (const bad of ['', '.', 'x', 'goblet-session.abc', `${'x'.repeat(36)}.YQ`, `${makeToken('a')}!`, '.'.repeat(40)])
    assert.equal(functionOf(bad), undefined)
})
