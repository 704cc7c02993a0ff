// What whoever deploys must be allowed: actions that there are, on resources that they know, for every type that templates have.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readSource } from '../../scripts/update-iam.ts'
import { toDeployRights } from '../../src/deploy/plan/rights.ts'
import { layers, NETWORK, RIGHTS, type Right } from '../../src/deploy/plan/rights-table.ts'
import { toTemplate } from '../../src/deploy/template/compose.ts'
import type { Template } from '../../src/deploy/template.ts'
import { lengthOf } from '../../src/model/index.ts'
import { readMaking } from '../support/template.ts'

const PLACE = { app: 'shop', stage: 'dev', account: '123456789012', region: 'eu-central-1' }
const EMPTY: Template = { AWSTemplateFormatVersion: '2010-09-09', Description: '', Resources: {} }

const source = readSource()

/** What is wrong with an action on these resources, by AWS's service authorization reference. */
function problemsOf(action: string, resources: readonly string[]): string[] {
  const [service = '', name] = action.split(':')
  const known = source.actions(service).find((one) => one.name === name)
  if (known === undefined) return [`there is no ${action}`]
  const arns = [...source.types(service)]
    .filter(([type]) => known.resourceTypes.some((one) => one.name.toLowerCase() === type.toLowerCase()))
    .map(([, arn]) => arn)
  if (arns.length === 0)
    return resources.every((one) => one === '*') ? [] : [`${action} knows no resources, and is on ${resources.join()}`]
  const globs = arns.flatMap((arn) => arn.split(/,\s*/)).map((arn) => arn.replace(/\$\{\w+\}/g, '*'))
  const wrong = resources.flatMap((resource) => {
    // Of metrics only datasets are resources, and Lambda's are in none.
    if (resource === '*' && action === 'cloudwatch:GetMetricData') return []
    if (resource === '*') return [`${action} is on everything, and knows narrower: ${globs.join()}`]
    const filled = resource.replace(/\{\w+\}/g, 'x')
    return globs.some((glob) => meet(filled, glob)) ? [] : [`${action} is on ${resource}, and knows ${globs.join()}`]
  })
  // API Gateway's actions are methods: none of them is for each of the paths that they are allowed on.
  return service === 'apigateway' && wrong.length < resources.length ? [] : wrong
}

/** Whether any text fits both patterns, in which `*` is anything. */
function meet(left: string, right: string): boolean {
  if (left === '' || right === '') return /^\**$/.test(left + right)
  if (left.startsWith('*')) return meet(left.slice(1), right) || meet(left, right.slice(1))
  if (right.startsWith('*')) return meet(left, right.slice(1)) || meet(left.slice(1), right)
  return left[0] === right[0] && meet(left.slice(1), right.slice(1))
}

test('every right names an action that there is, on resources that it knows', () => {
  const all: Right[] = [
    ...Object.values(RIGHTS).flat(),
    ...NETWORK,
    layers(['arn:aws:lambda:eu-central-1:1:layer:a:1']),
  ]
  const wrong = all.flatMap(({ actions, on }) => actions.flatMap((action) => problemsOf(action, on)))
  assert.deepEqual([...new Set(wrong)], [])
})

test('so do the calls of Goblet itself', () => {
  const bucket = { Bucket: { Type: 'AWS::S3::Bucket' } }
  const { policy } = toDeployRights({ ...EMPTY, Resources: bucket }, PLACE, {
    buckets: ['their-bucket'],
    tables: ['arn:aws:dynamodb:eu-central-1:123456789012:table/theirs'],
    hasZones: true,
    parts: true,
    data: true,
  })
  const wrong = policy.Statement.flatMap(({ Action, Resource }) => Action.flatMap((one) => problemsOf(one, Resource)))
  assert.deepEqual([...new Set(wrong)], [])
})

for (const folder of ['everything', 'hello', 'websocket-chat'])
  test(`examples/${folder} has no type of which nobody knows what it needs, and its policy fits`, async () => {
    const template = toTemplate(await readMaking(`examples/${folder}`))
    const { policy, unknown } = toDeployRights(template, PLACE)
    assert.deepEqual(unknown, [])
    // Of a managed policy; larger ones go inline, into a role of their own.
    assert.ok(lengthOf(policy) < 10_240, `${lengthOf(policy)} characters`)
  })

test('what functions are given of others is allowed by name', () => {
  const role = 'arn:aws:iam::123456789012:role/guest'
  const layer = 'arn:aws:lambda:eu-central-1:123456789012:layer:tools:3'
  const topic = 'arn:aws:sns:eu-central-1:123456789012:theirs'
  const template: Template = {
    ...EMPTY,
    Resources: {
      Function: { Type: 'AWS::Lambda::Function', Properties: { Role: role, Layers: [layer], VpcConfig: {} } },
      Subscription: { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: topic } },
    },
  }
  const { policy } = toDeployRights(template, PLACE)
  const actionsOn = (resource: string): string[] =>
    policy.Statement.filter(({ Resource }) => Resource.includes(resource)).flatMap(({ Action }) => Action)
  assert.deepEqual(actionsOn(role), ['iam:PassRole'])
  assert.deepEqual(actionsOn(layer), ['lambda:GetLayerVersion'])
  assert.ok(actionsOn(topic).includes('sns:Subscribe'))
  assert.ok(actionsOn('*').includes('ec2:DescribeSubnets'))
})

test('nothing is allowed on what other apps own', () => {
  const template: Template = {
    ...EMPTY,
    Resources: Object.fromEntries(Object.keys(RIGHTS).map((Type) => [Type.replaceAll(':', ''), { Type }])),
  }
  const { policy } = toDeployRights(template, PLACE)
  const wide = policy.Statement.filter(({ Resource }) => Resource.includes('*')).flatMap(({ Action }) => Action)
  const writes = wide.filter((one) => !/:(Describe|Get|List)/.test(one))
  // They know nothing narrower; a mapping is held to the app's functions by a condition.
  assert.deepEqual(writes.sort(), [
    'acm:RequestCertificate',
    'kinesis:UpdateShardCount',
    'kinesis:UpdateStreamMode',
    'lambda:CreateEventSourceMapping',
  ])
  for (const { Action, Resource } of policy.Statement)
    for (const resource of Resource)
      if (/:(lambda|sqs|dynamodb|kinesis|s3):/.test(resource) && !resource.includes('event-source-mapping'))
        assert.match(resource, /shop-dev|\/shop\/dev\/|:::goblet-artifacts-123456789012-eu-central-1$/, Action.join())
})
