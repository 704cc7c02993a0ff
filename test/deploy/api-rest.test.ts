// REST APIs in the template: paths and methods, authorizers, keys, refusals, streams, and the deployment of all of them.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toTemplate } from '../../src/deploy/template/compose.ts'
import type { Template, TemplateResource } from '../../src/deploy/template.ts'
import type { Options } from '../../src/model/index.ts'
import { type Described, declared, modelOf, reference } from '../support/declared.ts'
import { problemsOf } from '../support/specification.ts'
import { makingOf } from '../support/stack.ts'
import { ofType } from '../support/template.ts'

const { route, authorizer } = declared
const POOL = 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abc'

const templateOf = (declarations: readonly Described[], options: Options = {}): Template =>
  toTemplate(makingOf(modelOf(declarations, { options: { api: 'rest', ...options } })))

/** Resources of a type by what one of their properties says. */
function by(template: Template, type: string, property: string): Record<string, TemplateResource['Properties']> {
  const found = Object.values(ofType(template, type)).map((one) => one.Properties ?? {})
  return Object.fromEntries(found.map((one) => [String(one[property]), one]))
}

/** The full path of every method: `GET /cities/{city}`. */
function methodsOf(template: Template): Record<string, NonNullable<TemplateResource['Properties']>> {
  const pathOf = (value: unknown): string => {
    const id = JSON.stringify(value).match(/"Ref":"(\w+)"/)?.[1]
    const found = id === undefined ? undefined : template.Resources[id]?.Properties
    return found === undefined ? '' : `${pathOf(found.ParentId)}/${String(found.PathPart)}`
  }
  const methods = Object.values(ofType(template, 'AWS::ApiGateway::Method')).map((one) => one.Properties ?? {})
  return Object.fromEntries(methods.map((one) => [`${String(one.HttpMethod)} ${pathOf(one.ResourceId) || '/'}`, one]))
}

describe('a REST API', () => {
  test('has a resource for each segment of its paths, and a method for each trigger', async () => {
    const template = templateOf([
      route('root', 'GET /'),
      route('city', 'GET|PUT /cities/{city}'),
      route('part', 'GET /cities/{city}/parts'),
      route('any', 'ANY /files/{path+}'),
    ])
    assert.deepEqual(await problemsOf(template), [])
    const methods = methodsOf(template)
    assert.deepEqual(Object.keys(methods), [
      'GET /',
      'GET /cities/{city}',
      'PUT /cities/{city}',
      'GET /cities/{city}/parts',
      'ANY /files/{path+}',
    ])
    assert.equal(Object.keys(ofType(template, 'AWS::ApiGateway::Resource')).length, 5)
    const uri = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/'
    assert.deepEqual(methods['GET /'], {
      RestApiId: { Ref: 'RestApi' },
      ResourceId: { 'Fn::GetAtt': ['RestApi', 'RootResourceId'] },
      HttpMethod: 'GET',
      AuthorizationType: 'NONE',
      Integration: {
        Type: 'AWS_PROXY',
        IntegrationHttpMethod: 'POST',
        Uri: { 'Fn::Join': ['', [uri, { Ref: 'AliasApi' }, '/invocations']] },
      },
    })
    assert.deepEqual(template.Resources.RestApi?.Properties, {
      Name: 'shop-dev',
      EndpointConfiguration: { Types: ['REGIONAL'] },
      BinaryMediaTypes: ['*/*'],
    })
    assert.equal(template.Resources.RestStage?.Properties?.StageName, 'api')
    assert.deepEqual(template.Outputs?.ApiUrl?.Value, {
      'Fn::Join': [
        '',
        [
          'https://',
          { Ref: 'RestApi' },
          '.execute-api.',
          { Ref: 'AWS::Region' },
          '.',
          { Ref: 'AWS::URLSuffix' },
          '/api',
        ],
      ],
    })
  })

  test('is deployed anew when any of its parts changes, and only then', () => {
    const deploymentOf = (template: Template): string =>
      Object.keys(ofType(template, 'AWS::ApiGateway::Deployment')).join()
    const plain = [route('one', 'GET /a'), route('two', 'GET /b')]
    const before = templateOf(plain)
    const id = deploymentOf(before)
    assert.deepEqual(before.Resources.RestStage?.Properties?.DeploymentId, { Ref: id })
    const waits = before.Resources[id]?.DependsOn ?? []
    for (const method of Object.keys(ofType(before, 'AWS::ApiGateway::Method'))) assert.ok(waits.includes(method))
    assert.equal(deploymentOf(templateOf(plain)), id)
    assert.equal(deploymentOf(templateOf(plain, { usagePlan: { rate: 5 }, memory: 1024 })), id)
    const others = [
      templateOf([...plain, route('three', 'GET /c')]),
      templateOf(plain.slice(1)),
      templateOf([route('one', 'GET /a', { apiKey: true }), plain[1] ?? route('two', 'GET /b')]),
      templateOf([route('one', 'GET /a', { isolate: true }), plain[1] ?? route('two', 'GET /b')]),
      templateOf(plain, { cors: true }),
    ].map(deploymentOf)
    assert.equal(new Set([id, ...others]).size, others.length + 1)
  })

  test('guards methods by signatures, user pools and functions of both styles', async () => {
    const template = templateOf([
      authorizer('token', { style: 'token', header: 'X-Token', ttl: 0 }),
      authorizer('asked', {
        identity: ['$request.header.who', '$request.querystring.why', '$context.httpMethod', '$stageVariables.kind'],
      }),
      route('one', 'GET /iam', { auth: { auth: 'iam' } }),
      route('two', 'GET /pool', { auth: { auth: 'cognito', userPools: [POOL], scopes: ['shop/read'] } }),
      route('three', 'GET /token', { auth: reference('token', 'function') }),
      route('four', 'GET /asked', { auth: reference('asked', 'function') }),
    ])
    assert.deepEqual(await problemsOf(template), [])
    const methods = methodsOf(template)
    assert.equal(methods['GET /iam']?.AuthorizationType, 'AWS_IAM')
    assert.equal(methods['GET /pool']?.AuthorizationType, 'COGNITO_USER_POOLS')
    assert.deepEqual(methods['GET /pool']?.AuthorizationScopes, ['shop/read'])
    assert.equal(methods['GET /token']?.AuthorizationType, 'CUSTOM')
    const authorizers = by(template, 'AWS::ApiGateway::Authorizer', 'Type')
    assert.deepEqual(authorizers.COGNITO_USER_POOLS?.ProviderARNs, [POOL])
    assert.equal(authorizers.TOKEN?.IdentitySource, 'method.request.header.X-Token')
    assert.equal(authorizers.TOKEN?.AuthorizerResultTtlInSeconds, 0)
    assert.equal(
      authorizers.REQUEST?.IdentitySource,
      'method.request.header.Who,method.request.querystring.why,context.httpMethod,stageVariables.kind',
    )
    assert.deepEqual(methods['GET /token']?.AuthorizerId, { Ref: 'RestAuthorizerToken' })
  })

  test('has keys under a usage plan, whose values stand in no template', async () => {
    const template = templateOf([route('one', 'GET /', { apiKey: true })], {
      apiKeys: ['partner', 'inside'],
      usagePlan: { rate: 2.5, burst: 10, quota: { limit: 1000, period: 'week' } },
    })
    assert.deepEqual(await problemsOf(template), [])
    assert.equal(methodsOf(template)['GET /']?.ApiKeyRequired, true)
    assert.deepEqual(template.Resources.UsagePlan?.Properties, {
      UsagePlanName: 'shop-dev',
      ApiStages: [{ ApiId: { Ref: 'RestApi' }, Stage: { Ref: 'RestStage' } }],
      Throttle: { RateLimit: 2.5, BurstLimit: 10 },
      Quota: { Limit: 1000, Period: 'WEEK' },
    })
    const keys = by(template, 'AWS::ApiGateway::ApiKey', 'Name')
    assert.deepEqual(keys['shop-dev-partner'], { Name: 'shop-dev-partner', Enabled: true })
    assert.equal(Object.keys(keys).length, 2)
    assert.deepEqual(template.Outputs?.ApiKeyPartner?.Value, { Ref: 'ApiKeyPartner' })
    assert.equal(Object.keys(ofType(template, 'AWS::ApiGateway::UsagePlanKey')).length, 2)
  })

  test('lets pages read its refusals where its routes have CORS', async () => {
    const template = templateOf([
      route('one', 'GET /a', { cors: { origins: 'https://a.example' } }),
      route('two', 'GET /b'),
    ])
    assert.deepEqual(await problemsOf(template), [])
    const responses = by(template, 'AWS::ApiGateway::GatewayResponse', 'ResponseType')
    assert.deepEqual(Object.keys(responses), ['DEFAULT_4XX', 'DEFAULT_5XX'])
    assert.deepEqual(responses.DEFAULT_4XX?.ResponseParameters, {
      'gatewayresponse.header.Access-Control-Allow-Origin': "'https://a.example'",
    })
    assert.deepEqual(Object.keys(methodsOf(template)), ['GET /a', 'GET /b', 'OPTIONS /a'])
    assert.deepEqual(ofType(templateOf([route('two', 'GET /b')]), 'AWS::ApiGateway::GatewayResponse'), {})
  })

  test('streams what is made while it is sent', async () => {
    const template = templateOf([route('one', 'GET /feed', { stream: true, isolate: true }), route('two', 'GET /')])
    assert.deepEqual(await problemsOf(template), [])
    const uri = 'arn:aws:apigateway:us-east-1:lambda:path/2021-11-15/functions/'
    assert.deepEqual(methodsOf(template)['GET /feed']?.Integration, {
      Type: 'AWS_PROXY',
      IntegrationHttpMethod: 'POST',
      Uri: { 'Fn::Join': ['', [uri, { Ref: 'AliasOne' }, '/response-streaming-invocations']] },
      ResponseTransferMode: 'STREAM',
      TimeoutInMillis: 900_000,
    })
  })

  test('shares no id with an HTTP API: no resource may become one of another type', () => {
    const declarations = [
      authorizer('guard', { style: 'request' }),
      route('one', 'GET /a', { auth: reference('guard', 'function') }),
    ]
    const [rest, http] = [templateOf(declarations), templateOf(declarations, { api: 'http' })]
    for (const [id, { Type }] of Object.entries(rest.Resources))
      assert.equal(http.Resources[id]?.Type ?? Type, Type, id)
  })
})
