// How code is written, and what it needs: one small program per way of writing it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { analysed } from '../../support/analysed.ts'

interface Program {
  readonly does: string
  /** The text of handler.ts, or files by their paths. */
  readonly code: string | Readonly<Record<string, string>>
  readonly needs: readonly string[]
  readonly tells?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly export?: string
}

const DB = `import { DynamoDBClient, GetItemCommand, PutItemCommand, DeleteItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
const db = new DynamoDBClient({})
`
const TEMPLATE = ['`$', '{process.env.STAGE}-orders`'].join('')
const get = (table: string): string => `db.send(new GetItemCommand({ TableName: ${table}, Key: {} }))`

const PROGRAMS: readonly Program[] = [
  // Values.
  {
    does: 'concatenates',
    code: `${DB}const p = 'a' + '-' + 'b'\nexport const handler = () => ${get("p + '-c'")}`,
    needs: ['dynamodb:GetItem table/a-b-c'],
  },
  {
    does: 'fills a template',
    code: `${DB}export const handler = () => ${get(TEMPLATE)}`,
    env: { STAGE: 'dev' },
    needs: ['dynamodb:GetItem table/dev-orders'],
  },
  {
    does: 'destructures the environment',
    code: `${DB}const { TABLE: t = 'none' } = process.env\nexport const handler = () => ${get('t')}`,
    env: { TABLE: 'x' },
    needs: ['dynamodb:GetItem table/x'],
  },
  {
    does: 'falls back where the environment has nothing',
    code: `${DB}const t = process.env.TABLE ?? 'local'\nexport const handler = () => ${get('t')}`,
    needs: ['dynamodb:GetItem table/local'],
  },
  {
    does: 'requires a variable by a helper',
    code: `${DB}function need(name: string): string { const v = process.env[name]; if (!v) throw new Error(name); return v }\nexport const handler = () => ${get("need('T')")}`,
    env: { T: 'tt' },
    needs: ['dynamodb:GetItem table/tt'],
  },
  {
    does: 'reads an enum',
    code: `${DB}enum Tables { Users = 'users', Orders = 'orders' }\nexport const handler = () => ${get('Tables.Users')}`,
    needs: ['dynamodb:GetItem table/users'],
  },
  {
    does: 'reads a frozen object',
    code: `${DB}const T = Object.freeze({ users: 'u', orders: 'o' } as const)\nexport const handler = () => ${get('T.orders')}`,
    needs: ['dynamodb:GetItem table/o'],
  },
  {
    does: 'reads an object by a name from the event',
    code: `${DB}const T = { users: 'u', orders: 'o' }\nexport const handler = (e: { k: keyof typeof T }) => ${get('T[e.k]')}`,
    needs: ['dynamodb:GetItem table/o', 'dynamodb:GetItem table/u'],
  },
  {
    does: 'goes over the values of an object',
    code: `${DB}const T = { users: 'u', orders: 'o' }\nexport const handler = async () => { for (const t of Object.values(T)) await ${get('t')} }`,
    needs: ['dynamodb:GetItem table/o', 'dynamodb:GetItem table/u'],
  },
  {
    does: 'goes over entries',
    code: `${DB}const T = { users: 'u', orders: 'o' }\nexport const handler = async () => { await Promise.all(Object.entries(T).map(([, t]) => ${get('t')})) }`,
    needs: ['dynamodb:GetItem table/o', 'dynamodb:GetItem table/u'],
  },
  {
    does: 'looks into a Map',
    code: `${DB}const T = new Map([['a', 'ta'], ['b', 'tb']])\nexport const handler = () => ${get("T.get('a')")}`,
    needs: ['dynamodb:GetItem table/ta'],
  },
  {
    does: 'chooses by a ternary',
    code: `${DB}export const handler = (e: any) => ${get("e.x ? 'a' : 'b'")}`,
    needs: ['dynamodb:GetItem table/a', 'dynamodb:GetItem table/b'],
  },
  {
    does: 'lower-cases and joins',
    code: `${DB}const t = ['Shop', 'ORDERS'].map((s) => s.toLowerCase()).join('-')\nexport const handler = () => ${get('t')}`,
    needs: ['dynamodb:GetItem table/shop-orders'],
  },
  {
    does: 'reads JSON',
    code: {
      'handler.ts': `${DB}import config from './config.json' with { type: 'json' }\nexport const handler = () => ${get('config.tables.main')}`,
      'config.json': '{"tables":{"main":"from-json"}}',
    },
    needs: ['dynamodb:GetItem table/from-json'],
  },
  {
    does: 'assigns later',
    code: `${DB}let t: string\nt = 'later'\nexport const handler = () => ${get('t')}`,
    needs: ['dynamodb:GetItem table/later'],
  },
  {
    does: 'spreads an input',
    code: `${DB}const base = { TableName: 'a', ConsistentRead: true }\nexport const handler = () => db.send(new GetItemCommand({ ...base, Key: {} }))`,
    needs: ['dynamodb:GetItem table/a'],
  },
  {
    does: 'replaces what is spread',
    code: `${DB}const base = { TableName: 'a' }\nexport const handler = () => db.send(new GetItemCommand({ ...base, TableName: 'b', Key: {} }))`,
    needs: ['dynamodb:GetItem table/b'],
  },
  {
    does: 'builds an input step by step',
    code: `${DB}export const handler = (e: any) => { const input: any = { Key: {} }; input.TableName = 'step'; if (e.c) input.ConsistentRead = true; return db.send(new GetItemCommand(input)) }`,
    needs: ['dynamodb:GetItem table/step'],
  },
  {
    does: 'takes a name from the event',
    code: `${DB}export const handler = (e: any) =>\n  ${get('e.table')}`,
    needs: ['dynamodb:GetItem table/*'],
    tells: ['unresolved-resource handler.ts:4'],
  },
  // Clients.
  {
    does: 'makes its client late',
    code: `import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3'\nlet c: S3Client | undefined\nconst client = () => (c ??= new S3Client({}))\nexport const handler = () => client().send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))`,
    needs: ['s3:GetObject b/k'],
  },
  {
    does: 'makes its client once, in a class',
    code: `import { S3 } from '@aws-sdk/client-s3'\nclass Clients { static #s3?: S3; static get s3() { if (!this.#s3) this.#s3 = new S3({}); return this.#s3 } }\nexport const handler = () => Clients.s3.getObject({ Bucket: 'b', Key: 'k' })`,
    needs: ['s3:GetObject b/k'],
  },
  {
    does: 're-exports a client',
    code: {
      'handler.ts': `import { clients } from './aws/index.js'\nimport { PutItemCommand } from '@aws-sdk/client-dynamodb'\nexport const handler = () => clients.db.send(new PutItemCommand({ TableName: 't', Item: {} }))`,
      'aws/index.ts': `export * as clients from './clients.js'`,
      'aws/clients.ts': `export { it as db } from './make.js'`,
      'aws/make.ts': `import { DynamoDB } from '@aws-sdk/client-dynamodb'\nexport const it = new DynamoDB()`,
    },
    needs: ['dynamodb:PutItem table/t'],
  },
  {
    does: 'extends a client',
    code: `import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3'\nclass Mine extends S3Client { constructor() { super({ region: 'us-east-1' }) } read(k: string) { return this.send(new GetObjectCommand({ Bucket: 'm', Key: k })) } }\nexport const handler = () => new Mine().read('x')`,
    needs: ['s3:GetObject m/x'],
  },
  {
    does: 'traces a client',
    code: `import { Tracer } from '@aws-lambda-powertools/tracer'\nimport { S3Client, GetObjectCommand } from '@aws-sdk/client-s3'\nconst tracer = new Tracer()\nconst s3 = tracer.captureAWSv3Client(new S3Client({}))\nexport const handler = () => s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))`,
    needs: ['s3:GetObject b/k'],
  },
  {
    does: 'is on another host',
    code: `import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3'\nconst s3 = new S3Client({ endpoint: 'https://minio.example.com' })\nexport const handler = () => s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))`,
    needs: [],
  },
  {
    does: 'is on another host in development only',
    code: `import { S3Client, GetObjectCommand } from '@aws-sdk/client-s3'\nconst s3 = new S3Client(process.env.LOCAL ? { endpoint: 'http://localhost:4566' } : {})\nexport const handler = () => s3.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))`,
    needs: ['s3:GetObject b/k'],
  },
  {
    does: 'assumes a role by hand',
    code: `import { STS } from '@aws-sdk/client-sts'\nimport { S3, } from '@aws-sdk/client-s3'\nexport const handler = async () => { const { Credentials: c } = await new STS().assumeRole({ RoleArn: 'arn:aws:iam::999999999999:role/x', RoleSessionName: 's' }); return new S3({ credentials: { accessKeyId: c!.AccessKeyId!, secretAccessKey: c!.SecretAccessKey!, sessionToken: c!.SessionToken } }).listBuckets({}) }`,
    needs: ['sts:AssumeRole role/x'],
  },
  // Functions.
  {
    does: 'passes a function',
    code: `${DB}const run = <T>(f: () => T): T => f()\nexport const handler = () => run(() => ${get("'a'")})`,
    needs: ['dynamodb:GetItem table/a'],
  },
  {
    does: 'makes a function',
    code: `${DB}const reader = (t: string) => () => ${get('t')}\nconst a = reader('a')\nconst b = reader('b')\nvoid b\nexport const handler = () => a()`,
    needs: ['dynamodb:GetItem table/a'],
  },
  {
    does: 'calls itself',
    code: `${DB}async function walk(n: number): Promise<void> { await ${get("'deep'")}; if (n > 0) await walk(n - 1) }\nexport const handler = () => walk(3)`,
    needs: ['dynamodb:GetItem table/deep'],
  },
  {
    does: 'is called by two that call each other',
    code: `${DB}const even = (n: number): unknown => n === 0 ? ${get("'even'")} : odd(n - 1)\nconst odd = (n: number): unknown => n === 0 ? db.send(new ScanCommand({ TableName: 'odd' })) : even(n - 1)\nexport const handler = (e: any) => even(e.n)`,
    needs: ['dynamodb:GetItem table/even', 'dynamodb:Scan table/odd'],
  },
  {
    does: 'hands dependencies over',
    code: `${DB}const makeDeps = () => ({ find: (t: string) => ${get('t')}, drop: (t: string) => db.send(new DeleteItemCommand({ TableName: t, Key: {} })) })\nconst service = ({ find }: { find(t: string): unknown }) => ({ one: () => find('orders') })\nexport const handler = () => service(makeDeps()).one()`,
    needs: ['dynamodb:GetItem table/orders'],
  },
  {
    does: 'has defaults for its dependencies',
    code: `${DB}const find = (t: string) => ${get('t')}\nexport const handler = (e: any, ctx: any, deps = { find }) => deps.find('d')`,
    needs: ['dynamodb:GetItem table/d', 'dynamodb:GetItem table/*'].slice(0, 1),
  },
  {
    does: 'binds, calls and applies',
    code: `${DB}function read(this: { t: string }, s: string) { return ${get('this.t + s')} }\nexport const handler = async () => { await read.call({ t: 'a' }, '1'); await read.apply({ t: 'b' }, ['2']); await read.bind({ t: 'c' })('3') }`,
    needs: ['dynamodb:GetItem table/a1', 'dynamodb:GetItem table/b2', 'dynamodb:GetItem table/c3'],
  },
  {
    does: 'takes the rest',
    code: `${DB}const all = (...ts: string[]) => Promise.all(ts.map((t) => ${get('t')}))\nexport const handler = () => all('a', 'b')`,
    needs: ['dynamodb:GetItem table/a', 'dynamodb:GetItem table/b'],
  },
  {
    does: 'dispatches by a table of functions',
    code: `${DB}const actions: Record<string, () => unknown> = { get: () => ${get("'a'")}, drop: () => db.send(new DeleteItemCommand({ TableName: 'b', Key: {} })) }\nexport const handler = (e: any) => actions[e.action]?.()`,
    needs: ['dynamodb:DeleteItem table/b', 'dynamodb:GetItem table/a'],
  },
  {
    does: 'retries by a library',
    code: `import pRetry from 'p-retry'\n${DB}export const handler = () => pRetry(() => ${get("'r'")}, { retries: 3 })`,
    needs: ['dynamodb:GetItem table/r'],
  },
  {
    does: 'maps by a library',
    code: `import pMap from 'p-map'\n${DB}export const handler = () => pMap(['x', 'y'], (t) => ${get('t')})`,
    needs: ['dynamodb:GetItem table/x', 'dynamodb:GetItem table/y'],
  },
  {
    does: 'waits for an event of its own',
    code: `import { EventEmitter } from 'node:events'\n${DB}const bus = new EventEmitter()\nbus.on('go', () => ${get("'e'")})\nexport const handler = () => { bus.emit('go') }`,
    needs: ['dynamodb:GetItem table/e'],
  },
  {
    does: 'yields',
    code: `${DB}async function* tables() { yield 'a'; yield 'b' }\nexport const handler = async () => { for await (const t of tables()) await ${get('t')} }`,
    needs: ['dynamodb:GetItem table/a', 'dynamodb:GetItem table/b'],
  },
  {
    does: 'makes a promise',
    code: `${DB}export const handler = () => new Promise<string>((ok) => ok('p')).then((t) => ${get('t')})`,
    needs: ['dynamodb:GetItem table/p'],
  },
  {
    does: 'catches',
    code: `${DB}export const handler = async () => { try { await ${get("'a'")} } catch { await db.send(new PutItemCommand({ TableName: 'dead', Item: {} })) } finally { await db.send(new ScanCommand({ TableName: 'fin' })) } }`,
    needs: ['dynamodb:GetItem table/a', 'dynamodb:PutItem table/dead', 'dynamodb:Scan table/fin'],
  },
  {
    does: 'curries over a client',
    code: `import { S3Client, GetObjectCommand, type S3ClientConfig } from '@aws-sdk/client-s3'\nconst withClient = (c: S3Client) => (bucket: string) => (key: string) => c.send(new GetObjectCommand({ Bucket: bucket, Key: key }))\nexport const handler = (e: any) => withClient(new S3Client({}))('cur')(e.k)`,
    needs: ['s3:GetObject cur/*'],
  },
  // Classes.
  {
    does: 'inherits',
    code: `${DB}abstract class Base { protected abstract readonly table: string; get() { return ${get('this.table')} } drop() { return db.send(new DeleteItemCommand({ TableName: this.table, Key: {} })) } }\nclass Users extends Base { protected readonly table = 'users' }\nclass Orders extends Base { protected readonly table = 'orders' }\nconst users = new Users()\nconst orders = new Orders()\nexport const handler = () => Promise.all([users.get(), orders.drop()])`,
    needs: ['dynamodb:DeleteItem table/orders', 'dynamodb:GetItem table/users'],
  },
  {
    does: 'calls super',
    code: `${DB}class A { constructor(protected t: string) {} read() { return ${get('this.t')} } }\nclass B extends A { constructor() { super('b') } override async read() { await db.send(new ScanCommand({ TableName: 's' })); return super.read() } }\nexport const handler = () => new B().read()`,
    needs: ['dynamodb:GetItem table/b', 'dynamodb:Scan table/s'],
  },
  {
    does: 'keeps methods as fields',
    code: `${DB}class H { private t = 'f'; handle = async () => ${get('this.t')} }\nconst h = new H()\nexport const handler = h.handle`,
    needs: ['dynamodb:GetItem table/f'],
  },
  {
    does: 'binds a method',
    code: `${DB}class H { constructor(private t: string) {} async handle() { return ${get('this.t')} } }\nconst h = new H('m')\nexport const handler = h.handle.bind(h)`,
    needs: ['dynamodb:GetItem table/m'],
  },
  {
    does: 'takes an interface that a container fills',
    code: {
      'handler.ts': `import { container } from 'tsyringe'\nimport type { Store } from './store'\nimport { Dynamo } from './dynamo'\nconst made = new Dynamo('c')\ncontainer.register('Store', { useValue: made })\nexport const handler = () => { const store: Store = container.resolve('Store'); return store.find() }`,
      'store.ts': `export interface Store { find(): unknown; drop(): unknown }`,
      'dynamo.ts': `${DB}import type { Store } from './store'\nexport class Dynamo implements Store { constructor(private t: string) {} find() { return ${get('this.t')} } drop() { return db.send(new DeleteItemCommand({ TableName: this.t, Key: {} })) } }`,
    },
    needs: ['dynamodb:GetItem table/c'],
  },
  {
    does: 'is an old class',
    code: {
      'handler.js': `const { DynamoDBClient, GetItemCommand } = require('@aws-sdk/client-dynamodb')\nfunction Repo(t) { this.t = t; this.db = new DynamoDBClient({}) }\nRepo.prototype.find = function () { return this.db.send(new GetItemCommand({ TableName: this.t, Key: {} })) }\nexports.handler = () => new Repo('old').find()`,
    },
    needs: ['dynamodb:GetItem table/old'],
  },
  // Modules.
  {
    does: 'exports by CommonJS',
    code: {
      'handler.js': `const { read } = require('./lib')\nmodule.exports.handler = async () => read()`,
      'lib.js': `const { DynamoDB } = require('@aws-sdk/client-dynamodb')\nconst db = new DynamoDB({})\nfunction read() { return db.getItem({ TableName: 'r' }) }\nfunction write() { return db.putItem({ TableName: 'w' }) }\nmodule.exports = { read, write }`,
    },
    needs: ['dynamodb:GetItem table/r'],
  },
  {
    does: 'is transpiled to CommonJS',
    code: {
      'handler.js': `"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\nexports.handler = void 0;\nconst client_s3_1 = require("@aws-sdk/client-s3");\nconst s3 = new client_s3_1.S3Client({});\nconst handler = async () => (0, s3.send)(new client_s3_1.GetObjectCommand({ Bucket: 'x', Key: 'y' }));\nexports.handler = handler;`,
    },
    needs: ['s3:GetObject x/y'],
  },
  {
    does: 'loads late, by what it needs',
    code: {
      'handler.ts': `export const handler = async (e: any) => { const { work } = e.a ? await import('./a') : await import('./b'); return work() }`,
      'a.ts': `${DB}export const work = () => ${get("'a'")}`,
      'b.ts': `${DB}export const work = () => ${get("'b'")}`,
    },
    needs: ['dynamodb:GetItem table/a', 'dynamodb:GetItem table/b'],
  },
  {
    does: 'imports for the effect',
    code: { 'handler.ts': `import './warm'\nexport const handler = () => 1`, 'warm.ts': `${DB}await ${get("'warm'")}` },
    needs: ['dynamodb:GetItem table/warm'],
  },
  {
    does: 'imports only types of a module',
    code: {
      'handler.ts': `import { Thing } from './heavy'\nexport const handler = (e: Thing) => e`,
      'heavy.ts': `${DB}export interface Thing { a: 1 }\nawait ${get("'never'")}`,
    },
    needs: [],
  },
  {
    does: 'exports a default object',
    code: {
      'handler.ts': `import repo from './repo'\nexport const handler = () => repo.find()`,
      'repo.ts': `${DB}export default { find: () => ${get("'f'")}, drop: () => db.send(new DeleteItemCommand({ TableName: 'd', Key: {} })) }`,
    },
    needs: ['dynamodb:GetItem table/f'],
  },
  {
    does: 'is an aliased path',
    code: {
      'handler.ts': `import { t } from '~/conf/tables'\n${DB}export const handler = () => ${get('t')}`,
      'src/conf/tables.ts': `export const t = 'aliased'`,
      'tsconfig.json': `{ /* c */ "compilerOptions": { "baseUrl": ".", "paths": { "~/*": ["src/*"], } } }`,
    },
    needs: ['dynamodb:GetItem table/aliased'],
  },
  {
    does: 'imports by #',
    code: {
      'handler.ts': `import { t } from '#conf'\n${DB}export const handler = () => ${get('t')}`,
      'lib/conf.ts': `export const t = 'hash'`,
      'package.json': `{ "type": "module", "imports": { "#conf": "./lib/conf.js" } }`,
    },
    needs: ['dynamodb:GetItem table/hash'],
  },
  // Handlers.
  {
    does: 'is wrapped by middy',
    code: `import middy from '@middy/core'\nimport json from '@middy/http-json-body-parser'\n${DB}const inner = async () => ${get("'w'")}\nconst other = middy(async () => db.send(new ScanCommand({ TableName: 'other' })))\nvoid other\nexport const handler = middy(inner).use(json()).use({ before: async () => { await db.send(new PutItemCommand({ TableName: 'audit', Item: {} })) } })`,
    needs: ['dynamodb:GetItem table/w', 'dynamodb:PutItem table/audit'],
  },
  {
    does: 'is wrapped by its own',
    code: `${DB}const withLog = (f: (e: unknown) => unknown) => async (e: unknown) => { await db.send(new PutItemCommand({ TableName: 'log', Item: {} })); return f(e) }\nexport const other = withLog(() => db.send(new ScanCommand({ TableName: 'other' })))\nexport const handler = withLog(() => ${get("'w'")})`,
    needs: ['dynamodb:GetItem table/w', 'dynamodb:PutItem table/log'],
  },
  {
    does: 'serves Express',
    code: `import express from 'express'\nimport serverless from 'serverless-http'\n${DB}const app = express()\napp.use(express.json())\napp.get('/a', async (req, res) => { res.json(await ${get("'a'")}) })\nconst router = express.Router()\nrouter.delete('/b', async () => { await db.send(new DeleteItemCommand({ TableName: 'b', Key: {} })) })\napp.use('/x', router)\nexport const handler = serverless(app)`,
    needs: ['dynamodb:DeleteItem table/b', 'dynamodb:GetItem table/a'],
  },
  {
    does: 'serves Hono',
    code: `import { Hono } from 'hono'\nimport { handle } from 'hono/aws-lambda'\n${DB}const app = new Hono().get('/a', async (c) => c.json(await ${get("'a'")}))\nexport const handler = handle(app)`,
    needs: ['dynamodb:GetItem table/a'],
  },
  // Nothing.
  {
    does: 'never calls it',
    code: `${DB}const dead = () => db.send(new DeleteItemCommand({ TableName: 'x', Key: {} }))\nexport const handler = () => ${get("'a'")}`,
    needs: ['dynamodb:GetItem table/a'],
  },
  {
    does: 'only speaks of it',
    code: `// db.send(new DeleteItemCommand({ TableName: 'x' }))\n${DB}const text = "new ScanCommand({ TableName: 'x' })"\nexport const handler = () => text`,
    needs: [],
  },
  {
    does: 'never comes to it',
    code: `${DB}const DEBUG = false\nexport const handler = () => { if (DEBUG) return db.send(new ScanCommand({ TableName: 'x' })); return ${get("'a'")} }`,
    needs: ['dynamodb:GetItem table/a'],
  },
  {
    does: 'shows an object that could do more',
    code: `import { Logger } from '@aws-lambda-powertools/logger'
${DB}class Repo { find() { return ${get("'a'")} } drop() { return db.send(new DeleteItemCommand({ TableName: 'a', Key: {} })) } }
const repo = new Repo()
export const handler = () => { console.log(repo, { repo }); new Logger().info('x', { repo }); return repo.find() }`,
    needs: ['dynamodb:GetItem table/a'],
  },
  // Findings.
  {
    does: 'asks for what data says',
    code: `import { S3 } from '@aws-sdk/client-s3'\nconst s3 = new S3({})\nexport const handler = (e: any) =>\n  (s3 as any)[e.op]({ Bucket: 'b' })`,
    needs: [],
    tells: ['unresolved-operation handler.ts:4'],
  },
  {
    does: 'asks for what is not there',
    code: `import { S3 } from '@aws-sdk/client-s3'\nexport const handler = () => (new S3({}) as any).frobnicate({ Bucket: 'b' })`,
    needs: [],
    tells: ['unknown-operation handler.ts:2'],
  },
  {
    does: 'gives its client away',
    code: `import { S3Client } from '@aws-sdk/client-s3'\nimport { sync } from 's3-sync-thing'\nexport const handler = () =>\n  sync(new S3Client({}), { dir: 'x' })`,
    needs: [],
    tells: ['opaque-client handler.ts:4'],
  },
  {
    does: 'signs by hand',
    code: `import { SignatureV4 } from '@smithy/signature-v4'\nexport const handler = () => new SignatureV4({} as any).sign({} as any)`,
    needs: [],
    tells: ['signed-request handler.ts:1'],
  },
]

for (const program of PROGRAMS) {
  test(`a program that ${program.does}`, () => {
    const { code, env = {}, needs, tells = [] } = program
    const files = typeof code === 'string' ? { 'handler.ts': code } : code
    const found = analysed(files, { env, export: program.export ?? 'handler' })
    assert.deepEqual([...found.grants].sort(), [...needs].sort())
    assert.deepEqual(found.findings, tells)
  })
}
