// WebSocket APIs and custom domains in the template, and what all of them are called.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toTemplate } from '../../src/deploy/template/compose.ts'
import { urlsOf } from '../../src/deploy/template/urls.ts'
import type { Template } from '../../src/deploy/template.ts'
import type { Model, Options } from '../../src/model/index.ts'
import { type Described, declared, modelOf, reference } from '../support/declared.ts'
import { problemsOf } from '../support/specification.ts'
import { makingOf } from '../support/stack.ts'
import { ofType, propertiesOf } from '../support/template.ts'

const { route, authorizer, socket, owns } = declared

const read = (declarations: readonly Described[], options: Options = {}): Model => modelOf(declarations, { options })
const templateOf = (model: Model): Template =>
  toTemplate(makingOf(model, { known: { tableStreams: new Map(), hostedZones: new Map([['api.example.com', 'Z1']]) } }))

describe('a WebSocket API', () => {
  test('has a route and an integration for each function, and is live when all are there', async () => {
    const template = templateOf(
      read([
        owns('websocket', 'chat', { select: '$request.body.do' }),
        socket('connect', 'chat', 'onConnect'),
        socket('say', 'chat', 'say'),
        socket('other', 'chat', 'onDefault'),
      ]),
    )
    assert.deepEqual(await problemsOf(template), [])
    assert.deepEqual(propertiesOf(template, 'WebsocketChat'), {
      Name: 'shop-dev-chat',
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.do',
    })
    const routes = ofType(template, 'AWS::ApiGatewayV2::Route')
    assert.deepEqual(
      Object.values(routes).map((one) => one.Properties?.RouteKey),
      ['$connect', 'say', '$default'],
    )
    assert.deepEqual(template.Resources.SocketStageChat, {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: { Ref: 'WebsocketChat' }, StageName: 'dev', AutoDeploy: true },
      DependsOn: Object.keys(routes),
    })
    const invoke = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/'
    assert.deepEqual(propertiesOf(template, 'SocketIntegrationSay'), {
      ApiId: { Ref: 'WebsocketChat' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { 'Fn::Join': ['', [invoke, { Ref: 'AliasSay' }, '/invocations']] },
    })
    // What functions return is posted by the runtime.
    assert.deepEqual(ofType(template, 'AWS::ApiGatewayV2::RouteResponse'), {})
    assert.deepEqual(template.Outputs?.WebsocketUrlChat?.Value, {
      'Fn::Join': ['', [{ 'Fn::GetAtt': ['WebsocketChat', 'ApiEndpoint'] }, '/dev']],
    })
  })

  test('guards $connect alone, by signatures or a function', async () => {
    const guarded = (auth: Options): Template =>
      templateOf(
        read([
          authorizer('guard', { identity: ['$request.querystring.token', '$request.header.who'] }),
          route('one', 'GET /', { auth: reference('guard', 'function') }),
          owns('websocket', 'chat', { auth }),
          socket('connect', 'chat', 'onConnect'),
          socket('say', 'chat', 'say'),
        ]),
      )
    const template = guarded(reference('guard', 'function'))
    assert.deepEqual(await problemsOf(template), [])
    const types = (of: Template) =>
      Object.values(ofType(of, 'AWS::ApiGatewayV2::Route')).map(({ Properties = {} }) => [
        Properties.RouteKey,
        Properties.AuthorizationType,
      ])
    assert.deepEqual(types(template), [
      ['GET /', 'CUSTOM'],
      ['$connect', 'CUSTOM'],
      ['say', 'NONE'],
    ])
    const invoke = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/'
    assert.deepEqual(propertiesOf(template, 'SocketAuthorizerChat'), {
      ApiId: { Ref: 'WebsocketChat' },
      AuthorizerType: 'REQUEST',
      Name: 'guard',
      AuthorizerUri: { 'Fn::Join': ['', [invoke, { Ref: 'AliasGuard' }, '/invocations']] },
      IdentitySource: ['route.request.querystring.token', 'route.request.header.Who'],
    })
    // Two APIs ask the same function: each is let in.
    const sources = Object.values(ofType(template, 'AWS::Lambda::Permission'))
      .filter((one) => JSON.stringify(one.Properties?.FunctionName) === '{"Ref":"AliasGuard"}')
      .map((one) => JSON.stringify(one.Properties?.SourceArn))
    assert.equal(sources.length, 2)
    assert.ok(sources.some((one) => one.includes('WebsocketChat')) && sources.some((one) => one.includes('"Api"')))
    assert.deepEqual(types(guarded({ auth: 'iam' })).slice(1), [
      ['$connect', 'AWS_IAM'],
      ['say', 'NONE'],
    ])
  })

  test('that is there already is left alone', () => {
    const template = templateOf(read([owns('websocket', 'abcdef1234', { existing: true }), declared.lambda('work')]))
    assert.deepEqual(ofType(template, 'AWS::ApiGatewayV2::Api'), {})
    assert.equal(template.Outputs, undefined)
  })
})

describe('a custom domain', () => {
  const routes = [route('one', 'GET /')]

  test('has a certificate that its zone proves, and a record that leads to the API', async () => {
    for (const [api, id, stageId] of [
      ['http', 'Api', 'ApiStage'],
      ['rest', 'RestApi', 'RestStage'],
    ] as const) {
      const model = read(routes, { api, domain: 'api.example.com' })
      const template = templateOf(model)
      assert.deepEqual(await problemsOf(template), [])
      const one = (type: string) => Object.values(ofType(template, type))[0]
      assert.deepEqual(one('AWS::CertificateManager::Certificate')?.Properties, {
        DomainName: 'api.example.com',
        ValidationMethod: 'DNS',
        DomainValidationOptions: [{ DomainName: 'api.example.com', HostedZoneId: 'Z1' }],
      })
      const [name] = Object.keys(ofType(template, 'AWS::ApiGatewayV2::DomainName'))
      const mapping = one('AWS::ApiGatewayV2::ApiMapping')
      assert.deepEqual(mapping?.Properties, {
        DomainName: { Ref: name },
        ApiId: { Ref: id },
        Stage: api === 'http' ? '$default' : 'api',
      })
      assert.deepEqual(mapping?.DependsOn, [stageId])
      assert.deepEqual(one('AWS::Route53::RecordSet')?.Properties, {
        HostedZoneId: 'Z1',
        Name: 'api.example.com',
        Type: 'A',
        AliasTarget: {
          DNSName: { 'Fn::GetAtt': [name, 'RegionalDomainName'] },
          HostedZoneId: { 'Fn::GetAtt': [name, 'RegionalHostedZoneId'] },
          EvaluateTargetHealth: false,
        },
      })
    }
  })

  test('takes the certificate and zone that are named, or leaves DNS to somebody else', async () => {
    const certificate = 'arn:aws:acm:us-east-1:123456789012:certificate/abc'
    const named = templateOf(
      read(routes, { domain: { name: 'shop.example.org', certificate, zone: 'Z0123456789ABC' } }),
    )
    assert.deepEqual(await problemsOf(named), [])
    assert.deepEqual(ofType(named, 'AWS::CertificateManager::Certificate'), {})
    assert.equal(Object.values(ofType(named, 'AWS::Route53::RecordSet'))[0]?.Properties?.HostedZoneId, 'Z0123456789ABC')
    const elsewhere = templateOf(read(routes, { domain: { name: 'shop.example.org', certificate, zone: false } }))
    assert.deepEqual(await problemsOf(elsewhere), [])
    assert.deepEqual(ofType(elsewhere, 'AWS::Route53::RecordSet'), {})
    const told = Object.entries(elsewhere.Outputs ?? {}).find(([name]) => name.startsWith('DomainTarget'))
    assert.match(JSON.stringify(told), /RegionalDomainName/)
    const model = read(routes, { domain: { name: 'shop.example.org', certificate, zone: false } })
    const outputs = { [told?.[0] ?? '']: 'd-1.execute-api.us-east-1.amazonaws.com' }
    const { dns } = urlsOf(outputs, { model, endpoint: undefined })
    assert.deepEqual([...dns], [['shop.example.org', 'd-1.execute-api.us-east-1.amazonaws.com']])
    const lost = read(routes, { domain: 'shop.example.org' })
    assert.throws(() => templateOf(lost), /GOBLET_NO_ZONE|no hosted zone/)
  })

  test('leads to a WebSocket API, too', async () => {
    const model = read([owns('websocket', 'chat', { domain: 'api.example.com' }), socket('say', 'chat', 'say')])
    const template = templateOf(model)
    assert.deepEqual(await problemsOf(template), [])
    const [mapping] = Object.values(ofType(template, 'AWS::ApiGatewayV2::ApiMapping'))
    assert.deepEqual(mapping?.Properties?.ApiId, { Ref: 'WebsocketChat' })
    assert.deepEqual(mapping?.DependsOn, ['SocketStageChat'])
    const outputs = { WebsocketUrlChat: 'wss://abc.execute-api.us-east-1.amazonaws.com/dev' }
    assert.equal(urlsOf(outputs, { model, endpoint: undefined }).websockets.get('chat'), 'wss://api.example.com')
  })
})

describe('what people call', () => {
  const url = 'https://abc.execute-api.us-east-1.amazonaws.com'

  test('is what the stack tells, or the domain', () => {
    const place = { model: read([route('one', 'GET /')]), endpoint: undefined }
    assert.equal(urlsOf({ ApiUrl: `${url}/` }, place).api, url)
    const named = read([route('one', 'GET /')], { domain: 'api.example.com' })
    assert.equal(urlsOf({ ApiUrl: url }, { model: named, endpoint: undefined }).api, 'https://api.example.com')
    assert.equal(urlsOf({}, place).api, undefined)
    // A special endpoint of AWS's own is still AWS.
    const vpce = 'https://vpce-1.cloudformation.us-east-1.vpce.amazonaws.com'
    assert.equal(urlsOf({ ApiUrl: url }, { ...place, endpoint: vpce }).api, url)
  })

  test('is a path of the endpoint on clouds whose names are found by nobody', () => {
    const endpoint = 'http://127.0.0.1:4566/'
    const chat = [owns('websocket', 'chat', {}), socket('say', 'chat', 'say')]
    const http = read([route('one', 'GET /'), ...chat], { domain: 'api.example.com' })
    const outputs = {
      ApiUrl: 'http://abc.execute-api.localhost:4566',
      WebsocketUrlChat: 'http://def.execute-api.localhost:4566/dev',
    }
    const found = urlsOf(outputs, { model: http, endpoint })
    assert.equal(found.api, 'http://127.0.0.1:4566/_aws/execute-api/abc/$default')
    assert.equal(found.websockets.get('chat'), 'ws://127.0.0.1:4566/_aws/execute-api/def/dev')
    const rest = read([route('one', 'GET /')], { api: 'rest' })
    assert.equal(
      urlsOf({ ApiUrl: `${url}/api` }, { model: rest, endpoint }).api,
      'http://127.0.0.1:4566/_aws/execute-api/abc/api',
    )
    const direct = read([route('one', 'GET /'), route('two', 'GET /two', { isolate: true })], { api: 'url' })
    const urls = {
      FunctionUrlApi: 'https://f-1.lambda-url.us-east-1.on.aws/',
      FunctionUrlTwo: 'https://f2.example.cloud/',
    }
    assert.deepEqual(
      [...urlsOf(urls, { model: direct, endpoint }).functions],
      [
        ['api', 'http://127.0.0.1:4566/_aws/lambda-url/f-1'],
        ['two', 'https://f2.example.cloud'],
      ],
    )
    assert.equal(urlsOf(urls, { model: direct, endpoint: undefined }).api, 'https://f-1.lambda-url.us-east-1.on.aws')
  })
})
