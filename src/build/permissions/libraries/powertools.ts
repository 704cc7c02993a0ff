// Powertools for AWS Lambda: parameters and idempotency. Source: docs.aws.amazon.com/powertools/typescript, "IAM permissions".
import { idOf } from '../ast.ts'
import { ANYTHING, type Atom, just, NOTHING, native, type Values } from '../atoms.ts'
import { entriesOf, listInOrder } from '../elements.ts'
import { argument, type Given, type Site } from '../machine.ts'
import { isAbsent, join } from '../values.ts'
import { askBy, type Fields } from './ask.ts'

const isAtom = (value: unknown): value is Atom => typeof value === 'object' && value !== null && 'kind' in value

interface Reading {
  readonly service: string
  readonly operation: string
  readonly fields: (handed: Given, site: Site) => Fields
}

const decrypted = (handed: Given, site: Site): Values | undefined => {
  const asked = handed.list.length < 2 ? NOTHING : site.machine.read(argument(handed, 1), ['decrypt'], site)
  return [...asked.values()].some((atom) => !isAbsent(atom)) ? asked : undefined
}

const parameter: Reading = {
  service: 'ssm',
  operation: 'GetParameter',
  fields: (handed, site) => ({ Name: argument(handed, 0), WithDecryption: decrypted(handed, site) }),
}

const below: Reading = {
  service: 'ssm',
  operation: 'GetParametersByPath',
  fields: (handed, site) => ({ Path: argument(handed, 0), WithDecryption: decrypted(handed, site) }),
}

const byName: Reading = {
  service: 'ssm',
  operation: 'GetParameters',
  fields: (handed, site) => ({
    Names: listInOrder(
      entriesOf(argument(handed, 0), site).map(([name]) => name),
      NOTHING,
      'parameters',
      site,
    ),
  }),
}

const written: Reading = {
  service: 'ssm',
  operation: 'PutParameter',
  fields: (handed) => ({ Name: argument(handed, 0) }),
}

const secret: Reading = {
  service: 'secrets-manager',
  operation: 'GetSecretValue',
  fields: (handed) => ({ SecretId: argument(handed, 0) }),
}

const CONFIGURED = ['StartConfigurationSession', 'GetLatestConfiguration']

function configuration(handed: Given, options: Values, site: Site): void {
  const { machine } = site
  const both = join(argument(handed, 1), options)
  for (const operation of CONFIGURED)
    askBy(
      'appconfigdata',
      operation,
      {
        ApplicationIdentifier: machine.read(both, ['application'], site),
        EnvironmentIdentifier: machine.read(both, ['environment'], site),
        ConfigurationProfileIdentifier: argument(handed, 0),
      },
      machine.read(options, ['awsSdkV3Client'], site),
      site,
    )
}

const FUNCTIONS: Readonly<Record<string, Reading>> = {
  getParameter: parameter,
  getParameters: below,
  getParametersByName: byName,
  setParameter: written,
  getSecret: secret,
}

const PROVIDERS: Readonly<Record<string, Readonly<Record<string, Reading>>>> = {
  SSMProvider: { get: parameter, getMultiple: below, getParametersByName: byName, set: written },
  SecretsProvider: { get: secret },
}

/** What `@aws-lambda-powertools/parameters/…` export. */
export function parameters(name: string): Values {
  const reading = FUNCTIONS[name]
  if (reading !== undefined)
    return just(native(`parameters.${name}`, { call: (handed, site) => ask(reading, handed, NOTHING, site) }))
  if (name === 'getAppConfig') {
    const call = (handed: Given, site: Site): Values => {
      configuration(handed, NOTHING, site)
      return ANYTHING
    }
    return just(native('parameters.getAppConfig', { call }))
  }
  if (/Provider$/.test(name))
    return just(native(`parameters.${name}`, { construct: (handed, site) => provider(name, handed, site) }))
  return just(native(`parameters.${name}`, { call: () => ANYTHING, construct: () => ANYTHING }))
}

function ask({ service, operation, fields }: Reading, handed: Given, client: Values, site: Site): Values {
  askBy(service, operation, fields(handed, site), client, site)
  return ANYTHING
}

function provider(name: string, handed: Given, site: Site): Values {
  const { machine } = site
  const options = argument(handed, 0)
  const client = machine.read(options, ['awsSdkV3Client'], site)
  const id = `parameters.${name}:${idOf(site.node)}/${site.unit.id}`
  const table = machine.read(options, ['tableName'], site)
  const call = (method: string | undefined, given: Given, at: Site): Values => {
    const reading = method === undefined ? undefined : PROVIDERS[name]?.[method]
    if (reading !== undefined) return ask(reading, given, client, at)
    if (name === 'AppConfigProvider') configuration(given, options, at)
    if (name === 'DynamoDBProvider')
      askBy('dynamodb', method === 'getMultiple' ? 'Query' : 'GetItem', { TableName: table }, client, at)
    return ANYTHING
  }
  const made = machine.once(
    id,
    () =>
      native(id, {
        read: (method) => just(native(`${id}.${method}`, { call: (given, at) => call(method, given, at) })),
      }),
    isAtom,
  )
  return just(made)
}

const KEPT = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem']

/** What `@aws-lambda-powertools/idempotency/…` export. */
export function idempotency(name: string): Values {
  const id = `idempotency.${name}`
  if (name === 'DynamoDBPersistenceLayer') return just(native(id, { construct: layer }))
  if (name === 'makeIdempotent') return just(native(id, { call: wrapped }))
  if (name === 'makeHandlerIdempotent' || name === 'idempotent') {
    const call = (handed: Given, site: Site): Values => {
      keep(site.machine.read(argument(handed, 0), ['persistenceStore'], site), site)
      return just(native(`${id}.middleware`, { call: () => ANYTHING }))
    }
    return just(native(id, { call }))
  }
  return just(native(id, { construct: () => ANYTHING, call: () => ANYTHING }))
}

function layer(handed: Given, site: Site): Values {
  const { machine } = site
  const options = argument(handed, 0)
  const id = `idempotency.layer:${idOf(site.node)}/${site.unit.id}`
  const table = machine.read(options, ['tableName'], site)
  const client = machine.read(options, ['awsSdkV3Client'], site)
  const read = (name: string | undefined): Values =>
    name === '$table' ? table : name === '$client' ? client : ANYTHING
  return just(machine.once(id, () => native(id, { read }), isAtom))
}

function keep(store: Values, site: Site): void {
  const { machine } = site
  const table = machine.read(store, ['$table'], site)
  const client = machine.read(store, ['$client'], site)
  for (const operation of KEPT) askBy('dynamodb', operation, { TableName: table }, client, site)
}

function wrapped(handed: Given, site: Site): Values {
  const { machine, node, unit } = site
  const work = argument(handed, 0)
  const store = machine.read(argument(handed, 1), ['persistenceStore'], site)
  const id = `idempotency.made:${idOf(node)}/${unit.id}`
  const call = (given: Given, at: Site, self: Values): Values => {
    keep(store, { ...at, node, unit })
    return at.machine.call(work, self, given, at)
  }
  return just(machine.once(id, () => native(id, { call }), isAtom))
}
