// What functions are granted for being functions, and the policy that is made of grants.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type Grant,
  lengthOf,
  type Model,
  ownGrants,
  POLICY_LIMIT,
  type PolicyDocument,
  toPolicies,
  toPolicyDocument,
} from '../../src/model/index.ts'
import { declared, modelOf, reference } from '../support/declared.ts'

const { bucket, change, consumer, lambda, owns, queue, reader, route, topic } = declared
const LOG = ['logs:CreateLogStream', 'logs:PutLogEvents']

/** `action resource` of everything but the log. */
function ownOf(name: string, model: Model): string[] {
  const made = model.functions.find((one) => one.name === name)
  assert.ok(made !== undefined)
  const grants = ownGrants(made, model)
  const log = `arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/shop-dev-${name}:*`
  for (const action of LOG)
    assert.ok(grants.some((one) => one.action === action && one.resource === log && one.by === 'goblet'))
  return grants.filter(({ action }) => !LOG.includes(action)).map(({ action, resource }) => `${action} ${resource}`)
}

const arn = (service: string, rest: string): string => `arn:aws:${service}:us-east-1:123456789012:${rest}`

it('grants a function that nobody wakes its own log only', () => {
  assert.deepEqual(ownOf('work', modelOf([lambda('work')])), [])
  assert.deepEqual(ownOf('api', modelOf([route('index', 'GET /')])), [])
})

it('grants what Lambda reads for a function', () => {
  const model = modelOf([
    queue('jobs', { fifo: true }),
    consumer('work', 'jobs'),
    owns('table', 'orders', { key: 'id' }),
    change('follow', 'orders'),
    owns('stream', 'clicks', {}),
    reader('count', 'clicks', { onFailure: reference('lost', 'bucket') }),
    bucket('lost'),
  ])
  assert.deepEqual(ownOf('work', model), [
    `sqs:DeleteMessage ${arn('sqs', 'shop-dev-jobs.fifo')}`,
    `sqs:GetQueueAttributes ${arn('sqs', 'shop-dev-jobs.fifo')}`,
    `sqs:ReceiveMessage ${arn('sqs', 'shop-dev-jobs.fifo')}`,
  ])
  const stream = arn('dynamodb', 'table/shop-dev-orders/stream/*')
  assert.deepEqual(ownOf('follow', model), [
    `dynamodb:DescribeStream ${stream}`,
    `dynamodb:GetRecords ${stream}`,
    `dynamodb:GetShardIterator ${stream}`,
    'dynamodb:ListStreams *',
  ])
  const clicks = arn('kinesis', 'stream/shop-dev-clicks')
  const lost = 'arn:aws:s3:::shop-dev-lost-123456789012-us-east-1'
  assert.deepEqual(ownOf('count', model), [
    `kinesis:DescribeStream ${clicks}`,
    `kinesis:DescribeStreamSummary ${clicks}`,
    `kinesis:GetRecords ${clicks}`,
    `kinesis:GetShardIterator ${clicks}`,
    `kinesis:ListShards ${clicks}`,
    `s3:PutObject ${lost}/*`,
    `s3:ListBucket ${lost}`,
  ])
})

it('grants telling those who are told how it ended', () => {
  const model = modelOf([
    queue('dead'),
    topic('news'),
    owns('bus', 'events', {}),
    lambda('after'),
    lambda('work', {
      deadLetter: reference('dead'),
      destinations: { success: reference('after', 'function'), failure: reference('events', 'bus') },
    }),
    lambda('other', { deadLetter: reference('news', 'topic') }),
  ])
  assert.deepEqual(ownOf('work', model), [
    `sqs:SendMessage ${arn('sqs', 'shop-dev-dead')}`,
    `lambda:InvokeFunction ${arn('lambda', 'function:shop-dev-after')}`,
    `events:PutEvents ${arn('events', 'event-bus/shop-dev-events')}`,
  ])
  assert.deepEqual(ownOf('other', model), [`sns:Publish ${arn('sns', 'shop-dev-news')}`])
})

it('grants traces and the network where they are wanted', () => {
  const vpc = { subnets: ['subnet-1'], securityGroups: ['sg-1'] }
  const own = ownOf('work', modelOf([lambda('work', { vpc, tracing: true })]))
  assert.deepEqual(own.slice(0, 4), [
    'xray:PutTelemetryRecords *',
    'xray:PutTraceSegments *',
    'ec2:DescribeNetworkInterfaces *',
    'ec2:DescribeSubnets *',
  ])
  assert.ok(own.includes(`ec2:CreateNetworkInterface ${arn('ec2', 'subnet/subnet-1')}`))
  assert.ok(own.includes(`ec2:DeleteNetworkInterface ${arn('ec2', '*/*')}`))
})

it('grants what the app asks for, and nothing where the role is somebody else’s', () => {
  const permissions = [{ actions: ['ses:SendEmail', 'ses:SendRawEmail'], resources: ['*'], why: 'receipts' }]
  const model = modelOf([lambda('work'), lambda('other', { role: 'arn:aws:iam::123456789012:role/r' })], {
    options: { permissions },
  })
  assert.deepEqual(ownOf('work', model), ['ses:SendEmail *', 'ses:SendRawEmail *'])
  const other = model.functions.find(({ name }) => name === 'other')
  assert.deepEqual(other === undefined ? undefined : ownGrants(other, model), [])
})

const grant = (action: string, resource: string, conditions?: Grant['conditions']): Grant => ({
  action,
  resource,
  by: 'code',
  chain: [],
  why: '',
  ...(conditions === undefined ? {} : { conditions }),
})

it('makes a policy whose statements are few, sorted, and the same for the same grants', () => {
  const via = { StringEquals: { 'kms:ViaService': ['s3.us-east-1.amazonaws.com'] } }
  const grants = [
    grant('s3:PutObject', 'arn:aws:s3:::b/*'),
    grant('s3:GetObject', 'arn:aws:s3:::b/*'),
    grant('s3:GetObject', 'arn:aws:s3:::a/*'),
    grant('s3:PutObject', 'arn:aws:s3:::a/*'),
    grant('s3:ListBucket', 'arn:aws:s3:::a'),
    grant('s3:ListBucket', 'arn:aws:s3:::a'),
    grant('kms:Decrypt', 'arn:aws:kms:us-east-1:1:key/k', via),
    grant('xray:PutTraceSegments', '*'),
    grant('xray:PutTraceSegments', 'arn:aws:xray:::x'),
  ]
  const expected = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['kms:Decrypt'], Resource: ['arn:aws:kms:us-east-1:1:key/k'], Condition: via },
      { Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*'] },
      { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: ['arn:aws:s3:::a'] },
      { Effect: 'Allow', Action: ['xray:PutTraceSegments'], Resource: ['*'] },
    ],
  }
  assert.deepEqual(toPolicyDocument(grants), expected)
  assert.deepEqual(toPolicyDocument([...grants].reverse()), expected)
})

it('allows exactly what was granted, however it is put together', () => {
  const random = ((seed) => () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
    return seed
  })(7)
  for (let round = 0; round < 200; round++) {
    const grants = Array.from({ length: 1 + (random() % 40) }, () =>
      grant(
        `s3:A${random() % 6}`,
        `arn:aws:s3:::b${random() % 5}`,
        random() % 5 === 0 ? { Bool: { x: ['true'] } } : undefined,
      ),
    )
    const told = (action: string, resource: string, condition: unknown) =>
      `${action} ${resource} ${JSON.stringify(condition)}`
    const given = new Set(grants.map((one) => told(one.action, one.resource, one.conditions)))
    const allowed = toPolicyDocument(grants).Statement.flatMap(({ Action, Resource, Condition }) =>
      Action.flatMap((action) => Resource.map((resource) => told(action, resource, Condition))),
    )
    assert.deepEqual([...new Set(allowed)].sort(), [...given].sort())
    assert.equal(allowed.length, given.size, 'nothing is said twice')
  }
})

it('keeps the policy of a large function within IAM’s limit by grouping', () => {
  const tables = Array.from({ length: 40 }, (_, index) => arn('dynamodb', `table/shop-dev-table-number-${index}`))
  const actions = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'Scan'].map((one) => `dynamodb:${one}`)
  const document = toPolicyDocument(tables.flatMap((table) => actions.map((action) => grant(action, table))))
  assert.equal(document.Statement.length, 1)
  assert.ok(lengthOf(document) < POLICY_LIMIT, `${lengthOf(document)}`)
})

describe('the policies of a role', () => {
  const told = (documents: readonly PolicyDocument[]) =>
    documents
      .flatMap(({ Statement }) => Statement)
      .flatMap(({ Action, Resource, Condition }) =>
        Action.flatMap((action) => Resource.map((one) => `${action} ${one} ${JSON.stringify(Condition)}`)),
      )
      .sort()
  // Every table with actions of its own, so that nothing is grouped.
  const many = (tables: number) =>
    Array.from({ length: tables }, (_, index) =>
      ['Get', 'Put', 'Query'].map((one) =>
        grant(`dynamodb:${one}Item${index}`, arn('dynamodb', `table/shop-dev-table-number-${index}`)),
      ),
    ).flat()

  it('are one as long as that is enough', () => {
    assert.deepEqual(toPolicies(many(3)), { inline: toPolicyDocument(many(3)), managed: [], fits: true })
    assert.deepEqual(toPolicies([]).inline.Statement, [])
  })

  it('are as many as it takes, each within its limit, and allow the same', () => {
    const grants = many(200)
    const { inline, managed, fits } = toPolicies(grants)
    assert.ok(lengthOf(inline) <= POLICY_LIMIT && lengthOf(inline) > 9_500, `${lengthOf(inline)}`)
    assert.ok(managed.length > 1)
    for (const one of managed) assert.ok(lengthOf(one) <= 6_144, `${lengthOf(one)}`)
    assert.deepEqual(told([inline, ...managed]), told([toPolicyDocument(grants)]))
    assert.equal(fits, true)
    assert.deepEqual(toPolicies([...grants].reverse()), { inline, managed, fits })
  })

  it('divide a statement that none can hold', () => {
    const tables = Array.from({ length: 300 }, (_, index) => arn('dynamodb', `table/shop-dev-table-number-${index}`))
    const grants = tables.flatMap((table) => ['dynamodb:GetItem', 'dynamodb:PutItem'].map((one) => grant(one, table)))
    const { inline, managed, fits } = toPolicies(grants)
    for (const one of managed) assert.ok(lengthOf(one) <= 6_144, `${lengthOf(one)}`)
    assert.deepEqual(told([inline, ...managed]), told([toPolicyDocument(grants)]))
    assert.equal(fits, true)
  })

  it('are too much for a role beyond its own and ten more', () => {
    assert.equal(toPolicies(many(250)).fits, true)
    assert.equal(toPolicies(many(500)).fits, false)
    assert.equal(toPolicies([grant('s3:GetObject', `arn:aws:s3:::${'x'.repeat(11_000)}/*`)]).fits, false)
  })
})
