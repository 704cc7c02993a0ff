// Where an app is called: what its stack tells as outputs, and what those mean on clouds that are not AWS.
import type { DomainModel, HttpTriggerModel, Model, WebsocketModel } from '../../model/index.ts'
import { API_ID, logicalId, REST_API_ID } from '../ids.ts'
import { attribute, joined, type Output, ref, type Value } from '../template.ts'
import { domainOutputs, targetOutput } from './apis/domain.ts'
import { apiKeyId } from './apis/rest-plan.ts'
import { urlId } from './apis/url.ts'
import { websocketId } from './apis/websocket.ts'
import type { Making } from './making.ts'

const API_URL = 'ApiUrl'
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
  const keys = model.api.apiKeys.map((name): [string, Output] => [
    apiKeyId(name),
    { Description: `Id of the API key ${name}`, Value: ref(apiKeyId(name)) },
  ])
  const front = { Description: 'Front door of the app', Value: stageUrl(model) }
  const api = routesOf(model).length === 0 || door === 'url' ? {} : { [API_URL]: front }
  return {
    ...api,
    ...Object.fromEntries([...urls, ...sockets, ...(door === 'rest' && routesOf(model).length > 0 ? keys : [])]),
    ...domainOutputs(domainsOf(model)),
  }
}

const toUrlOutput = (name: string): [string, Output] => [
  functionOutput(name),
  { Description: `Function URL of ${name}`, Value: attribute(urlId(name), 'FunctionUrl') },
]

// A REST API has no attribute for it. Source: "Invoke REST APIs in API Gateway", "Obtain an API's invoke URL".
function stageUrl({ api: { door, stage } }: Model): Value {
  const endpoint = attribute(API_ID, 'ApiEndpoint')
  if (door === 'http') return stage === '$default' ? endpoint : joined(endpoint, `/${stage}`)
  const host = [ref(REST_API_ID), '.execute-api.', ref('AWS::Region'), '.', ref('AWS::URLSuffix')]
  return joined('https://', ...host, `/${stage}`)
}

const domainsOf = (model: Model): DomainModel[] =>
  [model.api, ...ownSockets(model)].flatMap(({ domain }) => (domain === undefined ? [] : [domain]))
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
  /** Domains whose DNS is somebody else's, and what they have to point at. */
  readonly dns: ReadonlyMap<string, string>
}

export interface UrlPlace {
  readonly model: Model
  /** Where calls of AWS go instead, `--endpoint-url`: no domain leads there. */
  readonly endpoint: string | undefined
}

/** What people call, from what the stack tells (its outputs, by name). */
export function urlsOf(outputs: Readonly<Record<string, string>>, { model, endpoint: given }: UrlPlace): Urls {
  const { door, stage, domain } = model.api
  const endpoint = given === undefined || isAws(given) ? undefined : given
  const told = (name: string, below: string): string[] => {
    const url = outputs[name]?.replace(/\/+$/, '')
    return url === undefined ? [] : [reachable(url, endpoint, below)]
  }
  const named = (name: string | undefined, scheme: string): string[] =>
    name === undefined || endpoint !== undefined ? [] : [`${scheme}://${name}`]
  const functions = functionsOf(model).flatMap((name) =>
    told(functionOutput(name), '').map((url) => [name, url] as const),
  )
  const websockets = ownSockets(model).flatMap((one) => {
    const [url] = told(websocketOutput(one.name), one.stage).flatMap((own) => [...named(one.domain?.name, 'wss'), own])
    // Other clouds tell where they are by http.
    return url === undefined ? [] : [[one.name, url.replace(/^http/, 'ws')] as const]
  })
  const shared = functions.find(([name]) => name === 'api') ?? functions[0]
  const [front] = told(API_URL, stage).flatMap((own) => [...named(domain?.name, 'https'), own])
  const dns = domainsOf(model).flatMap((one) => {
    const target = outputs[targetOutput(one)]
    return target === undefined ? [] : [[one.name, target] as const]
  })
  const maps = { functions: new Map(functions), websockets: new Map(websockets), dns: new Map(dns) }
  return { api: door === 'url' ? shared?.[1] : front, ...maps }
}

/**
 * Other clouds tell names of AWS's, or names below `localhost`, which browsers find and many systems do not. LocalStack,
 * MiniStack and the local cloud serve the same at a path of their own.
 */
function reachable(url: string, endpoint: string | undefined, below: string): string {
  if (endpoint === undefined || !(isAws(url) || new URL(url).hostname.endsWith('.localhost'))) return url
  const [id = '', service = ''] = new URL(url).hostname.split('.')
  return [endpoint.replace(/\/+$/, ''), '_aws', service, id, ...(below === '' ? [] : [below])].join('/')
}

const isAws = (url: string): boolean => /\.(?:amazonaws\.com(?:\.cn)?|on\.aws)$/.test(new URL(url).hostname)
