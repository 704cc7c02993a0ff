// The REST API (v1) in the template: the API, its paths and methods, and the deployment that makes them live.
import { createHash } from 'node:crypto'
import { type AuthModel, type HttpTriggerModel, prefix } from '../../../model/index.ts'
import { logicalId, permissionId, REST_API_ID, REST_STAGE_ID } from '../../ids.ts'
import { attribute, type Part, type Properties, ref, type TemplateResource, type Value } from '../../template.ts'
import type { Making } from '../making.ts'
import { callsOf, gatewayPermission, invocationUri, streamingUri } from './invoke.ts'
import { cognitoId, restAuthorizerId, restAuthorizers } from './rest-auth.ts'
import { gatewayResponses, usagePlan } from './rest-plan.ts'

const pathId = (path: string): string => logicalId('Path', path)
const methodId = ({ method, path }: HttpTriggerModel): string => logicalId('Method', `${method} ${path}`)

/** What all routes share. */
export function restApi(routes: readonly HttpTriggerModel[], making: Making): Part {
  const { model } = making
  const own: Part = {
    [REST_API_ID]: {
      Type: 'AWS::ApiGateway::RestApi',
      Properties: {
        Name: prefix(model).slice(0, -1),
        EndpointConfiguration: { Types: ['REGIONAL'] },
        // Every body comes as Base64, and an answer says whether it is: see docs/decisions.md.
        BinaryMediaTypes: ['*/*'],
      },
    },
    ...Object.fromEntries(pathsOf(routes).map((path) => [pathId(path), toPath(path)])),
    ...restAuthorizers(routes, making),
    ...gatewayResponses(model.api),
  }
  const names = [...new Set(routes.map((one) => one.function))]
  const calls = callsOf(ref(REST_API_ID), ['/*/*'], making)
  return {
    ...own,
    ...Object.fromEntries(names.map((name) => [permissionId(name), gatewayPermission(name, calls)])),
    ...deployed(own, routes, making),
    ...usagePlan(model),
  }
}

/** Every path that a route has or lies below, the root apart, which each API has. */
function pathsOf(routes: readonly HttpTriggerModel[]): string[] {
  const all = routes.flatMap(({ path }) => {
    const segments = path.split('/').filter((segment) => segment !== '')
    return segments.map((_, index) => `/${segments.slice(0, index + 1).join('/')}`)
  })
  return [...new Set(all)]
}

const resourceOf = (path: string): Value =>
  path === '' || path === '/' ? attribute(REST_API_ID, 'RootResourceId') : ref(pathId(path))

function toPath(path: string): TemplateResource {
  const slash = path.lastIndexOf('/')
  return {
    Type: 'AWS::ApiGateway::Resource',
    Properties: {
      RestApiId: ref(REST_API_ID),
      ParentId: resourceOf(path.slice(0, slash)),
      PathPart: path.slice(slash + 1),
    },
  }
}

/** One route. */
export function restMethod(route: HttpTriggerModel, making: Making): Part {
  return {
    [methodId(route)]: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId: ref(REST_API_ID),
        ResourceId: resourceOf(route.path),
        HttpMethod: route.method,
        ...(route.apiKey ? { ApiKeyRequired: true } : {}),
        ...toAuthorization(route.auth),
        Integration: toIntegration(route, making),
      },
    },
  }
}

// Lambda is always called with POST. Source: "Set up Lambda proxy integrations in API Gateway".
function toIntegration({ function: name, stream }: HttpTriggerModel, making: Making): Properties {
  const proxy = { Type: 'AWS_PROXY', IntegrationHttpMethod: 'POST' }
  if (!stream) return { ...proxy, Uri: invocationUri(name, making) }
  return {
    ...proxy,
    Uri: streamingUri(name, making),
    ResponseTransferMode: 'STREAM',
    // The most that there is; the function's own timeout ends it.
    TimeoutInMillis: 900_000,
  }
}

function toAuthorization(auth: AuthModel): Properties {
  if (auth.kind === 'authorizer')
    return { AuthorizationType: 'CUSTOM', AuthorizerId: ref(restAuthorizerId(auth.function)) }
  if (auth.kind === 'cognito') {
    const { scopes } = auth
    const asked = scopes.length === 0 ? {} : { AuthorizationScopes: scopes }
    return { AuthorizationType: 'COGNITO_USER_POOLS', AuthorizerId: ref(cognitoId(auth)), ...asked }
  }
  // The model gives jwt(…) to HTTP APIs only; should one come, nobody passes.
  return { AuthorizationType: auth.kind === 'none' ? 'NONE' : 'AWS_IAM' }
}

/**
 * What is live is a copy that a deployment took. One whose parts have changed gets another id, so that CloudFormation makes a
 * new copy and moves the stage to it. Source: AWS::ApiGateway::Deployment.
 */
function deployed(own: Part, routes: readonly HttpTriggerModel[], making: Making): Part {
  const methods = Object.assign({}, ...routes.map((route) => restMethod(route, making)))
  const copied: Part = { ...own, ...methods }
  const hash = createHash('sha256').update(JSON.stringify(copied)).digest('hex').slice(0, 12)
  const id = `RestDeployment${hash}`
  return {
    [id]: {
      Type: 'AWS::ApiGateway::Deployment',
      Properties: { RestApiId: ref(REST_API_ID) },
      DependsOn: Object.keys(copied).filter((one) => isWaitedFor(copied[one])),
    },
    [REST_STAGE_ID]: {
      Type: 'AWS::ApiGateway::Stage',
      Properties: { RestApiId: ref(REST_API_ID), DeploymentId: ref(id), StageName: making.model.api.stage },
    },
  }
}

// Methods themselves wait for their paths and authorizers.
const isWaitedFor = (resource: TemplateResource | undefined): boolean =>
  resource?.Type === 'AWS::ApiGateway::Method' || resource?.Type === 'AWS::ApiGateway::GatewayResponse'
