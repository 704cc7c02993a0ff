// The authorizers of an HTTP API: issuers of tokens, and functions that are asked.
import type { AuthModel, HttpTriggerModel } from '../../../model/index.ts'
import { API_ID, logicalId, permissionId } from '../../ids.ts'
import { type Part, ref, type TemplateResource } from '../../template.ts'
import type { Making } from '../making.ts'
import { callsOf, gatewayPermission, invocationUri } from './invoke.ts'

type Jwt = Extract<AuthModel, { kind: 'jwt' }>
type Lambda = Extract<AuthModel, { kind: 'authorizer' }>

/** Routes that differ in nothing but scopes share their authorizer: an API may have ten. */
export const jwtId = ({ issuer, audience }: Pick<Jwt, 'issuer' | 'audience'>): string =>
  logicalId('Jwt', issuer, ...audience)

export const requestAuthorizerId = (name: string): string => logicalId('Authorizer', name)

export function httpAuthorizers(routes: readonly HttpTriggerModel[], making: Making): Part {
  const made: { [id: string]: TemplateResource } = {}
  for (const { auth } of routes) {
    if (auth.kind === 'jwt') made[jwtId(auth)] = toJwt(auth)
    if (auth.kind !== 'authorizer') continue
    const id = requestAuthorizerId(auth.function)
    made[id] = toRequest(auth, making)
    made[permissionId(auth.function)] = gatewayPermission(
      auth.function,
      callsOf(ref(API_ID), ['/authorizers/', ref(id)], making),
    )
  }
  return made
}

// Source: "Control access to HTTP APIs with JWT authorizers in API Gateway".
function toJwt({ issuer, audience }: Jwt): TemplateResource {
  return {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      ApiId: ref(API_ID),
      AuthorizerType: 'JWT',
      // Names must differ within an API.
      Name: jwtId({ issuer, audience }).slice(0, 128),
      IdentitySource: ['$request.header.Authorization'],
      JwtConfiguration: { Issuer: issuer, Audience: audience },
    },
  }
}

// Source: "Control access to HTTP APIs with AWS Lambda authorizers". It answers with a policy on every API: see docs/decisions.md.
function toRequest(auth: Lambda, making: Making): TemplateResource {
  const { function: name, style, header, identity, ttl } = auth
  return {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      ApiId: ref(API_ID),
      AuthorizerType: 'REQUEST',
      Name: name,
      AuthorizerUri: invocationUri(name, making),
      AuthorizerPayloadFormatVersion: '2.0',
      EnableSimpleResponses: false,
      IdentitySource: style === 'token' ? [`$request.header.${header}`] : identity,
      AuthorizerResultTtlInSeconds: ttl,
    },
  }
}
