// `permissions` and `role` in the model: what adds up, what handles become, and what is refused.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { complaintsOf, declared, modelOf, reference } from '../support/declared.ts'

const { bucket, lambda, owns, queue, route } = declared
const mail = { actions: ['ses:SendEmail'], resources: ['*'], why: 'receipts' }

const permissionsOf = (name: string, model: ReturnType<typeof modelOf>) =>
  model.functions.find((one) => one.name === name)?.permissions

it('adds up what the app, the stage and the function ask for', () => {
  const own = { actions: ['kms:Sign'], resources: ['arn:aws:kms:us-east-1:123456789012:key/*'], why: 'tickets' }
  const staged = { actions: ['xray:*'], resources: ['*'], why: 'looking around' }
  const options = { permissions: [mail], stages: { prod: { permissions: [staged] } } }
  const declarations = [lambda('sign', { permissions: [own] }), route('index', 'GET /')]
  const app = { file: 'app.ts', line: 1 }
  assert.deepEqual(permissionsOf('sign', modelOf(declarations, { options })), [
    { ...mail, where: app },
    { ...own, where: { file: 'app.ts', line: 2 } },
  ])
  const inProd = modelOf(declarations, { options, stage: 'prod' })
  assert.deepEqual(permissionsOf('api', inProd), [
    { ...mail, where: app },
    { ...staged, where: app },
  ])
})

it('takes handles for resources', () => {
  const resources = [
    reference('photos', 'bucket'),
    reference('orders', 'table'),
    reference('jobs'),
    reference('arn:aws:sns:eu-west-1:999999999999:news', 'topic'),
    reference('key', 'secret'),
    reference('other', 'function'),
  ]
  const model = modelOf([
    bucket('photos'),
    owns('table', 'orders', { key: 'id' }),
    queue('jobs'),
    owns('topic', 'arn:aws:sns:eu-west-1:999999999999:news', {}),
    owns('secret', 'key', {}),
    lambda('other'),
    lambda('look', { permissions: [{ actions: ['x:Y'], resources, why: 'y' }] }),
  ])
  assert.deepEqual(permissionsOf('look', model)?.[0]?.resources, [
    'arn:aws:s3:::shop-dev-photos-123456789012-us-east-1',
    'arn:aws:s3:::shop-dev-photos-123456789012-us-east-1/*',
    'arn:aws:dynamodb:us-east-1:123456789012:table/shop-dev-orders',
    'arn:aws:dynamodb:us-east-1:123456789012:table/shop-dev-orders/index/*',
    'arn:aws:sqs:us-east-1:123456789012:shop-dev-jobs',
    'arn:aws:sns:eu-west-1:999999999999:news',
    'arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-dev-key-??????',
    'arn:aws:lambda:us-east-1:123456789012:function:shop-dev-other',
  ])
})

it('keeps a role that is already there, and asks nothing of it', () => {
  const role = 'arn:aws:iam::123456789012:role/team/worker'
  const [made] = modelOf([lambda('work', { role })], { options: { permissions: [mail] } }).functions
  assert.deepEqual([made?.role, made?.permissions], [role, []])
})

it('knows tracing and the network', () => {
  const vpc = { subnets: ['subnet-1'], securityGroups: ['sg-1'] }
  const [made] = modelOf([lambda('work', { vpc })], { options: { tracing: true } }).functions
  assert.deepEqual([made?.tracing, made?.vpc], [true, vpc])
})

it('complains of what no policy could hold', () => {
  const said = (permissions: Parameters<typeof lambda>[1]) =>
    complaintsOf([lambda('work', permissions)]).map(({ message, where }) => `${where?.line} ${message}`)
  const first = (one: object) => said({ permissions: [{ ...mail, ...one }] })
  assert.deepEqual(said({ permissions: 'ses:SendEmail' }), ['2 `permissions` of the lambda work is "ses:SendEmail".'])
  assert.match(String(said({ permissions: [{ actions: ['ses:SendEmail'], resources: ['*'] }] })), /has no `why`/)
  assert.match(String(first({ why: ' ' })), /`why` that is " "/)
  assert.match(String(first({ actions: ['SendEmail'] })), /`actions` that holds something that is "SendEmail"/)
  assert.match(String(first({ actions: [] })), /`actions` that is empty/)
  assert.match(String(first({ resources: ['orders'] })), /`resources` that holds something that is "orders"/)
  assert.match(String(first({ effect: 'Deny' })), /has `effect`/)
  assert.match(String(first({ resources: [reference('gone')] })), /refers to `gone`, which the app does not export/)
  assert.match(String(said({ role: 'worker' })), /`role` of the lambda work is "worker"/)
  assert.match(
    String(said({ role: 'arn:aws:iam::123456789012:role/a', permissions: [mail] })),
    /`permissions` of the lambda work stands on a function whose `role`/,
  )
  assert.match(String(said({ vpc: { subnets: ['subnet-1'] } })), /`vpc` of the lambda work lacks/)
})
