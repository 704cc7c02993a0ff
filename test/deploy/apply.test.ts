// What deploy decides without asking anybody: the first cause of a failure, what is in an alias's history, what a template is
// without what is missing, and which settings another hand changed.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCanary } from '../../src/deploy/canary.ts'
import { correctionsOf } from '../../src/deploy/corrections.ts'
import { failureOf, firstCause, wayOut } from '../../src/deploy/failures.ts'
import {
  continued,
  deployId,
  deployTime,
  newestDeploy,
  readHistory,
  shortName,
  toDescription,
} from '../../src/deploy/history.ts'
import { without } from '../../src/deploy/mend.ts'
import type { Happening } from '../../src/deploy/stack.ts'
import type { Template } from '../../src/deploy/template.ts'

const happening = (id: string, status: string, reason: string, time: number, type = 'AWS::SQS::Queue'): Happening => ({
  stack: 'shop-dev',
  id,
  type,
  status,
  reason,
  time,
})

test('the first cause is the earliest failure that followed from no other, in parts of the stack too', () => {
  const stack = 'AWS::CloudFormation::Stack'
  const happened = [
    happening('Part1', 'CREATE_FAILED', 'Embedded stack arn:… was not successfully created', 5, stack),
    happening('QueueB', 'CREATE_FAILED', 'Resource creation cancelled', 2),
    happening('RoleC', 'CREATE_FAILED', 'The role name is taken: it already exists', 3, 'AWS::IAM::Role'),
    happening('QueueD', 'CREATE_FAILED', 'Rate exceeded', 4),
    happening('shop-dev', 'ROLLBACK_IN_PROGRESS', 'The following resource(s) failed to create', 6, stack),
  ]
  assert.equal(firstCause(happened)?.id, 'RoleC')
  const { message } = failureOf('shop-dev', { status: 'ROLLBACK_COMPLETE', reason: '' }, happened)
  assert.match(
    message,
    /RoleC \(AWS::IAM::Role\) failed: The role name is taken: it already exists\. .*ROLLBACK_COMPLETE/,
  )
  assert.match(message, /\{ existing: true \}/)
})

test('what failed first is told with the line that declares it', () => {
  const happened = [happening('QueueJobs', 'CREATE_FAILED', 'shop-dev-jobs already exists', 2)]
  const places = new Map([['QueueJobs', { file: 'app.ts', line: 4, column: 21 }]])
  const { message } = failureOf('shop-dev', { status: 'ROLLBACK_COMPLETE', reason: '' }, happened, places)
  assert.match(message, /^GobletError: app\.ts:4:21 {2}|^app\.ts:4:21 {2}/)
})

test('a stack that cannot go on by itself is told as such', () => {
  const { message } = failureOf('shop-dev', { status: 'UPDATE_ROLLBACK_FAILED', reason: 'x' }, [])
  assert.match(message, /GOBLET_STACK_STUCK/)
})

test('known reasons have their ways out', () => {
  const reasons: [string, RegExp][] = [
    ['User: ada is not authorized to perform: sqs:CreateQueue on resource: x', /lacks `sqs:CreateQueue`/],
    ['shop-dev-jobs already exists', /existing: true/],
    [
      "Specified ReservedConcurrentExecutions decreases account's UnreservedConcurrentExecution below its minimum value of [100].",
      /lower `concurrency`/,
    ],
    ['Unzipped size must be smaller than 262144000 bytes', /`goblet image`/],
    ['Rate exceeded', /run the same command again/],
    ['Something new', /deploy again/],
  ]
  for (const [reason, way] of reasons) assert.match(wayOut(reason), way)
})

test('an alias tells what was live before, within the limit of its description', () => {
  const entries = Array.from({ length: 30 }, (_, index) => ({
    deploy: deployId(1_795_000_000_000 + index * 1000, ['x']),
    version: String(10_000 - index),
  }))
  const by = shortName(`arn:aws:sts::111122223333:assumed-role/${'Admin'.repeat(8)}/ada@example.com`)
  const description = toDescription({ by, entries })
  assert.ok(description.length <= 256, String(description.length))
  const read = readHistory(description, '10000')
  assert.equal(read.entries.length, 10)
  assert.deepEqual(read.entries, entries.slice(0, 10))
  assert.equal(deployTime(read.entries[0]?.deploy ?? ''), 1_795_000_000_000)
})

test('an alias that another hand moved counts as moved; one of nobody has no history', () => {
  const history = readHistory('goblet, by user/ada: t5i2m8-1f2e3d=4 t5i2m7-aaaaaa=3', '9')
  assert.deepEqual(
    history.entries.map(({ version }) => version),
    ['9', '4', '3'],
  )
  assert.deepEqual(readHistory('', '$LATEST').entries, [])
  assert.deepEqual(readHistory('production', '2').entries, [{ deploy: '', version: '2' }])
})

test('a deploy of the same goes on under the id of the one before', () => {
  const [first, again, other] = [deployId(1000, ['a']), deployId(9000, ['a']), deployId(9000, ['b'])]
  const histories = [{ by: '', entries: [{ deploy: first, version: '1' }] }]
  assert.equal(newestDeploy(histories), first)
  assert.equal(continued(again, histories), first)
  assert.equal(continued(other, histories), other)
})

test('without what is missing, what refers to it goes too; what holds data only loses what refers', () => {
  const template: Template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: '',
    Resources: {
      Function: { Type: 'AWS::Lambda::Function' },
      Alias: {
        Type: 'AWS::Lambda::Alias',
        DeletionPolicy: 'Delete',
        Properties: { FunctionName: { Ref: 'Function' } },
      },
      Permission: {
        Type: 'AWS::Lambda::Permission',
        Properties: { FunctionName: { 'Fn::Sub': [`\${Alias}`, {}] } },
      },
      Photos: {
        Type: 'AWS::S3::Bucket',
        DependsOn: ['Permission'],
        DeletionPolicy: 'RetainExceptOnCreate',
        Properties: {
          BucketName: 'photos',
          NotificationConfiguration: { LambdaConfigurations: [{ Function: { Ref: 'Alias' } }] },
        },
      },
      Queue: { Type: 'AWS::SQS::Queue' },
    },
    Outputs: { Url: { Value: { 'Fn::GetAtt': ['Function', 'Arn'] } }, Jobs: { Value: { Ref: 'Queue' } } },
  }
  const left = without(template, ['Function'])
  assert.deepEqual(left.Resources, {
    Photos: { Type: 'AWS::S3::Bucket', DeletionPolicy: 'RetainExceptOnCreate', Properties: { BucketName: 'photos' } },
    Queue: { Type: 'AWS::SQS::Queue' },
  })
  assert.deepEqual(left.Outputs, { Jobs: { Value: { Ref: 'Queue' } } })
})

test('settings are held against the template; values that it only refers to against the live version', () => {
  const resource = {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Timeout: 10,
      MemorySize: 256,
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Environment: { Variables: { LEVEL: 'info', SOCKET: { Ref: 'Api' } } },
    },
  }
  const role = 'arn:aws:iam::111122223333:role/shop-dev-Role-1'
  const version = { Role: role, Environment: { Variables: { LEVEL: 'info', SOCKET: 'wss://x' } } }
  const ids = new Map([['Role', 'shop-dev-Role-1']])
  const right = { Timeout: 10, MemorySize: 256, ...version }
  assert.equal(correctionsOf(resource, right, version, ids), undefined)
  const Variables = { LEVEL: 'info' }
  const wrong = {
    Timeout: 10,
    MemorySize: 128,
    Role: 'arn:aws:iam::111122223333:role/admin',
    Environment: { Variables },
  }
  const found = correctionsOf(resource, wrong, version, ids)
  assert.deepEqual(found, {
    said: [
      'memory is 128, not 256',
      `role is arn:aws:iam::111122223333:role/admin, not ${role}`,
      'the environment differs in SOCKET',
    ],
    MemorySize: 256,
    Role: role,
    Environment: version.Environment,
  })
})

test('a canary is a share and a time', () => {
  assert.deepEqual(readCanary('10%/5m'), { share: 0.1, milliseconds: 300_000 })
  assert.deepEqual(readCanary('2.5%/90s'), { share: 0.025, milliseconds: 90_000 })
  for (const text of ['10%', '0%/5m', '100%/5m', '10%/0s', 'x']) assert.throws(() => readCanary(text), /GOBLET_USAGE/)
})
