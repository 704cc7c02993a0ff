// Where an app is called: what its stack tells as outputs, and what those mean on clouds that are not AWS.
import type { HttpTriggerModel, Model, WebsocketModel } from '../model/index.ts'
import { domainOutputs } from './apis/domain.ts'
import { urlId } from './apis/url.ts'
import { websocketId } from './apis/websocket.ts'
import { API_ID, logicalId, REST_API_ID } from './ids.ts'
import type { Making } from './making.ts'
import { attribute, joined, type Output, ref, type Value } from './template.ts'

const API_URL = 'ApiUrl'
/** What a REST API is known by on clouds that are not AWS. */
const REST_ID = 'RestApiId'

const functionOutput = (name: string): string => logicalId('FunctionUrl', name)
const websocketOutput = (name: string): string => logicalId('WebsocketUrl', name)

type Outputs = { readonly [name: string]: Output }

/** What the stack tells of its APIs: where AWS itself serves them, whatever domain leads there. */
export function apiOutputs({ model }: Making): Outputs {
  const sockets = ownSockets(model).map(({ name, stage }): [string, Output] => [
    websocketOutput(name),
    { Description: `WebSocket API ${name}`, Value: joined(attribute(websocketId(name), 'ApiEndpoint'), `/${stage}`) },
  ])
  const { door } = model.api
  const urls = door === 'url' ? functionsOf(model).map(toUrlOutput) : []
  const id = { Description: 'Id of the REST API', Value: ref(REST_API_ID) }
  const front = { Description: 'Front door of the app', Value: stageUrl(model) }
  const api = routesOf(model).length === 0 || door === 'url' ? {} : { [API_URL]: front }
  return {
    ...api,
    ...(api[API_URL] !== undefined && door === 'rest' ? { [REST_ID]: id } : {}),
    ...Object.fromEntries([...urls, ...sockets]),
    ...domainOutputs([model.api, ...ownSockets(model)].flatMap(({ domain }) => (domain === undefined ? [] : [domain]))),
  }
}

const toUrlOutput = (name: string): [string, Output] => [
  functionOutput(name),
  { Description: `Function URL of ${name}`, Value: attribute(urlId(name), 'FunctionUrl') },
]

// A REST API has no attribute for it. Source: "Invoke REST APIs in API Gateway", "Obtain an API's invoke URL".
function stageUrl({ api: { door, stage } }: Model): Value {
  if (door === 'http') return joined(attribute(API_ID, 'ApiEndpoint'), ...(stage === '$default' ? [] : [`/${stage}`]))
  const host = [ref(REST_API_ID), '.execute-api.', ref('AWS::Region'), '.', ref('AWS::URLSuffix')]
  return joined('https://', ...host, `/${stage}`)
}

const routesOf = ({ triggers }: Model): HttpTriggerModel[] => triggers.filter((one) => one.kind === 'http')
const functionsOf = (model: Model): string[] => [...new Set(routesOf(model).map((one) => one.function))]
const ownSockets = ({ resources }: Model): WebsocketModel[] =>
  resources.filter((one): one is WebsocketModel => one.kind === 'websocket' && !one.existing)

export interface Urls {
  /** The front door of all routes, without a slash at its end; of function URLs that of the function that routes share. */
  readonly api: string | undefined
  /** Function URLs, by the function's name. */
  readonly functions: ReadonlyMap<string, string>
  /** By the declared name. */
  readonly websockets: ReadonlyMap<string, string>
}

export interface UrlPlace {
  readonly model: Model
  /** Where calls of AWS go instead, `--endpoint-url`: no domain leads there, and it serves REST APIs itself. */
  readonly endpoint: string | undefined
}

/** What people call, from what the stack tells (its outputs, by name). */
export function urlsOf(outputs: Readonly<Record<string, string>>, { model, endpoint }: UrlPlace): Urls {
  const { door, stage, domain } = model.api
  const told = (name: string): string | undefined => outputs[name]?.replace(/\/+$/, '')
  const functions = functionsOf(model).flatMap((name): [string, string][] => {
    const url = told(functionOutput(name))
    return url === undefined ? [] : [[name, url]]
  })
  const websockets = ownSockets(model).flatMap((one): [string, string][] => {
    const url = told(websocketOutput(one.name))
    if (url === undefined) return []
    const named = one.domain === undefined || endpoint !== undefined ? undefined : `wss://${one.domain.name}`
    // Such clouds tell where they are by http.
    return [[one.name, named ?? url.replace(/^http/, 'ws')]]
  })
  const urls = { functions: new Map(functions), websockets: new Map(websockets) }
  if (door === 'url') return { ...urls, api: urls.functions.get('api') ?? functions[0]?.[1] }
  const id = outputs[REST_ID]
  // The path that LocalStack, MiniStack and the local cloud serve a REST API under.
  if (endpoint !== undefined && id !== undefined)
    return { ...urls, api: `${endpoint.replace(/\/+$/, '')}/_aws/execute-api/${id}/${stage}` }
  const api = told(API_URL)
  return {
    ...urls,
    api: api === undefined || domain === undefined || endpoint !== undefined ? api : `https://${domain.name}`,
  }
}
