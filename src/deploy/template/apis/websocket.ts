// WebSocket APIs in the template: the API and its stage, a route and an integration for every function, and who may connect.
import type { AuthModel, WebsocketModel, WebsocketTriggerModel } from '../../../model/index.ts'
import { logicalId, permissionId, resourceId } from '../../ids.ts'
import { joined, type Part, type Properties, ref, type TemplateResource } from '../../template.ts'
import { findResource, type Making } from '../making.ts'
import { domainPart } from './domain.ts'
import { toIdentitySource } from './identity.ts'
import { callsOf, gatewayPermission, invocationUri } from './invoke.ts'

export const websocketId = (name: string): string => resourceId('websocket', name)
const websocketStageId = (name: string): string => logicalId('SocketStage', name)

const routeId = ({ websocket, route }: WebsocketTriggerModel): string => logicalId('SocketRoute', websocket, route)
const integrationId = (name: string): string => logicalId('SocketIntegration', name)
const authorizerId = (api: string): string => logicalId('SocketAuthorizer', api)

const routesOf = (api: string, { model }: Making): WebsocketTriggerModel[] =>
  model.triggers.filter((one): one is WebsocketTriggerModel => one.kind === 'websocket' && one.websocket === api)

/** The API and its stage; of one that is already there, nothing. */
export function websocketApi(api: WebsocketModel, making: Making): Part {
  if (api.existing) return {}
  const id = websocketId(api.name)
  const stageId = websocketStageId(api.name)
  return {
    [id]: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: { Name: api.physicalName, ProtocolType: 'WEBSOCKET', RouteSelectionExpression: api.select },
    },
    [stageId]: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: ref(id), StageName: api.stage, AutoDeploy: true },
      // Source: CreateDeployment, which refuses an API that has no routes.
      DependsOn: routesOf(api.name, making).map(routeId),
    },
    ...(api.domain === undefined ? {} : domainPart(api.domain, { api: id, stage: api.stage, stageId }, making.known)),
  }
}

/** One route, and its function's place in the API. What a function returns is posted by the runtime: no route has a response. */
export function websocketRoute(trigger: WebsocketTriggerModel, making: Making): Part {
  const { websocket, function: name, route, auth } = trigger
  if (findResource('websocket', websocket, making).existing) return {}
  const api = ref(websocketId(websocket))
  return {
    [integrationId(name)]: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: { ApiId: api, IntegrationType: 'AWS_PROXY', IntegrationUri: invocationUri(name, making) },
    },
    [routeId(trigger)]: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: api,
        RouteKey: route,
        Target: joined('integrations/', ref(integrationId(name))),
        ...toAuthorization(auth, websocket),
      },
    },
    [permissionId(name)]: gatewayPermission(name, callsOf(api, ['/*'], making)),
    ...toAuthorizer(trigger, making),
  }
}

function toAuthorization(auth: AuthModel, websocket: string): Properties {
  if (auth.kind === 'none') return { AuthorizationType: 'NONE' }
  // The model gives a WebSocket API no other kinds; should one come, nobody passes.
  if (auth.kind !== 'authorizer') return { AuthorizationType: 'AWS_IAM' }
  return { AuthorizationType: 'CUSTOM', AuthorizerId: ref(authorizerId(websocket)) }
}

// Source: "Create a Lambda REQUEST authorizer function": only $connect has one. Nothing is remembered, so it has no time to live.
function toAuthorizer({ websocket, auth }: WebsocketTriggerModel, making: Making): Part {
  if (auth.kind !== 'authorizer') return {}
  const id = authorizerId(websocket)
  const api = ref(websocketId(websocket))
  const made: TemplateResource = {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      ApiId: api,
      AuthorizerType: 'REQUEST',
      Name: auth.function,
      AuthorizerUri: invocationUri(auth.function, making),
      IdentitySource: auth.identity.map((source) => toIdentitySource(source, 'route')),
    },
  }
  const calls = callsOf(api, ['/authorizers/', ref(id)], making)
  return { [id]: made, [permissionId(auth.function, websocket)]: gatewayPermission(auth.function, calls) }
}
