// What tools find that look around: the roles of the app's functions, the app as a stack, its API.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import {
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam'
import { grant, type Running, runApp, toQueue, toRoute } from '../support/cloud.ts'

let app: Running
let client: IAMClient
const code = 'export const handler = () => ({ statusCode: 200 })'
const last = {
  functions: { api: { code, trigger: 'http' as const }, work: code },
  triggers: [toRoute('api', 'GET', '/notes/{id}')],
  resources: [toQueue('jobs')],
}
before(async () => {
  app = await runApp(last)
  client = new IAMClient({
    endpoint: app.cloud.aws,
    region: 'us-east-1',
    credentials: { accessKeyId: 'goblet', secretAccessKey: 'goblet' },
    maxAttempts: 1,
  })
})
after(async () => {
  client.destroy()
  await app[Symbol.asyncDispose]()
})

test('every function has a role', async () => {
  const { Roles = [] } = await client.send(new ListRolesCommand({}))
  assert.deepEqual(
    Roles.map(({ RoleName }) => RoleName),
    ['test-dev-api-role', 'test-dev-work-role'],
  )
  const { Role } = await client.send(new GetRoleCommand({ RoleName: 'test-dev-work-role' }))
  assert.equal(Role?.Arn, 'arn:aws:iam::000000000000:role/test-dev-work-role')
  const trust = JSON.parse(decodeURIComponent(String(Role?.AssumeRolePolicyDocument)))
  assert.equal(trust.Statement[0].Principal.Service, 'lambda.amazonaws.com')
  const of = { RoleName: 'test-dev-work-role' }
  const { AttachedPolicies = [] } = await client.send(new ListAttachedRolePoliciesCommand(of))
  assert.equal(AttachedPolicies[0]?.PolicyArn, 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole')
  const { PolicyNames = [] } = await client.send(new ListRolePoliciesCommand(of))
  assert.deepEqual(PolicyNames, ['app'])
  const { PolicyDocument } = await client.send(new GetRolePolicyCommand({ ...of, PolicyName: 'app' }))
  assert.deepEqual(JSON.parse(decodeURIComponent(String(PolicyDocument))).Statement, [
    { Effect: 'Allow', Action: 'sqs:*', Resource: 'arn:aws:sqs:us-east-1:000000000000:test-dev-jobs' },
  ])
  assert.equal((await client.send(new GetUserCommand({}))).User?.UserName, 'goblet')
})

test('a role has what its function may do, and one that was there before is not the app’s', async () => {
  const { functions } = last
  const role = 'arn:aws:iam::123456789012:role/theirs'
  const jobs = 'arn:aws:sqs:us-east-1:000000000000:test-dev-jobs'
  await app.apply({
    ...last,
    functions: { ...functions, theirs: { code: functions.work, role } },
    grants: { api: [grant('sqs:SendMessage', jobs), grant('xray:PutTraceSegments', '*')], work: [] },
  })
  const of = { RoleName: 'test-dev-api-role', PolicyName: 'app' }
  const { PolicyDocument } = await client.send(new GetRolePolicyCommand(of))
  assert.deepEqual(JSON.parse(decodeURIComponent(String(PolicyDocument))).Statement, [
    { Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: [jobs] },
    { Effect: 'Allow', Action: ['xray:PutTraceSegments'], Resource: ['*'] },
  ])
  const { AttachedPolicies } = await client.send(new ListAttachedRolePoliciesCommand({ RoleName: of.RoleName }))
  assert.deepEqual(AttachedPolicies ?? [], [])
  const { Roles = [] } = await client.send(new ListRolesCommand({}))
  assert.equal(Roles.length, 2)
  await app.apply(last)
})

test('who is not there is refused', async () => {
  const refused = (words: string) => (error: Error) => {
    assert.deepEqual([error.name, error.message], ['NoSuchEntityException', words])
    return true
  }
  await assert.rejects(
    client.send(new GetRoleCommand({ RoleName: 'none' })),
    refused('The role with name none cannot be found.'),
  )
  await assert.rejects(
    client.send(new GetUserCommand({ UserName: 'none' })),
    refused('The user with name none cannot be found.'),
  )
})

function call(service: string, path: string, body?: string): Promise<Response> {
  const authorization = `AWS4-HMAC-SHA256 Credential=goblet/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`
  return fetch(app.cloud.aws + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
    ...(body === undefined ? {} : { body }),
  })
}

test('the app is one stack of CloudFormation', async () => {
  const ask = async (body: string) => {
    const answer = await call('cloudformation', '/', body)
    return { status: answer.status, text: await answer.text() }
  }
  const described = await ask('Action=DescribeStacks')
  assert.match(described.text, /<StackName>test-dev<\/StackName>.*<StackStatus>CREATE_COMPLETE</)
  const resources = await ask('Action=DescribeStackResources&StackName=test-dev')
  assert.match(
    resources.text,
    /<LogicalResourceId>JobsQueue<\/LogicalResourceId><PhysicalResourceId>test-dev-jobs<\/PhysicalResourceId><ResourceType>AWS::SQS::Queue</,
  )
  const none = await ask('Action=DescribeStacks&StackName=none')
  assert.equal(none.status, 400)
  assert.match(none.text, /<Code>ValidationError<\/Code><Message>Stack with id none does not exist</)
  assert.equal((await ask('Action=CreateStack&StackName=none')).status, 501)
})

test("the app's API is in API Gateway", async () => {
  const { items } = (await (await call('apigateway', '/v2/apis')).json()) as {
    items: { apiId: string; name: string }[]
  }
  assert.deepEqual([items.length, items[0]?.name], [1, 'test-dev'])
  const routes = await (await call('apigateway', `/v2/apis/${items[0]?.apiId}/routes`)).json()
  assert.equal((routes as { items: { routeKey: string }[] }).items[0]?.routeKey, 'GET /notes/{id}')
  const stage = await (await call('apigateway', `/v2/apis/${items[0]?.apiId}/stages/$default`)).json()
  assert.equal((stage as { stageName: string }).stageName, '$default')
  assert.equal((await call('apigateway', '/v2/apis/none')).status, 404)
  assert.deepEqual(await (await call('apigateway', '/restapis')).json(), { item: [] })
})
