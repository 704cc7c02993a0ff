// What a plan says: what differs, what is lost and refused, who is allowed what, and what it costs while nobody uses it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toTemplate } from '../../src/deploy/compose.ts'
import type { Deployment } from '../../src/deploy/deployment.ts'
import { compareTemplates } from '../../src/deploy/diff.ts'
import { toMetadata } from '../../src/deploy/metadata.ts'
import { type Plan, placesOf, planOf, type Standing } from '../../src/deploy/plan.ts'
import type { Tasks } from '../../src/deploy/situation.ts'
import type { Properties, Template } from '../../src/deploy/template.ts'
import type { Grant, Model } from '../../src/model/index.ts'
import { type Described, declared, type Given, modelOf } from '../support/declared.ts'
import { makingFrom } from '../support/template.ts'

const { lambda, owns, queue, consumer } = declared

interface App {
  readonly declarations: readonly Described[]
  readonly given?: Given
  /** By function. */
  readonly grants?: Readonly<Record<string, readonly Grant[]>>
  readonly sha256?: string
}

function deploymentOf({ declarations, given = {}, grants = {}, sha256 = 'one' }: App): {
  deployment: Deployment
  model: Model
} {
  const model = modelOf(declarations, given)
  const { app, stage, account, region, functions } = model
  const permissions = new Map(
    functions.map(({ name }) => [name, { grants: grants[name] ?? [], warnings: [], errors: [] }]),
  )
  const artifacts = functions.map(({ name, physicalName }) => ({
    ...{ function: name, physicalName, key: `${name}.zip`, sha256, size: 4000 },
    bytes: async () => new Uint8Array(),
  }))
  const template = toTemplate(makingFrom(model, permissions))
  const stack = `${app}-${stage}`
  const nested = new Map<string, Template>()
  const whole = { app, stage, account, region, stack, template, nested, functions, artifacts, permissions }
  return { deployment: { ...whole, listeners: [] }, model }
}

/** The plan from one app, deployed, to another. */
function planFrom(before: App | undefined, after: App, allowReplace = false): Plan {
  const { deployment, model } = deploymentOf(after)
  const old = before === undefined ? undefined : deploymentOf(before).deployment
  const code = new Map(old?.artifacts.map((one) => [one.physicalName, one.sha256]))
  const standing: Standing = { template: old?.template, nested: new Map(), code }
  const isSame = old !== undefined && compareTemplates(old.template, deployment.template).resources.length === 0
  const functions = deployment.artifacts.map((artifact) => ({
    ...{ artifact, corrections: undefined, code: code.get(artifact.physicalName) !== artifact.sha256 },
    publish: code.get(artifact.physicalName) !== artifact.sha256,
    live: { name: artifact.function, physicalName: artifact.physicalName, latest: undefined, alias: undefined },
  }))
  const tasks: Tasks = {
    stack: !isSame,
    missing: [],
    functions: functions.map((one) => ({ ...one, live: { ...one.live, version: undefined } })),
  }
  return planOf(deployment, standing, { places: placesOf(model), allowReplace, tasks })
}

const does = ({ resources }: Plan, type: string): string[] =>
  resources.filter((one) => one.type === type).map((one) => one.does)
const TABLE = 'AWS::DynamoDB::Table'
const orders = (options: object = {}) => owns('table', 'orders', { key: 'id', ...options })

test('a first deploy adds everything; the same again is nothing', () => {
  const app = { declarations: [lambda('work'), orders()] }
  const first = planFrom(undefined, app)
  assert.equal(first.kind, 'first')
  assert.ok(first.resources.every((one) => one.does === 'add'))
  assert.deepEqual(first.code, [{ function: 'work', does: 'add', size: 4000 }])
  const again = planFrom(app, app)
  assert.deepEqual(
    [again.kind, again.resources, again.code, again.permissions.grants, again.costs.costs, again.refusals],
    ['nothing', [], [], [], [], []],
  )
})

test('other code alone is no matter of CloudFormation', () => {
  const before = { declarations: [lambda('work'), lambda('rest')] }
  const { deployment, model } = deploymentOf({ ...before, sha256: 'two' })
  assert.ok(model.functions.length === 2)
  const plan = planFrom(before, { ...before, sha256: 'two' })
  assert.equal(plan.kind, 'code')
  assert.deepEqual(plan.resources, [])
  assert.deepEqual(
    plan.code.map((one) => [one.function, one.does]),
    deployment.artifacts.map((one) => [one.function, 'change']),
  )
})

test('a change names the properties, down to the variable', () => {
  const plan = planFrom(
    { declarations: [lambda('work', { timeout: 3, env: { LEVEL: 'info' } })] },
    { declarations: [lambda('work', { timeout: 10, env: { LEVEL: 'debug' } })] },
  )
  const [change, ...more] = plan.resources
  assert.equal(more.length, 0)
  assert.deepEqual(change?.properties, [
    // Plans are read in the logs of pipelines, and a variable may hold a secret.
    { path: 'Environment.Variables.LEVEL', before: '***', after: '***' },
    { path: 'Timeout', before: 3, after: 10 },
  ])
})

test('neither is the value of a parameter', () => {
  const parameter = (Value: string): Template => ({
    ...{ AWSTemplateFormatVersion: '2010-09-09', Description: '' },
    Resources: { One: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value } } },
  })
  const { resources } = compareTemplates(parameter('hidden-1'), parameter('hidden-2'))
  assert.deepEqual(resources[0]?.properties, [{ path: 'Value', before: '***', after: '***' }])
})

test('nothing that may be a secret is shown, however deep it is', () => {
  const resource = (Properties: Properties): Template => ({
    ...{ AWSTemplateFormatVersion: '2010-09-09', Description: '' },
    Resources: { One: { Type: 'AWS::Some::Thing', Properties } },
  })
  const { resources } = compareTemplates(
    resource({ MasterUserPassword: 'hidden-1' }),
    resource({
      MasterUserPassword: 'hidden-2',
      Login: { Password: 'hidden-3', Name: 'shown' },
      Containers: [{ Environment: [{ Name: 'KEY', Value: 'hidden-4' }], AuthToken: 'hidden-5' }],
      Environment: { Variables: { KEY: 'hidden-6' } },
    }),
  )
  const [empty] = compareTemplates(resource({}), resource({ Empty: {} })).resources
  assert.deepEqual(empty?.properties, [{ path: 'Empty', before: undefined, after: {} }])
  const text = JSON.stringify(resources)
  assert.doesNotMatch(text, /hidden/)
  assert.match(text, /"path":"Login.Name","after":"shown"/)
  assert.match(text, /"path":"Environment.Variables.KEY","after":"\*\*\*"/)
})

test('a table that would be replaced stops the deploy, with its line and the way out', () => {
  const plan = planFrom({ declarations: [orders()] }, { declarations: [lambda('work'), orders({ key: 'number' })] })
  assert.deepEqual(does(plan, TABLE), ['replace'])
  const [refusal] = plan.refusals
  assert.equal(refusal?.code, 'GOBLET_REPLACES_DATA')
  assert.deepEqual(refusal?.where, { file: 'app.ts', line: 3 })
  assert.match(
    refusal?.message ?? '',
    /shop-dev-orders would have to be replaced by an empty one, because of .*KeySchema/,
  )
  assert.match(refusal?.mend ?? '', /another name/)
  // CloudFormation could not do it under the same name, whoever allows it.
  const allowed = planFrom({ declarations: [orders()] }, { declarations: [orders({ key: 'number' })] }, true)
  assert.equal(allowed.refusals.length, 1)
})

test('a local index cannot be given to a table that is there', () => {
  const key = ['id', 'at']
  const local = { key, indexes: { byDay: { key: ['id', 'day'], local: true } } }
  const plan = planFrom({ declarations: [orders({ key })] }, { declarations: [orders(local)] })
  assert.deepEqual(does(plan, TABLE), ['refuse'])
  assert.match(plan.refusals[0]?.message ?? '', /takes no change of .*LocalSecondaryIndexes/)
})

test('what is merely changed is not refused', () => {
  const plan = planFrom({ declarations: [orders()] }, { declarations: [orders({ ttl: 'expires', recovery: true })] })
  assert.deepEqual([does(plan, TABLE), plan.refusals], [['change'], []])
})

test('a table that leaves the app stays on AWS; a queue goes, and its messages with it', () => {
  const plan = planFrom({ declarations: [orders(), queue('jobs')] }, { declarations: [] })
  assert.deepEqual(does(plan, TABLE), ['leave'])
  const gone = plan.resources.find((one) => one.type === 'AWS::SQS::Queue')
  assert.deepEqual([gone?.does, gone?.loses], ['remove', 'messages'])
  assert.deepEqual(plan.refusals, [])
})

test('a raw resource that holds data is not removed without a word', () => {
  const users = owns('resource', 'AWS::Cognito::UserPool', { properties: {} })
  const plan = planFrom({ declarations: [users] }, { declarations: [] })
  const [refusal] = plan.refusals
  assert.match(refusal?.message ?? '', /AWS::Cognito::UserPool .* would be removed, with users/)
  assert.deepEqual(planFrom({ declarations: [users] }, { declarations: [] }, true).refusals, [])
})

test('permissions: what is new has its line, what is gone is named', () => {
  const grant = (action: string, line: number): Grant => ({
    ...{ action, resource: 'arn:aws:sqs:us-east-1:123456789012:shop-dev-jobs', by: 'code', why: '' },
    chain: [{ file: 'app.ts', line }],
  })
  const declarations = [lambda('work'), queue('jobs')]
  const plan = planFrom(
    { declarations, grants: { work: [grant('sqs:SendMessage', 3), grant('sqs:PurgeQueue', 4)] } },
    { declarations, grants: { work: [grant('sqs:SendMessage', 9), grant('sqs:GetQueueUrl', 12)] } },
  )
  const told = plan.permissions.grants.map((one) => [one.function, one.name, one.places])
  assert.deepEqual(told, [['work', 'sqs:GetQueueUrl', ['app.ts:12']]])
  assert.deepEqual(
    plan.permissions.gone.map((one) => one.name),
    ['sqs:PurgeQueue'],
  )
})

test('costs: only what has a standing price, and only its difference', () => {
  const provisioned = (read: number) => owns('table', 'orders', { key: 'id', provisioned: { read, write: 1 } })
  const first = planFrom(undefined, {
    declarations: [provisioned(5), owns('stream', 'clicks', { shards: 2 }), owns('secret', 'token', {}), queue('jobs')],
  })
  const month = new Map(first.costs.costs.map((one) => [one.name, one.month]))
  // By hand: (5 × 0.00013 + 1 × 0.00065) × 730, 2 × 0.015 × 730, 0.40.
  assert.deepEqual(
    [month.get('shop-dev-orders'), month.get('shop-dev-clicks'), month.get('shop-dev-token'), month.size],
    [0.95, 21.9, 0.4, 3],
  )
  assert.equal(first.costs.month, 23.25)
  assert.match(first.costs.notice, /estimate .* us-east-1.*free tier/)
  const more = planFrom({ declarations: [provisioned(5)] }, { declarations: [provisioned(15)] })
  assert.deepEqual(
    more.costs.costs.map((one) => one.month),
    [0.95],
  )
  assert.deepEqual(planFrom(undefined, { declarations: [orders(), lambda('work')] }).costs.costs, [])
})

test('what a template says of itself is read back; what another hand wrote is not believed', () => {
  const model = modelOf([consumer('work', 'jobs'), queue('jobs')])
  const { code, permissions } = makingFrom(model, new Map())
  const Metadata = toMetadata({ code, permissions }, 'dev')
  const template: Template = { AWSTemplateFormatVersion: '2010-09-09', Description: '', Resources: {} }
  assert.equal(planFrom({ declarations: [] }, { declarations: [] }).kind, 'nothing')
  assert.deepEqual(Object.keys(Metadata), ['Goblet'])
  for (const Wrong of [{}, { Goblet: 1 }, { Goblet: { version: 2 } }, { Goblet: { version: 1, permissions: [] } }]) {
    const standing: Standing = { template: { ...template, Metadata: Wrong }, nested: new Map(), code: new Map() }
    const { deployment } = deploymentOf({ declarations: [] })
    const tasks: Tasks = { stack: false, missing: [], functions: [] }
    const plan = planOf(deployment, standing, { places: new Map(), allowReplace: false, tasks })
    assert.deepEqual(plan.permissions.gone, [])
  }
})
