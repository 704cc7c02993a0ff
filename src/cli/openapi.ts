// The app's routes as an OpenAPI 3.1 document. Source: the OpenAPI Specification, version 3.1.0.
import type { AuthModel, Description, HttpTriggerModel, Model, Options, Plain } from '../model/index.ts'
import { isObject, type Json, type Parts, partsOf, toComponent } from './openapi-schema.ts'

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch']

/** The document. The schemas are those that the description holds. */
export function toOpenApi(model: Model, description: Description, version: string): Json {
  const options = new Map(description.functions.map((one) => [one.export, one.options]))
  const paths: Record<string, Json> = Object.create(null)
  const schemas: Json = { Error: ERROR }
  const security: Json = {}
  // What a mounted app answers only it knows.
  const mounted = new Set(description.functions.flatMap((one) => (one.mounted === undefined ? [] : [one.export])))
  const routes = routesOf(model).filter((one) => !mounted.has(one.export))
  for (const trigger of routes) {
    const alone = trigger.method !== 'ANY' && routes.filter((one) => one.export === trigger.export).length === 1
    const given = options.get(trigger.export) ?? {}
    const item = itemOf(paths, trigger.path)
    for (const method of trigger.method === 'ANY' ? METHODS : [trigger.method.toLowerCase()]) {
      item[method] ??= toOperation(trigger, given, { method, alone, schemas, security })
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: model.app, version },
    servers: [{ url: model.api.stage === '$default' ? '/' : `/${model.api.stage}` }],
    paths,
    components: { schemas, ...(Object.keys(security).length === 0 ? {} : { securitySchemes: security }) },
  }
}

// A method of its own wins over ANY, as it does on the gateway.
function routesOf(model: Model): HttpTriggerModel[] {
  const routes = model.triggers.filter((one): one is HttpTriggerModel => one.kind === 'http' && !one.synthetic)
  return routes.toSorted((left, right) => Number(left.method === 'ANY') - Number(right.method === 'ANY'))
}

const template = (path: string): string => path.replaceAll('+}', '}')

// Two paths that differ in the names of their parameters only are one path to OpenAPI.
function itemOf(paths: Record<string, Json>, path: string): Json {
  const shape = (one: string): string => one.replace(/\{[^}]*\}/g, '{}')
  const own = template(path)
  const known = Object.keys(paths).find((one) => shape(one) === shape(own)) ?? own
  paths[known] ??= {}
  return paths[known]
}

interface Place {
  readonly method: string
  /** The export has no other operation. */
  readonly alone: boolean
  readonly schemas: Json
  readonly security: Json
}

function toOperation(trigger: HttpTriggerModel, options: Options, { method, alone, schemas, security }: Place): Json {
  const name = trigger.export.replace(/\W+/g, '_')
  const parts = partsOf(options, name, schemas)
  const needs = toSecurity(trigger, security)
  return {
    operationId: alone ? name : `${name}_${method}`,
    ...(typeof options.summary === 'string' ? { summary: options.summary } : {}),
    ...(Array.isArray(options.tags) ? { tags: options.tags } : {}),
    ...toParameters(trigger.path, parts),
    ...(parts.body === undefined || method === 'get' || method === 'head'
      ? {}
      : { requestBody: { required: true, content: toContent(parts.body, options.contentTypes) } }),
    responses: toResponses(trigger, options, name, schemas),
    ...(needs.length === 0 ? {} : { security: needs }),
  }
}

function toParameters(path: string, parts: Parts): Json {
  const names = [...path.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name = '']) => name)
  const inPath = names.map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: parts.params.get(name)?.schema ?? { type: 'string' },
  }))
  const others = (['query', 'headers'] as const).flatMap((part) =>
    [...parts[part]].map(([name, { schema, required }]) => ({
      name,
      in: part === 'headers' ? 'header' : 'query',
      required,
      schema,
    })),
  )
  const all = [...inPath, ...others]
  return all.length === 0 ? {} : { parameters: all }
}

function toContent(schema: unknown, types: Plain | undefined): Json {
  const given = Array.isArray(types) ? types.filter((one): one is string => typeof one === 'string') : []
  return Object.fromEntries((given.length === 0 ? ['application/json'] : given).map((type) => [type, { schema }]))
}

const ERROR = {
  type: 'object',
  properties: { Code: { type: 'string' }, Message: { type: 'string' } },
  required: ['Code', 'Message'],
}
const failure = (description: string): Json => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
})
// What the gateway itself says; its words are its own.
const refusal = (description: string): Json => ({
  description,
  content: { 'application/json': { schema: { type: 'object', properties: { message: { type: 'string' } } } } },
})

function toResponses(trigger: HttpTriggerModel, options: Options, name: string, schemas: Json): Json {
  const { response } = options
  const byStatus: [string, unknown][] = !isObject(response)
    ? []
    : response.$ === 'schema'
      ? [['200', response]]
      : Object.entries(response)
  const declared = byStatus.map(([status, given]): [string, Json] => {
    const schema = toComponent(given, 'output', `${name}_${status}`, schemas)
    return [status, { description: `Answer ${status}.`, content: { 'application/json': { schema } } }]
  })
  const checked = ['body', 'query', 'params', 'headers'].some((part) => options[part] !== undefined)
  return {
    ...(declared.some(([status]) => /^[123]/.test(status)) ? {} : { 200: { description: 'The answer.' } }),
    ...(checked ? { 422: failure('The request is not as the schemas say.') } : {}),
    ...(trigger.auth.kind === 'none' ? {} : { 401: refusal('Nobody was named.'), 403: refusal('Not allowed.') }),
    ...(trigger.apiKey ? { 403: refusal('No valid API key.'), 429: refusal('Too many requests.') } : {}),
    ...(Array.isArray(options.contentTypes) ? { 415: failure('The content type is not accepted.') } : {}),
    500: failure('The app failed.'),
    ...Object.fromEntries(declared),
  }
}

function toSecurity({ auth, apiKey }: HttpTriggerModel, security: Json): Json[] {
  const need: Json = {}
  if (auth.kind !== 'none') {
    const { name, scheme, scopes } = toScheme(auth)
    security[name] = scheme
    need[name] = scopes
  }
  if (apiKey) {
    security.apiKey = { type: 'apiKey', in: 'header', name: 'x-api-key' }
    need.apiKey = []
  }
  return Object.keys(need).length === 0 ? [] : [need]
}

function toScheme(auth: Exclude<AuthModel, { kind: 'none' }>): {
  name: string
  scheme: Json
  scopes: readonly string[]
} {
  if (auth.kind === 'iam') {
    // The extension is API Gateway's own; clients know signed requests by it.
    const scheme = { type: 'apiKey', in: 'header', name: 'Authorization', 'x-amazon-apigateway-authtype': 'awsSigv4' }
    return { name: 'iam', scheme, scopes: [] }
  }
  if (auth.kind === 'authorizer') {
    const identity = /^\$request\.header\.(.+)$/.exec(auth.identity[0] ?? '')?.[1]
    const header = auth.style === 'token' ? auth.header : (identity ?? 'authorization')
    return { name: auth.function, scheme: { type: 'apiKey', in: 'header', name: header }, scopes: [] }
  }
  const issuer = auth.kind === 'jwt' ? auth.issuer : auth.userPools.join(', ')
  const scheme = { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: `Tokens of ${issuer}.` }
  return { name: auth.kind, scheme, scopes: auth.scopes }
}
