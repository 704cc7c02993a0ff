// The front doors in the template: what API Gateway and function URLs are told of routes, guards, CORS and streams.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { toTemplate } from '../../src/deploy/template/compose.ts'
import type { Template, Value } from '../../src/deploy/template.ts'
import type { Options } from '../../src/model/index.ts'
import { type Described, declared, modelOf, reference } from '../support/declared.ts'
import { problemsOf } from '../support/specification.ts'
import { makingOf } from '../support/stack.ts'
import { ofType } from '../support/template.ts'

const { route, authorizer } = declared
const guard = reference('guard', 'function')
const jwt = (scopes: readonly string[] = []): Options => ({
  auth: 'jwt',
  issuer: 'https://login.example.com',
  audience: ['shop'],
  scopes,
})

const templateOf = (declarations: readonly Described[], options: Options = {}): Template =>
  toTemplate(makingOf(modelOf(declarations, { options })))

/** The properties of the one resource of a type. */
function only(template: Template, type: string): { readonly [name: string]: Value } {
  const found = Object.values(ofType(template, type))
  assert.equal(found.length, 1, `${found.length} of ${type}`)
  return found[0]?.Properties ?? {}
}

const routesIn = (template: Template): Record<string, { readonly [name: string]: Value }> =>
  Object.fromEntries(
    Object.values(ofType(template, 'AWS::ApiGatewayV2::Route')).map(({ Properties = {} }) => [
      String(Properties.RouteKey),
      Properties,
    ]),
  )

describe('an HTTP API', () => {
  test('has a route for each trigger, and an integration and a permission for each function', async () => {
    const template = templateOf([
      route('list', 'GET /cities'),
      route('city', 'GET|PUT /cities/{city}'),
      route('alone', 'POST /files/{path+}', { isolate: true }),
    ])
    assert.deepEqual(await problemsOf(template), [])
    assert.deepEqual(Object.keys(routesIn(template)), [
      'GET /cities',
      'GET /cities/{city}',
      'PUT /cities/{city}',
      'POST /files/{path+}',
    ])
    assert.deepEqual(routesIn(template)['GET /cities'], {
      ApiId: { Ref: 'Api' },
      RouteKey: 'GET /cities',
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'IntegrationApi' }]] },
      AuthorizationType: 'NONE',
    })
    assert.deepEqual(template.Resources.IntegrationAlone?.Properties, {
      ApiId: { Ref: 'Api' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { Ref: 'AliasAlone' },
      PayloadFormatVersion: '2.0',
    })
    assert.equal(Object.keys(ofType(template, 'AWS::ApiGatewayV2::Integration')).length, 2)
    assert.deepEqual(template.Resources.PermissionAlone?.Properties, {
      FunctionName: { Ref: 'AliasAlone' },
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceArn: { 'Fn::Join': ['', ['arn:aws:execute-api:us-east-1:123456789012:', { Ref: 'Api' }, '/*/*']] },
    })
    assert.deepEqual(only(template, 'AWS::ApiGatewayV2::Stage'), {
      ApiId: { Ref: 'Api' },
      StageName: '$default',
      AutoDeploy: true,
    })
    assert.deepEqual(template.Outputs?.ApiUrl?.Value, { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] })
  })

  test('has a named stage in its URL', () => {
    const template = templateOf([route('list', 'GET /')], { apiStage: 'v1' })
    assert.equal(only(template, 'AWS::ApiGatewayV2::Stage').StageName, 'v1')
    assert.deepEqual(template.Outputs?.ApiUrl?.Value, {
      'Fn::Join': ['', [{ 'Fn::GetAtt': ['Api', 'ApiEndpoint'] }, '/v1']],
    })
  })

  test('guards routes by signatures, tokens and functions', async () => {
    const template = templateOf([
      authorizer('guard', { ttl: 60 }),
      authorizer('asked', { identity: ['$request.header.who', '$context.routeKey'] }),
      route('one', 'GET /iam', { auth: { auth: 'iam' } }),
      route('two', 'GET /jwt', { auth: jwt(['read', 'write']) }),
      route('three', 'GET /jwt/all', { auth: jwt() }),
      route('four', 'GET /guard', { auth: guard }),
      route('five', 'GET /asked', { auth: reference('asked', 'function') }),
    ])
    assert.deepEqual(await problemsOf(template), [])
    const routes = routesIn(template)
    assert.equal(routes['GET /iam']?.AuthorizationType, 'AWS_IAM')
    assert.equal(routes['GET /jwt']?.AuthorizationType, 'JWT')
    assert.deepEqual(routes['GET /jwt']?.AuthorizationScopes, ['read', 'write'])
    assert.equal(routes['GET /jwt/all']?.AuthorizationScopes, undefined)
    // Scopes belong to the route: both ask the same issuer.
    assert.deepEqual(routes['GET /jwt']?.AuthorizerId, routes['GET /jwt/all']?.AuthorizerId)
    assert.equal(routes['GET /guard']?.AuthorizationType, 'CUSTOM')
    assert.deepEqual(routes['GET /guard']?.AuthorizerId, { Ref: 'AuthorizerGuard' })
    const authorizers = ofType(template, 'AWS::ApiGatewayV2::Authorizer')
    assert.equal(Object.keys(authorizers).length, 3)
    const invoke = 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/'
    assert.deepEqual(authorizers.AuthorizerGuard?.Properties, {
      ApiId: { Ref: 'Api' },
      AuthorizerType: 'REQUEST',
      Name: 'guard',
      AuthorizerUri: { 'Fn::Join': ['', [invoke, { Ref: 'AliasGuard' }, '/invocations']] },
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: false,
      IdentitySource: ['$request.header.authorization'],
      AuthorizerResultTtlInSeconds: 60,
    })
    assert.deepEqual(authorizers.AuthorizerAsked?.Properties?.IdentitySource, [
      '$request.header.who',
      '$context.routeKey',
    ])
    const jwts = Object.values(authorizers).filter((one) => one.Properties?.AuthorizerType === 'JWT')
    assert.deepEqual(jwts[0]?.Properties?.JwtConfiguration, {
      Issuer: 'https://login.example.com',
      Audience: ['shop'],
    })
    // The API may call the authorizer for nothing but to ask it.
    assert.deepEqual(template.Resources.PermissionGuard?.Properties?.SourceArn, {
      'Fn::Join': [
        '',
        ['arn:aws:execute-api:us-east-1:123456789012:', { Ref: 'Api' }, '/authorizers/', { Ref: 'AuthorizerGuard' }],
      ],
    })
  })

  test('applies the CORS of the app, and leaves that of single routes to the runtime', async () => {
    const cors = {
      origins: ['https://a.example', 'https://b.example'],
      credentials: true,
      maxAge: 600,
      expose: ['X-A'],
    }
    const whole = templateOf([route('one', 'GET /'), route('two', 'POST /')], { cors })
    assert.deepEqual(await problemsOf(whole), [])
    assert.deepEqual(only(whole, 'AWS::ApiGatewayV2::Api').CorsConfiguration, {
      AllowOrigins: ['https://a.example', 'https://b.example'],
      AllowMethods: ['GET', 'POST'],
      AllowHeaders: ['Authorization', 'Content-Type', 'X-Amz-Date', 'X-Amz-Security-Token', 'X-Api-Key'],
      ExposeHeaders: ['X-A'],
      AllowCredentials: true,
      MaxAge: 600,
    })
    const single = templateOf([
      authorizer('guard'),
      route('one', 'GET /a', { cors: true, auth: guard }),
      route('two', 'GET /b'),
    ])
    assert.equal(only(single, 'AWS::ApiGatewayV2::Api').CorsConfiguration, undefined)
    assert.deepEqual(Object.keys(routesIn(single)), ['GET /a', 'GET /b', 'OPTIONS /a'])
    assert.equal(routesIn(single)['OPTIONS /a']?.AuthorizationType, 'NONE')
  })

  test('is not there without routes, nor are authorizers that no route names', () => {
    const none = templateOf([declared.lambda('work'), authorizer('guard')])
    assert.deepEqual(ofType(none, 'AWS::ApiGatewayV2::Api'), {})
    assert.deepEqual(ofType(none, 'AWS::ApiGatewayV2::Authorizer'), {})
    assert.equal(none.Outputs, undefined)
  })

  test('keeps its ids when routes come and go', () => {
    const before = templateOf([route('one', 'GET /a'), route('two', 'GET /b')])
    const after = templateOf([route('zero', 'GET /0'), route('two', 'GET /b'), route('three', 'GET /b/{c}')])
    const [kept] = Object.entries(before.Resources).filter(([, one]) => one.Properties?.RouteKey === 'GET /b')
    assert.deepEqual(after.Resources[kept?.[0] ?? ''], kept?.[1])
  })
})

describe('function URLs', () => {
  test('are one for each function, of its alias, open to anybody or to those who sign', async () => {
    const template = templateOf(
      [
        route('one', 'GET /'),
        route('two', 'GET /two', { isolate: true, stream: true }),
        route('three', 'GET /three', { isolate: true, auth: { auth: 'iam' } }),
      ],
      { api: 'url', cors: { origins: 'https://a.example' } },
    )
    assert.deepEqual(await problemsOf(template), [])
    assert.deepEqual(template.Resources.UrlApi, {
      Type: 'AWS::Lambda::Url',
      Properties: {
        TargetFunctionArn: { 'Fn::GetAtt': ['FunctionApi', 'Arn'] },
        Qualifier: 'live',
        AuthType: 'NONE',
        InvokeMode: 'BUFFERED',
        Cors: {
          AllowOrigins: ['https://a.example'],
          AllowMethods: ['GET'],
          AllowHeaders: ['Authorization', 'Content-Type', 'X-Amz-Date', 'X-Amz-Security-Token', 'X-Api-Key'],
        },
      },
      DependsOn: ['AliasApi'],
    })
    assert.equal(template.Resources.UrlTwo?.Properties?.InvokeMode, 'RESPONSE_STREAM')
    assert.equal(template.Resources.UrlThree?.Properties?.AuthType, 'AWS_IAM')
    const permissions = Object.values(ofType(template, 'AWS::Lambda::Permission')).map((one) => one.Properties ?? {})
    const open = permissions.filter((one) => one.Principal === '*')
    assert.deepEqual(
      open.map(({ FunctionName, Action, FunctionUrlAuthType, InvokedViaFunctionUrl }) =>
        JSON.stringify([FunctionName, Action, FunctionUrlAuthType, InvokedViaFunctionUrl]),
      ),
      [
        JSON.stringify([{ Ref: 'AliasApi' }, 'lambda:InvokeFunctionUrl', 'NONE', undefined]),
        JSON.stringify([{ Ref: 'AliasApi' }, 'lambda:InvokeFunction', undefined, true]),
        JSON.stringify([{ Ref: 'AliasTwo' }, 'lambda:InvokeFunctionUrl', 'NONE', undefined]),
        JSON.stringify([{ Ref: 'AliasTwo' }, 'lambda:InvokeFunction', undefined, true]),
      ],
    )
    // Who signs is allowed by a policy of their own.
    assert.equal(permissions.length, 4)
    assert.deepEqual(Object.keys(template.Outputs ?? {}), ['FunctionUrlApi', 'FunctionUrlTwo', 'FunctionUrlThree'])
  })
})
