// The reads of API Gateway, both versions: the app's APIs, for tools that look around.
import type { Asked, Service, WireRequest, WireResponse } from '../../service.ts'

export interface ApiFacts {
  readonly door: 'http' | 'rest' | 'websocket'
  readonly id: string
  readonly name: string
  /** Where it answers. */
  readonly endpoint: string
  readonly stage: string
  readonly tags: Readonly<Record<string, string>>
  /** The route selection expression of a WebSocket API. */
  readonly select?: string
  /** A WebSocket API's have their keys for a path, and no method. */
  readonly routes: readonly { readonly method: string; readonly path: string; readonly functionArn: string }[]
}

export interface ApiGatewayGround {
  /** None where the app has a function URL in its place. */
  apis(): readonly ApiFacts[]
  /** Milliseconds since 1970 at which the local cloud began to run. */
  readonly since: number
}

/** Opens the service. */
export function openApiGateway(ground: ApiGatewayGround): Service {
  return { handle: async (request) => handle(request, ground) }
}

const toAnswer = (body: object): WireResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

const toError = (status: number, type: string, message: string): WireResponse => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': type },
  body: JSON.stringify({ message }),
})

function handle(request: WireRequest, ground: ApiGatewayGround): WireResponse {
  const { method, path } = request
  const [, version, id, part, item, more] =
    /^(\/v2\/apis|\/restapis)(?:\/([^/]+)(?:\/([^/]+)(?:\/([^/]+)(\/.+)?)?)?)?\/?$/.exec(path) ?? []
  if (method !== 'GET' || version === undefined || more !== undefined) {
    const words = `${method} ${path} is not implemented by the local cloud: the app's routes are what its code says.`
    return toError(501, 'NotImplementedException', words)
  }
  const isSecond = version === '/v2/apis'
  const all = ground.apis().filter(({ door }) => (door === 'rest') !== isSecond)
  const views = isSecond ? SECOND : FIRST
  const denied = request.denied?.({ client: views.client, ...toAsked(views, id, part, item) })
  if (denied !== undefined) return toError(403, 'AccessDeniedException', denied)
  if (id === undefined) return toAnswer({ [views.list]: all.map((one) => views.api(one, ground.since)) })
  const own = all.find((one) => one.id === id)
  if (own === undefined)
    return toError(404, 'NotFoundException', 'Invalid API identifier specified 000000000000:'.concat(id))
  if (part === undefined) return toAnswer(views.api(own, ground.since))
  const members = views.parts[part]?.(own, ground.since)
  if (members === undefined)
    return toError(501, 'NotImplementedException', `${path} is not implemented by the local cloud.`)
  if (item === undefined) return toAnswer({ [views.list]: members })
  const name = decodeURIComponent(item)
  const found = members.find((one) => Object.entries(one).some(([key, value]) => KEYS.has(key) && value === name))
  return found === undefined ? toError(404, 'NotFoundException', `Unable to find ${part} ${name}`) : toAnswer(found)
}

// `GetRoute` reads one, `GetRoutes` all of them.
function toAsked(
  { reads: [operation, member] }: Views,
  id = '',
  part = '',
  item = '',
): Pick<Asked, 'operation' | 'input'> {
  if (id === '') return { operation: `${operation}s`, input: {} }
  if (part === '') return { operation, input: { [member]: id } }
  const all = `Get${part.charAt(0).toUpperCase()}${part.slice(1)}`
  if (item === '') return { operation: all, input: { [member]: id } }
  const one = all.slice(0, -1)
  const named = `${one.slice(3)}${one === 'GetStage' ? 'Name' : 'Id'}`
  const name = member === 'ApiId' ? named : named.charAt(0).toLowerCase() + named.slice(1)
  return { operation: one, input: { [member]: id, [name]: item } }
}

// What a part of an API is asked for by.
const KEYS = new Set(['stageName', 'StageName', 'routeId', 'integrationId', 'id'])

interface Views {
  /** See `Asked.client`. */
  readonly client: string
  /** The operation that reads an API, and the member of its input that names it. */
  readonly reads: readonly [operation: string, member: string]
  /** Where a list is. */
  readonly list: string
  api(facts: ApiFacts, since: number): object
  readonly parts: Readonly<Record<string, (facts: ApiFacts, since: number) => readonly object[]>>
}

const toDate = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')
const isDefault = (stage: string): boolean => stage === '$default'

const SECOND: Views = {
  client: 'apigatewayv2',
  reads: ['GetApi', 'ApiId'],
  list: 'items',
  api: ({ door, id, name, endpoint, select, tags }, since) => ({
    apiId: id,
    name,
    protocolType: door === 'websocket' ? 'WEBSOCKET' : 'HTTP',
    apiEndpoint: endpoint,
    apiKeySelectionExpression: '$request.header.x-api-key',
    routeSelectionExpression: select ?? '$request.method $request.path',
    disableExecuteApiEndpoint: false,
    createdDate: toDate(since),
    tags,
  }),
  parts: {
    stages: ({ stage }, since) => [
      {
        stageName: stage,
        autoDeploy: true,
        createdDate: toDate(since),
        lastUpdatedDate: toDate(since),
        defaultRouteSettings: { detailedMetricsEnabled: false },
        routeSettings: {},
        stageVariables: {},
      },
    ],
    routes: ({ routes }) =>
      routes.map(({ method, path }, index) => ({
        routeId: `route${index}`,
        routeKey: method === '' || isDefault(path) ? path : `${method} ${path}`,
        target: `integrations/integration${index}`,
        apiKeyRequired: false,
        authorizationType: 'NONE',
      })),
    integrations: ({ door, routes }) =>
      routes.map(({ functionArn }, index) => ({
        integrationId: `integration${index}`,
        integrationType: 'AWS_PROXY',
        integrationUri: functionArn,
        integrationMethod: 'POST',
        connectionType: 'INTERNET',
        payloadFormatVersion: door === 'websocket' ? '1.0' : '2.0',
        timeoutInMillis: door === 'websocket' ? 29_000 : 30_000,
      })),
  },
}

const FIRST: Views = {
  client: 'api-gateway',
  reads: ['GetRestApi', 'restApiId'],
  list: 'item',
  api: ({ id, name, tags }, since) => ({
    id,
    name,
    createdDate: since / 1000,
    apiKeySource: 'HEADER',
    endpointConfiguration: { types: ['REGIONAL'], ipAddressType: 'ipv4' },
    disableExecuteApiEndpoint: false,
    rootResourceId: 'root',
    tags,
  }),
  parts: {
    stages: ({ stage }, since) => [
      {
        stageName: stage,
        deploymentId: 'local',
        createdDate: since / 1000,
        lastUpdatedDate: since / 1000,
        cacheClusterEnabled: false,
      },
    ],
    resources: ({ routes }) => {
      const paths = [...new Set(['/', ...routes.map(({ path }) => path)])]
      return paths.map((path, index) => ({
        id: path === '/' ? 'root' : `resource${index}`,
        path,
        ...(path === '/' ? {} : { pathPart: path.split('/').at(-1) }),
        resourceMethods: Object.fromEntries(
          routes.filter((one) => one.path === path).map(({ method }) => [method, {}]),
        ),
      }))
    },
  },
}
