// Which operations the methods of each handle ask for: the other half of `src/runtime`, where they are made.
import { ANYTHING, one, type Values } from '../atoms.ts'
import { elements } from '../elements.ts'
import { tagOf } from '../facts.ts'
import { argument, type Given, type Site } from '../machine.ts'
import { concatenate, isAbsent, textsOf } from '../values.ts'
import type { Identity } from './handles.ts'

export type Structure = Values | readonly Structure[] | { readonly [name: string]: Structure }

export interface Operation {
  readonly service: string
  /** Undefined: data says which. */
  readonly name: string | undefined
  readonly input: Structure
}

interface Asked {
  readonly identity: Identity | undefined
  readonly handed: Given
  readonly site: Site
}

type Method = (asked: Asked) => readonly Operation[]

const nameOf = ({ identity }: Asked): Values => (identity === undefined ? ANYTHING : one(identity.name))
const arnOf = ({ identity }: Asked): Values => (identity === undefined ? ANYTHING : one(identity.arn))

const object =
  (name: string): Method =>
  (asked) => [{ service: 's3', name, input: { Bucket: nameOf(asked), Key: argument(asked.handed, 0) } }]

// An object that is not there is undefined, and S3 tells so only to who may list the bucket: to others it says that they may not.
const found =
  (method: Method): Method =>
  (asked) => [...method(asked), { service: 's3', name: 'HeadBucket', input: { Bucket: nameOf(asked) } }]

// In the version that the event is about, where the bucket keeps versions.
const changed: Method = (asked) => {
  const version = asked.identity?.versioned === true ? { VersionId: ANYTHING } : {}
  return [
    { service: 's3', name: 'GetObject', input: { Bucket: nameOf(asked), Key: argument(asked.handed, 0), ...version } },
  ]
}

const URLS: Readonly<Record<string, string>> = {
  GET: 'GetObject',
  PUT: 'PutObject',
  HEAD: 'HeadObject',
  DELETE: 'DeleteObject',
}

const url: Method = (asked) => {
  const { handed, site } = asked
  const options = argument(handed, 1)
  const method = site.machine.read(options, ['method'], site)
  const isDefault = handed.list.length < 2 || [...method.values()].every(isAbsent)
  const texts = isDefault ? ['GET'] : textsOf(method)
  return texts.flatMap((one) =>
    one === undefined ? [{ service: 's3', name: undefined, input: {} }] : object(URLS[one] ?? 'GetObject')(asked),
  )
}

const copy: Method = (asked) => {
  const [from, to] = [argument(asked.handed, 0), argument(asked.handed, 1)]
  const CopySource = concatenate([nameOf(asked), one('/'), from])
  return [{ service: 's3', name: 'CopyObject', input: { Bucket: nameOf(asked), Key: to, CopySource } }]
}

const list: Method = (asked) => {
  const { handed, site } = asked
  const Prefix = handed.list.length === 0 ? one('') : site.machine.read(argument(handed, 0), ['prefix'], site)
  return [{ service: 's3', name: 'ListObjectsV2', input: { Bucket: nameOf(asked), Prefix } }]
}

const item =
  (name: string): Method =>
  (asked) => [{ service: 'dynamodb', name, input: { TableName: nameOf(asked) } }]

const reading =
  (name: string, at: number): Method =>
  (asked) => {
    const { handed, site } = asked
    const index = handed.list.length > at ? site.machine.read(argument(handed, at), ['index'], site) : one(undefined)
    const isTable = [...index.values()].every(isAbsent)
    const input = { TableName: nameOf(asked), ...(isTable ? {} : { IndexName: index }) }
    return [{ service: 'dynamodb', name, input }]
  }

const batch =
  (name: string): Method =>
  ({ identity }) => [
    { service: 'dynamodb', name, input: { RequestItems: identity === undefined ? ANYTHING : { [identity.name]: [] } } },
  ]

const WRITES: Readonly<Record<string, string>> = {
  put: 'Put',
  update: 'Update',
  delete: 'Delete',
  check: 'ConditionCheck',
}

// Each write of a transaction is allowed by itself, on the table that it names.
const transact: Method = (asked) => {
  const { handed, site } = asked
  const { machine, unit } = site
  const items: Structure[] = []
  for (const write of elements(argument(handed, 0), site).values()) {
    const values: Values = new Map([[write.id, write]])
    const known = Object.keys(WRITES).filter((word) => write.kind === 'object' && write.own(word, unit).size > 0)
    const table = tableOf(machine.read(values, ['table'], site), asked)
    const words = known.length === 0 ? Object.keys(WRITES) : known
    for (const word of words) items.push({ [WRITES[word] ?? '']: { TableName: table } })
  }
  return [{ service: 'dynamodb', name: 'TransactWriteItems', input: { TransactItems: items } }]
}

function tableOf(given: Values, asked: Asked): Values {
  const names = [...given.values()].flatMap((atom): string[] => {
    const tag = tagOf(atom)
    if (tag?.type !== 'handle' || tag.name === undefined) return []
    const found = asked.site.machine.surroundings.identity(tag.kind, tag.name)
    return found === undefined ? [] : [found.name]
  })
  return names.length === 0 ? nameOf(asked) : new Map(names.flatMap((name) => [...one(name)]))
}

const transactGet: Method = (asked) => [
  { service: 'dynamodb', name: 'TransactGetItems', input: { TransactItems: [{ Get: { TableName: nameOf(asked) } }] } },
]

const queue =
  (name: string): Method =>
  (asked) => [
    {
      service: 'sqs',
      name,
      input: { QueueUrl: asked.identity?.url === undefined ? ANYTHING : one(asked.identity.url) },
    },
  ]

const topic =
  (name: string): Method =>
  (asked) => [{ service: 'sns', name, input: { TopicArn: arnOf(asked) } }]

const emit: Method = (asked) => [
  { service: 'eventbridge', name: 'PutEvents', input: { Entries: [{ EventBusName: arnOf(asked) }] } },
]

const record =
  (name: string): Method =>
  (asked) => [{ service: 'kinesis', name, input: { StreamARN: arnOf(asked) } }]

const secret: Method = (asked) => [
  { service: 'secrets-manager', name: 'GetSecretValue', input: { SecretId: nameOf(asked) } },
]

const param: Method = (asked) => [
  { service: 'ssm', name: 'GetParameter', input: { Name: nameOf(asked), WithDecryption: one(true) } },
]

const invoke: Method = (asked) => [{ service: 'lambda', name: 'Invoke', input: { FunctionName: nameOf(asked) } }]

// The connection is whoever it may be; which API it is, the endpoint tells.
const connection =
  (name: string): Method =>
  ({ identity }) => [
    {
      service: 'apigatewaymanagementapi',
      name,
      input: { endpoint: identity?.url === undefined ? ANYTHING : one(identity.url), ConnectionId: ANYTHING },
    },
  ]

/** By the handle's kind, then its method. Members that ask for nothing (`name`, `onMessage` …) are not here. */
export const METHODS: Readonly<Record<string, Readonly<Record<string, Method>>>> = {
  bucket: {
    put: object('PutObject'),
    get: found(object('GetObject')),
    head: found(object('HeadObject')),
    delete: object('DeleteObject'),
    list,
    copy,
    url,
  },
  queue: { send: queue('SendMessage'), sendBatch: queue('SendMessageBatch') },
  topic: { publish: topic('Publish'), publishBatch: topic('PublishBatch') },
  table: {
    get: item('GetItem'),
    put: item('PutItem'),
    update: item('UpdateItem'),
    delete: item('DeleteItem'),
    query: reading('Query', 1),
    scan: reading('Scan', 0),
    batchGet: batch('BatchGetItem'),
    batchWrite: batch('BatchWriteItem'),
    transact,
    transactGet,
  },
  bus: { emit, emitBatch: emit },
  stream: { put: record('PutRecord'), putBatch: record('PutRecords') },
  secret: { value: secret, json: secret },
  param: { value: param },
  lambda: { invoke, start: invoke },
  websocket: {
    send: connection('PostToConnection'),
    sendAll: connection('PostToConnection'),
    close: connection('DeleteConnection'),
    info: connection('GetConnection'),
  },
  /** What a bucket's trigger tells of. */
  changed: { get: found(changed) },
}
