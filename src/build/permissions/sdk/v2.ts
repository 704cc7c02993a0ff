// Version 2 of the SDK: its clients, as far as their plain method calls go.
import { ANYTHING, just, native, UNDEFINED, type Values } from '../atoms.ts'
import { asClients } from '../facts.ts'
import { argument, type Given, given, type Site } from '../machine.ts'
import { knownTexts } from '../values.ts'
import { ask, makeClient } from './clients.ts'
import { capitalise } from './names.ts'

// Where version 3 calls a client otherwise than by its name in lower case, words joined by `-`.
const RENAMED: Readonly<Record<string, string>> = {
  StepFunctions: 'sfn',
  CloudWatchEvents: 'eventbridge',
  CognitoIdentityServiceProvider: 'cognito-identity-provider',
  DynamoDB: 'dynamodb',
  DynamoDBStreams: 'dynamodb-streams',
  ApiGatewayManagementApi: 'apigatewaymanagementapi',
  EventBridge: 'eventbridge',
  APIGateway: 'api-gateway',
  ELBv2: 'elastic-load-balancing-v2',
  SESV2: 'sesv2',
  RDSDataService: 'rds-data',
  CloudFormation: 'cloudformation',
  CloudFront: 'cloudfront',
  Iot: 'iot',
  IotData: 'iot-data-plane',
}

const serviceOf = (name: string): string =>
  RENAMED[name] ??
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase()

/** What `aws-sdk`, or one file of it, exports. */
export function oldExport(specifier: string, name: string): Values {
  const file = /^aws-sdk\/clients\/([^/.]+)/.exec(specifier)?.[1]
  if (file !== undefined) {
    const word = Object.keys(RENAMED).find((one) => one.toLowerCase() === file) ?? file.toUpperCase()
    if (name === '*' || name === 'default') return clientClass(word)
    return name === 'DocumentClient' ? documentClass() : ANYTHING
  }
  if (name !== '*' && name !== 'default') return member(name)
  return just(native('aws-sdk', { read: (one) => (one === undefined ? ANYTHING : member(one)) }))
}

const QUIET = new Set([
  'config',
  'Config',
  'Credentials',
  'Endpoint',
  'HttpOptions',
  'Service',
  'Request',
  'util',
  'XRay',
])

function member(name: string): Values {
  return QUIET.has(name) || !/^[A-Z]/.test(name)
    ? just(
        native(`aws-sdk.${name}`, {
          read: () => just(native('aws-sdk.quiet', { call: () => ANYTHING })),
          construct: () => ANYTHING,
          call: () => ANYTHING,
        }),
      )
    : clientClass(name)
}

function clientClass(name: string): Values {
  const service = serviceOf(name)
  const construct = (handed: Given, site: Site): Values =>
    withExtras(
      makeClient({ service, flavour: 'v2', config: handed.list.length === 0 ? UNDEFINED : argument(handed, 0) }, site),
    )
  const read = (one: string | undefined): Values => {
    if (name === 'DynamoDB' && one === 'DocumentClient') return documentClass()
    if (name === 'S3' && one === 'ManagedUpload') return ANYTHING
    return just(native('aws-sdk.quiet', { call: () => ANYTHING, read: () => ANYTHING }))
  }
  return just(native(`aws-sdk.${name}`, { construct, read, call: construct }))
}

function documentClass(): Values {
  const construct = (handed: Given, site: Site): Values =>
    makeClient(
      { service: 'dynamodb', flavour: 'v2', config: handed.list.length === 0 ? UNDEFINED : argument(handed, 0) },
      site,
    )
  return just(native('aws-sdk.DocumentClient', { construct, call: construct }))
}

// Methods that are no operations of their own.
const EXTRAS: Readonly<Record<string, (handed: Given, site: Site, client: Values) => void>> = {
  getSignedUrl: signed,
  getSignedUrlPromise: signed,
  upload: (handed, site, client) => {
    for (const operation of ['PutObject', 'AbortMultipartUpload'])
      for (const tag of asClients(client, site.unit)) ask(tag, operation, handed, site)
  },
  createPresignedPost: (handed, site, client) => {
    for (const tag of asClients(client, site.unit))
      ask(tag, 'PutObject', given(site.machine.read(argument(handed, 0), ['Fields'], site)), site)
  },
}

function signed(handed: Given, site: Site, client: Values): void {
  const names = knownTexts(argument(handed, 0))
  for (const tag of asClients(client, site.unit)) {
    if (names.length === 0) ask(tag, undefined, given(argument(handed, 1)), site)
    for (const name of names) ask(tag, capitalise(name), given(argument(handed, 1)), site)
  }
}

function withExtras(client: Values): Values {
  const [atom] = client.values()
  if (atom?.kind !== 'native' || atom.tag?.type !== 'client' || atom.tag.service !== 's3') return client
  const { tag, id, read } = atom
  return just(
    native(`${id}.v2`, {
      tag,
      read: (name, site) => {
        const extra = name !== undefined && Object.hasOwn(EXTRAS, name) ? EXTRAS[name] : undefined
        if (extra === undefined) return read?.(name, site) ?? ANYTHING
        return just(
          native(`${id}.${name}`, {
            call: (handed, at) => {
              extra(handed, at, client)
              return ANYTHING
            },
          }),
        )
      },
    }),
  )
}
