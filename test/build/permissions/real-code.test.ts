// How real projects are put together, and what their functions need: one small project per habit.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { analysed } from '../../support/analysed.ts'

interface Project {
  readonly has: string
  readonly files: Readonly<Record<string, string>>
  readonly needs: readonly string[]
  readonly tells?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly export?: string
}

const PROJECTS: readonly Project[] = [
  {
    has: 'a generic repository',
    files: {
      'handler.ts': `import { UserRepo } from './user-repo'
const users = new UserRepo()
export const handler = async (e: { id: string }) => { const u = await users.find(e.id); if (!u) throw new Error('x'); return users.save({ ...u, seen: true }) }`,
      'user-repo.ts': `import { BaseRepo } from './base-repo'
import { documents } from './documents'
interface User { id: string }
export class UserRepo extends BaseRepo<User> { constructor() { super(documents(), process.env.USERS!) } async purge() { return this.remove('all') } }`,
      'base-repo.ts': `import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
export abstract class BaseRepo<T extends { id: string }> {
  protected constructor(protected readonly client: DynamoDBDocumentClient, protected readonly tableName: string) {}
  async find(id: string): Promise<T | undefined> { const { Item } = await this.client.send(new GetCommand({ TableName: this.tableName, Key: { id } })); return Item as T }
  async save(item: T) { await this.client.send(new PutCommand({ TableName: this.tableName, Item: item })) }
  protected async remove(id: string) { await this.client.send(new DeleteCommand({ TableName: this.tableName, Key: { id } })) }
}`,
      'documents.ts': `import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
let cached: DynamoDBDocumentClient
export const documents = (): DynamoDBDocumentClient => { if (cached) return cached; cached = DynamoDBDocumentClient.from(new DynamoDBClient({ region: process.env.AWS_REGION }), { marshallOptions: { removeUndefinedValues: true } }); return cached }`,
    },
    env: { USERS: 'users' },
    needs: ['dynamodb:GetItem table/users', 'dynamodb:PutItem table/users'],
  },
  {
    has: 'a Powertools class',
    files: {
      'handler.ts': `import { Logger } from '@aws-lambda-powertools/logger'
import { Tracer } from '@aws-lambda-powertools/tracer'
import type { LambdaInterface } from '@aws-lambda-powertools/commons/types'
import { SecretsManagerClient, GetSecretValueCommand } from '@aws-sdk/client-secrets-manager'
const logger = new Logger(); const tracer = new Tracer()
const client = tracer.captureAWSv3Client(new SecretsManagerClient({}))
class Lambda implements LambdaInterface {
  @tracer.captureMethod() private async secret() { return client.send(new GetSecretValueCommand({ SecretId: 'app/key' })) }
  @tracer.captureLambdaHandler() @logger.injectLambdaContext()
  public async handler(_event: unknown, _context: unknown) { const s = await this.secret(); return s.SecretString?.length }
}
const instance = new Lambda()
export const handler = instance.handler.bind(instance)`,
    },
    needs: ['secretsmanager:GetSecretValue secret:app/key-??????'],
  },
  {
    has: 'a hexagon of ports and adapters',
    files: {
      'handler.ts': `import { placeOrder } from './app/place-order'
import { orders } from './adapters/orders'
import { mailer } from './adapters/mailer'
const usecase = placeOrder({ orders, mailer, clock: () => new Date() })
export const handler = async (e: { body: string }) => usecase(JSON.parse(e.body))`,
      'app/place-order.ts': `import type { Deps } from './ports'
export const placeOrder = ({ orders, mailer, clock }: Deps) => async (input: { id: string; to: string }) => { await orders.add({ ...input, at: clock().toISOString() }); await mailer.send(input.to) }`,
      'app/ports.ts': `export interface Deps { orders: { add(o: object): Promise<void>; all(): Promise<object[]> }; mailer: { send(to: string): Promise<void> }; clock: () => Date }`,
      'adapters/orders.ts': `import { DynamoDB } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb'
const doc = DynamoDBDocument.from(new DynamoDB({}))
const TableName = \`\${process.env.PREFIX}-orders\`
export const orders = { async add(Item: object) { await doc.put({ TableName, Item }) }, async all() { const { Items = [] } = await doc.scan({ TableName }); return Items } }`,
      'adapters/mailer.ts': `import { SNS } from '@aws-sdk/client-sns'
const sns = new SNS()
export const mailer = { send: async (to: string) => { await sns.publish({ TopicArn: 'arn:aws:sns:us-east-1:123456789012:mails', Message: to }) } }`,
    },
    env: { PREFIX: 'shop' },
    needs: ['dynamodb:PutItem table/shop-orders', 'sns:Publish mails'],
  },
  {
    has: 'a singleton service with a static factory',
    files: {
      'handler.ts': `import { Storage } from './storage.js'
export const handler = async (e: { key: string }) => Storage.instance().read(e.key)`,
      'storage.ts': `import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
export class Storage {
  private static it: Storage | null = null
  static instance(): Storage { return (Storage.it = Storage.it ?? new Storage(new S3Client({}))) }
  private constructor(private readonly s3: S3Client, private readonly bucket = process.env.BUCKET ?? 'fallback') {}
  async read(Key: string) { return (await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key }))).Body }
  async write(Key: string) { return this.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key })) }
}`,
    },
    env: { BUCKET: 'data' },
    needs: ['s3:GetObject data/*'],
  },
  {
    has: 'a command bus',
    files: {
      'handler.ts': `import { Bus } from './bus'
import { CreateUser, createUser } from './create-user'
import { DropUser, dropUser } from './drop-user'
const bus = new Bus()
bus.register(CreateUser, createUser)
bus.register(DropUser, dropUser)
export const handler = (e: any) => bus.run(e.kind === 'create' ? new CreateUser(e.id) : new DropUser(e.id))`,
      'bus.ts': `type Ctor = new (...a: any[]) => object
export class Bus { private handlers = new Map<Ctor, (c: any) => Promise<unknown>>()
  register(c: Ctor, h: (c: any) => Promise<unknown>) { this.handlers.set(c, h); return this }
  async run(c: object) { const h = this.handlers.get(c.constructor as Ctor); if (!h) throw new Error('none'); return h(c) } }`,
      'create-user.ts': `import { DynamoDB } from '@aws-sdk/client-dynamodb'
const db = new DynamoDB({})
export class CreateUser { constructor(readonly id: string) {} }
export const createUser = (c: CreateUser) => db.putItem({ TableName: 'users', Item: { id: { S: c.id } } })`,
      'drop-user.ts': `import { DynamoDB } from '@aws-sdk/client-dynamodb'
const db = new DynamoDB({})
export class DropUser { constructor(readonly id: string) {} }
export async function dropUser({ id }: DropUser) { return db.deleteItem({ TableName: 'users', Key: { id: { S: id } } }) }`,
    },
    needs: ['dynamodb:DeleteItem table/users', 'dynamodb:PutItem table/users'],
  },
  {
    has: 'CommonJS services with a class per file',
    files: {
      'handler.js': `'use strict'
const UserService = require('./services/UserService')
const { ok } = require('./http')
const service = new UserService(require('./db'))
module.exports.handler = async function (event, context, callback) { service.get(event.pathParameters.id).then((u) => callback(null, ok(u))).catch(callback) }`,
      'services/UserService.js': `class UserService { constructor({ client, tables }) { this.client = client; this.table = tables.users }
  get(id) { const { GetCommand } = require('@aws-sdk/lib-dynamodb'); return this.client.send(new GetCommand({ TableName: this.table, Key: { id } })) }
  del(id) { const { DeleteCommand } = require('@aws-sdk/lib-dynamodb'); return this.client.send(new DeleteCommand({ TableName: this.table, Key: { id } })) } }
module.exports = UserService`,
      'db.js': `const { DynamoDBClient } = require('@aws-sdk/client-dynamodb')
const lib = require('@aws-sdk/lib-dynamodb')
exports.client = lib.DynamoDBDocumentClient.from(new DynamoDBClient())
exports.tables = { users: process.env.USERS_TABLE || 'users-local' }`,
      'http.js': `exports.ok = (b) => ({ statusCode: 200, body: JSON.stringify(b) })`,
    },
    env: { USERS_TABLE: 'users-prod' },
    needs: ['dynamodb:GetItem table/users-prod'],
  },
  {
    has: 'a router of its own',
    files: {
      'handler.ts': `import { router } from './router'
import * as users from './users'
const routes = router([['GET', '/users', users.list], ['POST', '/users', users.create]])
export const handler = (e: any) => routes(e)`,
      'router.ts': `type H = (e: any) => Promise<unknown>
export const router = (table: [string, string, H][]) => async (e: any) => { const hit = table.find(([m, p]) => m === e.method && p === e.path); return hit ? hit[2](e) : { statusCode: 404 } }`,
      'users.ts': `import { DynamoDB } from '@aws-sdk/client-dynamodb'
const db = new DynamoDB({})
export const list = async () => db.scan({ TableName: 'users' })
export const create = async (e: any) => db.putItem({ TableName: 'users', Item: e })
export const drop = async () => db.deleteTable({ TableName: 'users' })`,
    },
    needs: ['dynamodb:PutItem table/users', 'dynamodb:Scan table/users'],
  },
  {
    has: 'a factory by the name of the kind',
    files: {
      'handler.ts': `import { storeFor } from './stores'
export const handler = async (e: { kind: 's3' | 'db' }) => storeFor(e.kind).save('x')`,
      'stores.ts': `import { S3Client, PutObjectCommand } from '@aws-sdk/client-s3'
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb'
interface Store { save(id: string): Promise<unknown> }
class S3Store implements Store { #c = new S3Client({}); async save(id: string) { return this.#c.send(new PutObjectCommand({ Bucket: 'stores', Key: id + '.json' })) } }
class DbStore implements Store { #c = new DynamoDBClient({}); save = async (id: string) => this.#c.send(new PutItemCommand({ TableName: 'stores', Item: { id: { S: id } } })) }
const made: Record<string, () => Store> = { s3: () => new S3Store(), db: () => new DbStore() }
export function storeFor(kind: string): Store { const make = made[kind]; if (!make) throw new TypeError(kind); return make() }`,
    },
    needs: ['dynamodb:PutItem table/stores', 's3:PutObject stores/x.json'],
  },
  {
    has: 'a generic sender',
    files: {
      'handler.ts': `import { call } from './call'
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs'
import { SNSClient, PublishCommand } from '@aws-sdk/client-sns'
export const handler = async () => {
  await call(new SQSClient({}), new SendMessageCommand({ QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/a', MessageBody: '1' }))
  await call(new SNSClient({}), new PublishCommand({ TopicArn: 'arn:aws:sns:us-east-1:123456789012:b', Message: '2' }))
}`,
      'call.ts': `interface Sends { send(c: any): Promise<any> }
export async function call<C extends Sends>(client: C, command: Parameters<C['send']>[0], tries = 3): Promise<any> {
  for (let i = 0; ; i++) { try { return await client.send(command) } catch (e) { if (i >= tries) throw e } }
}`,
    },
    needs: ['sns:Publish b', 'sqs:SendMessage a'],
  },
  {
    has: 'middleware of its own in layers',
    files: {
      'handler.ts': `import { pipe } from './pipe'
import { withAudit } from './audit'
import { withAuth } from './auth'
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
const db = new DynamoDBClient({})
export const handler = pipe(withAuth('admin'), withAudit)(async (e: any) => db.send(new GetItemCommand({ TableName: 'things', Key: e })))`,
      'pipe.ts': `type F = (h: any) => any
export const pipe = (...fs: F[]) => (h: any) => fs.reduceRight((acc, f) => f(acc), h)`,
      'audit.ts': `import { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs'
const logs = new CloudWatchLogs({})
export const withAudit = (next: (e: any) => any) => async (e: any) => { const r = await next(e); await logs.putLogEvents({ logGroupName: '/audit', logStreamName: 's', logEvents: [] }); return r }`,
      'auth.ts': `import { SSMClient, GetParameterCommand } from '@aws-sdk/client-ssm'
const ssm = new SSMClient({})
export const withAuth = (role: string) => (next: (e: any) => any) => async (e: any) => { await ssm.send(new GetParameterCommand({ Name: \`/auth/\${role}\`, WithDecryption: true })); return next(e) }`,
    },
    needs: [
      'dynamodb:GetItem table/things',
      'logs:PutLogEvents log-group:/audit:log-stream:s',
      'ssm:GetParameter parameter/auth/admin',
    ],
  },
  {
    has: 'an S3 event inside of messages',
    files: {
      'handler.ts': `import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3'
import type { SQSEvent, S3Event } from 'aws-lambda'
const s3 = new S3Client({})
export const handler = async (event: SQSEvent) => {
  await Promise.all(event.Records.map(async ({ body }) => {
    const inner = JSON.parse(body) as S3Event
    for (const { s3: { bucket, object } } of inner.Records)
      await s3.send(new GetObjectCommand({ Bucket: bucket.name, Key: decodeURIComponent(object.key) }))
  }))
}`,
    },
    needs: ['s3:GetObject */*'],
    tells: ['unresolved-resource handler.ts:8'],
  },
  {
    has: 'functions kept in an object that is frozen and spread',
    files: {
      'handler.ts': `import { api } from './api/index.js'
export const handler = () => api.v1.users.get('x')`,
      'api/index.ts': `import * as users from './users.js'
const base = Object.freeze({ users: { ...users } })
export const api = { v1: { ...base } } as const`,
      'api/users.ts': `import { DynamoDB } from '@aws-sdk/client-dynamodb'
const db = new DynamoDB({})
export const get = (id: string) => db.getItem({ TableName: 'users', Key: { id: { S: id } } })
export const drop = (id: string) => db.deleteItem({ TableName: 'users', Key: { id: { S: id } } })`,
    },
    needs: ['dynamodb:GetItem table/users'],
  },
  {
    has: 'callbacks of the old style',
    files: {
      'handler.js': `const { S3 } = require('@aws-sdk/client-s3')
const s3 = new S3({})
exports.handler = (event, context, cb) => {
  s3.getObject({ Bucket: 'in', Key: 'a' }, (err, data) => {
    if (err) return cb(err)
    s3.putObject({ Bucket: 'out', Key: 'b', Body: data.Body }, (e2) => cb(e2))
  })
}`,
    },
    needs: ['s3:GetObject in/a', 's3:PutObject out/b'],
  },
  {
    has: 'an AsyncLocalStorage and a cache of clients by region',
    files: {
      'handler.ts': `import { AsyncLocalStorage } from 'node:async_hooks'
import { SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs'
const store = new AsyncLocalStorage<{ id: string }>()
const clients = new Map<string, SQSClient>()
const clientFor = (region: string) => { let c = clients.get(region); if (!c) { c = new SQSClient({ region }); clients.set(region, c) } return c }
export const handler = (e: any) => store.run({ id: e.id }, async () => clientFor('eu-west-1').send(new SendMessageCommand({ QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/jobs', MessageBody: store.getStore()!.id })))`,
    },
    needs: ['sqs:SendMessage jobs'],
  },
  {
    has: 'a decorator of its own',
    files: {
      'handler.ts': `import { DynamoDB } from '@aws-sdk/client-dynamodb'
const db = new DynamoDB({})
const cached = (table: string) => (_t: any, _n: string, d: PropertyDescriptor) => { const inner = d.value; d.value = async function (...a: any[]) { await db.getItem({ TableName: table, Key: {} }); return inner.apply(this, a) } }
class Things { constructor(private t: string) {} @cached('cache') async all() { return db.scan({ TableName: this.t }) } }
export const handler = () => new Things('things').all()`,
    },
    needs: ['dynamodb:GetItem table/cache', 'dynamodb:Scan table/things'],
  },
  {
    has: 'a mixin and a symbol',
    files: {
      'handler.ts': `import { DynamoDB } from '@aws-sdk/client-dynamodb'
type Ctor<T = object> = new (...a: any[]) => T
const Reads = <B extends Ctor<{ table: string; db: DynamoDB }>>(Base: B) => class extends Base { read() { return this.db.getItem({ TableName: this.table, Key: {} }) } }
const Writes = <B extends Ctor<{ table: string; db: DynamoDB }>>(Base: B) => class extends Base { write() { return this.db.putItem({ TableName: this.table, Item: {} }) } }
class Base { db = new DynamoDB({}); constructor(public table: string) {} }
class Both extends Writes(Reads(Base)) {}
export const handler = () => new Both('mixed').read()`,
    },
    needs: ['dynamodb:GetItem table/mixed'],
  },
  {
    has: 'a handler that is chosen by the environment',
    files: {
      'handler.ts': `import { prod } from './prod'
import { dev } from './dev'
export const handler = process.env.STAGE === 'prod' ? prod : dev`,
      'prod.ts': `import { SQS } from '@aws-sdk/client-sqs'
export const prod = () => new SQS({}).sendMessage({ QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/p', MessageBody: '' })`,
      'dev.ts': `import { SQS } from '@aws-sdk/client-sqs'
export const dev = () => new SQS({}).purgeQueue({ QueueUrl: 'https://sqs.us-east-1.amazonaws.com/123456789012/d' })`,
    },
    env: { STAGE: 'prod' },
    needs: ['sqs:SendMessage p'],
  },
  {
    has: 'a job in steps with a state',
    files: {
      'handler.ts': `import { S3Client, GetObjectCommand, PutObjectCommand, CopyObjectCommand } from '@aws-sdk/client-s3'
const s3 = new S3Client({})
type Step = 'read' | 'write' | 'copy'
const steps: { [S in Step]: (k: string) => Promise<Step | undefined> } = {
  async read(k) { await s3.send(new GetObjectCommand({ Bucket: 'src', Key: k })); return 'write' },
  async write(k) { await s3.send(new PutObjectCommand({ Bucket: 'dst', Key: k })); return 'copy' },
  copy: async (k) => { await s3.send(new CopyObjectCommand({ Bucket: 'bak', Key: k, CopySource: encodeURI('dst/' + k) })); return undefined },
}
export const handler = async (e: { k: string }) => { let at: Step | undefined = 'read'; while (at) at = await steps[at](e.k) }`,
    },
    needs: ['s3:GetObject dst/*', 's3:GetObject src/*', 's3:PutObject bak/*', 's3:PutObject dst/*'],
  },
  {
    has: 'an aggregated client in a Proxy-free wrapper with arguments passed on',
    files: {
      'handler.ts': `import { DynamoDBDocument, type PutCommandInput } from '@aws-sdk/lib-dynamodb'
import { DynamoDB } from '@aws-sdk/client-dynamodb'
class Db { private doc = DynamoDBDocument.from(new DynamoDB({})); put(...args: [PutCommandInput]) { return this.doc.put(...args) } query = (input: Parameters<DynamoDBDocument['query']>[0]) => this.doc.query({ ...input, Limit: 10 }) }
const db = new Db()
const withTable = <T extends object>(input: T) => ({ TableName: 'wrapped', ...input })
export const handler = async () => { await db.put(withTable({ Item: { id: '1' } })); await db.query(withTable({ IndexName: 'byX', KeyConditionExpression: 'x = :x' })) }`,
    },
    needs: ['dynamodb:PutItem table/wrapped', 'dynamodb:Query table/wrapped/index/byX'],
  },
]

for (const project of PROJECTS) {
  test(`a project that has ${project.has}`, () => {
    const { files, env = {}, needs, tells = [] } = project
    const found = analysed(files, { env, export: project.export ?? 'handler' })
    assert.deepEqual([...found.grants].sort(), [...needs].sort())
    assert.deepEqual(found.findings, tells)
  })
}
