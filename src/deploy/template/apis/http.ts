// The HTTP API (v2) in the template: the API, its stage, an integration for every function, a route for every trigger.
import type { AuthModel, HttpTriggerModel } from '../../../model/index.ts'
import { prefix } from '../../../model/index.ts'
import { API_ID, API_STAGE_ID, logicalId, permissionId } from '../../ids.ts'
import { joined, type Part, type Properties, ref, type TemplateResource } from '../../template.ts'
import { aliasArn, type Making } from '../making.ts'
import { corsConfiguration } from './cors.ts'
import { httpAuthorizers, jwtId, requestAuthorizerId } from './http-auth.ts'
import { callsOf, gatewayPermission } from './invoke.ts'

const integrationId = (name: string): string => logicalId('Integration', name)

/** What all routes share. */
export function httpApi(routes: readonly HttpTriggerModel[], making: Making): Part {
  const { api } = making.model
  const functions = [...new Set(routes.map((one) => one.function))]
  const parts: [string, TemplateResource][] = functions.flatMap((name) => [
    [integrationId(name), toIntegration(name)],
    [permissionId(name), gatewayPermission(name, callsOf(ref(API_ID), ['/*/*'], making))],
  ])
  return {
    [API_ID]: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: {
        Name: prefix(making.model).slice(0, -1),
        ProtocolType: 'HTTP',
        ...(api.cors === undefined ? {} : { CorsConfiguration: corsConfiguration(api.cors) }),
      },
    },
    [API_STAGE_ID]: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: ref(API_ID), StageName: api.stage, AutoDeploy: true },
    },
    ...Object.fromEntries(parts),
    ...httpAuthorizers(routes, making),
  }
}

// The gateway waits 30 seconds, as it does by itself: a limit as long as the function's own would count its cold start too.
function toIntegration(name: string): TemplateResource {
  return {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: ref(API_ID),
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: aliasArn(name),
      PayloadFormatVersion: '2.0',
    },
  }
}

/** One route. */
export function httpRoute({ method, path, auth, function: name }: HttpTriggerModel): Part {
  const key = `${method} ${path}`
  return {
    [logicalId('Route', key)]: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: ref(API_ID),
        RouteKey: key,
        Target: joined('integrations/', ref(integrationId(name))),
        ...toAuthorization(auth),
      },
    },
  }
}

function toAuthorization(auth: AuthModel): Properties {
  if (auth.kind === 'iam') return { AuthorizationType: 'AWS_IAM' }
  if (auth.kind === 'authorizer')
    return { AuthorizationType: 'CUSTOM', AuthorizerId: ref(requestAuthorizerId(auth.function)) }
  if (auth.kind === 'jwt') {
    const { scopes } = auth
    const asked = scopes.length === 0 ? {} : { AuthorizationScopes: scopes }
    return { AuthorizationType: 'JWT', AuthorizerId: ref(jwtId(auth)), ...asked }
  }
  // The model gives user pools to REST APIs only; should one come, nobody passes.
  return { AuthorizationType: auth.kind === 'none' ? 'NONE' : 'AWS_IAM' }
}
