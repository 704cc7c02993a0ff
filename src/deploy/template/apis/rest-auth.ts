// The authorizers of a REST API: user pools of Cognito, and functions that are asked about a token or a whole request.
import type { AuthModel, HttpTriggerModel } from '../../../model/index.ts'
import { logicalId, permissionId, REST_API_ID } from '../../ids.ts'
import { type Part, type Properties, ref, type TemplateResource } from '../../template.ts'
import type { Making } from '../making.ts'
import { toHeaderSource, toIdentitySource } from './identity.ts'
import { callsOf, gatewayPermission, invocationUri } from './invoke.ts'

type Cognito = Extract<AuthModel, { kind: 'cognito' }>
type Lambda = Extract<AuthModel, { kind: 'authorizer' }>

export const cognitoId = ({ userPools }: Pick<Cognito, 'userPools'>): string => logicalId('Cognito', ...userPools)
export const restAuthorizerId = (name: string): string => logicalId('RestAuthorizer', name)

export function restAuthorizers(routes: readonly HttpTriggerModel[], making: Making): Part {
  const made: { [id: string]: TemplateResource } = {}
  for (const { auth } of routes) {
    if (auth.kind === 'cognito') made[cognitoId(auth)] = toCognito(auth)
    if (auth.kind !== 'authorizer') continue
    const id = restAuthorizerId(auth.function)
    made[id] = toLambda(auth, making)
    made[permissionId(auth.function)] = gatewayPermission(
      auth.function,
      callsOf(ref(REST_API_ID), ['/authorizers/', ref(id)], making),
    )
  }
  return made
}

const toAuthorizer = (properties: Properties): TemplateResource => ({
  Type: 'AWS::ApiGateway::Authorizer',
  Properties: { RestApiId: ref(REST_API_ID), ...properties },
})

const toCognito = ({ userPools }: Cognito): TemplateResource =>
  toAuthorizer({
    Name: cognitoId({ userPools }),
    Type: 'COGNITO_USER_POOLS',
    ProviderARNs: userPools,
    IdentitySource: 'method.request.header.Authorization',
  })

// Source: "Use API Gateway Lambda authorizers".
const toLambda = ({ function: name, style, header, identity, ttl }: Lambda, making: Making): TemplateResource =>
  toAuthorizer({
    Name: name,
    Type: style === 'token' ? 'TOKEN' : 'REQUEST',
    AuthorizerUri: invocationUri(name, making),
    IdentitySource:
      style === 'token'
        ? toHeaderSource(header, 'method')
        : identity.map((source) => toIdentitySource(source, 'method')).join(','),
    AuthorizerResultTtlInSeconds: ttl,
  })
