// Forms that code takes, above all what compilers and libraries make of it: each with what is found in it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AnalyseGiven } from '../../../src/build/permissions/analyse.ts'
import { analysed } from '../../support/analysed.ts'

/** Its name, its code, what it needs as `GetItem table`, what is told, and what else is given. */
type Form = readonly [
  string,
  Readonly<Record<string, string>> | string,
  readonly string[],
  (readonly string[])?,
  Partial<AnalyseGiven>?,
]

const DB = `import { DynamoDBClient, GetItemCommand, PutItemCommand, DeleteItemCommand, ScanCommand, QueryCommand } from '@aws-sdk/client-dynamodb'
const db = new DynamoDBClient({})
`
const get = (table: string): string => `db.send(new GetItemCommand({ TableName: ${table}, Key: {} }))`

const FORMS: readonly Form[] = [
  [
    'reexport',
    { 'handler.ts': `export { handler } from './impl'`, 'impl.ts': `${DB}export const handler = () => ${get("'a'")}` },
    ['GetItem a'],
  ],
  [
    'destructured handler',
    `${DB}class T { handler = () => ${get("'a'")} }\nexport const { handler } = new T()`,
    ['GetItem a'],
  ],
  [
    'assign exports',
    {
      'handler.js': `const { DynamoDB } = require('@aws-sdk/client-dynamodb')\nconst db = new DynamoDB()\nObject.assign(exports, { handler: () => db.getItem({ TableName: 'a' }) })`,
    },
    ['GetItem a'],
  ],
  [
    'spread exports',
    {
      'handler.js': `module.exports = { ...require('./a'), ...require('./b') }`,
      'a.js': `const { DynamoDB } = require('@aws-sdk/client-dynamodb')\nconst db = new DynamoDB()\nexports.handler = () => db.getItem({ TableName: 'a' })`,
      'b.js': `exports.other = 1`,
    },
    ['GetItem a'],
  ],
  [
    'chained exports',
    {
      'handler.js': `const { DynamoDB } = require('@aws-sdk/client-dynamodb')\nconst db = new DynamoDB()\nexports.handler = exports.main = async () => db.getItem({ TableName: 'a' })`,
    },
    ['GetItem a'],
  ],
  [
    'ts cjs helpers',
    {
      'handler.js': `"use strict";
var __createBinding = (this && this.__createBinding) || (Object.create ? (function(o, m, k, k2) { if (k2 === undefined) k2 = k; var desc = Object.getOwnPropertyDescriptor(m, k); if (!desc) { desc = { enumerable: true, get: function() { return m[k]; } }; } Object.defineProperty(o, k2, desc); }) : (function(o, m, k, k2) { if (k2 === undefined) k2 = k; o[k2] = m[k]; }));
var __exportStar = (this && this.__exportStar) || function(m, exports) { for (var p in m) if (p !== "default" && !Object.prototype.hasOwnProperty.call(exports, p)) __createBinding(exports, m, p); };
var __importDefault = (this && this.__importDefault) || function (mod) { return (mod && mod.__esModule) ? mod : { "default": mod }; };
Object.defineProperty(exports, "__esModule", { value: true });
const repo_1 = __importDefault(require("./repo"));
exports.handler = async () => repo_1.default.get();
`,
      'repo.js': `"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\nconst c = require("@aws-sdk/client-dynamodb");\nclass Repo { constructor() { this.db = new c.DynamoDB({}); } get() { return this.db.getItem({ TableName: 'a' }); } }\nexports.default = new Repo();`,
    },
    ['GetItem a'],
  ],
  [
    'esbuild cjs',
    {
      'handler.js': `var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor; var __getOwnPropNames = Object.getOwnPropertyNames; var __hasOwnProp = Object.prototype.hasOwnProperty;
var __export = (target, all) => { for (var name in all) __defProp(target, name, { get: all[name], enumerable: true }); };
var __copyProps = (to, from, except, desc) => { if (from && typeof from === "object" || typeof from === "function") { for (let key of __getOwnPropNames(from)) if (!__hasOwnProp.call(to, key) && key !== except) __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable }); } return to; };
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);
var h_exports = {}; __export(h_exports, { handler: () => handler }); module.exports = __toCommonJS(h_exports);
var import_c = require("@aws-sdk/client-dynamodb"); var db = new import_c.DynamoDBClient({});
var handler = async () => db.send(new import_c.GetItemCommand({ TableName: "a", Key: {} }));`,
    },
    ['GetItem a'],
  ],
  [
    'reduce promise',
    `${DB}export const handler = () => ['a','b'].reduce((p: Promise<any>, t) => p.then(() => ${get('t')}), Promise.resolve())`,
    ['GetItem a', 'GetItem b'],
  ],
  [
    'static create',
    `${DB}class S { private constructor(private t: string) {} static async create() { return new S('a') } get() { return ${get('this.t')} } }\nexport const handler = async () => (await S.create()).get()`,
    ['GetItem a'],
  ],
  [
    'anon class',
    `${DB}export const handler = () => new (class { run() { return ${get("'a'")} } })().run()`,
    ['GetItem a'],
  ],
  [
    'default import()',
    {
      'handler.ts': `export const handler = async () => (await import('./x.js')).default('a')`,
      'x.ts': `${DB}export default async function (t: string) { return ${get('t')} }`,
    },
    ['GetItem a'],
  ],
  [
    'conditional spread',
    `${DB}export const handler = (e: any) => db.send(new QueryCommand({ TableName: 'a', ...(e.i ? { IndexName: 'i' } : {}) }))`,
    ['Query a', 'Query a/index/i'],
  ],
  [
    'factory repo',
    {
      'handler.ts': `import { createRepo } from './r'\nconst users = createRepo<{ id: string }>({ table: 'users' })\nexport const handler = () => users.get('x')`,
      'r.ts': `${DB}export function createRepo<T>({ table }: { table: string }) { return { get: async (id: string): Promise<T> => (await ${get('table')}).Item as T, del: (id: string) => db.send(new DeleteItemCommand({ TableName: table, Key: {} })) } }`,
    },
    ['GetItem users'],
  ],
  [
    'require template',
    {
      'handler.js': `exports.handler = async (e) => { const name = 'a'; return require(\`./h/\${name}\`).run() }`,
      'h/a.js': `const { DynamoDB } = require('@aws-sdk/client-dynamodb')\nexports.run = () => new DynamoDB({}).getItem({ TableName: 'a' })`,
    },
    ['GetItem a'],
  ],
  [
    'import equals',
    {
      'handler.ts': `import lib = require('./lib')\nexport const handler = () => lib.get()`,
      'lib.ts': `${DB}const get = () => ${get("'a'")}\nexport = { get }`,
    },
    ['GetItem a'],
  ],
  [
    'middy handler()',
    `import middy from '@middy/core'\n${DB}export const handler = middy().use({ after: () => {} }).handler(async () => ${get("'a'")})`,
    ['GetItem a'],
  ],
  [
    'array from',
    `${DB}export const handler = () => Promise.all(Array.from({ length: 2 }, (_, i) => ${get("'t' + i")}))`,
    ['GetItem t*'],
  ],
  [
    'bound send',
    `${DB}const send = db.send.bind(db)\nexport const handler = () => send(new GetItemCommand({ TableName: 'a', Key: {} }))`,
    ['GetItem a'],
  ],
  [
    'loose send',
    `${DB}const { send } = db\nexport const handler = () => send.call(db, new GetItemCommand({ TableName: 'a', Key: {} }))`,
    ['GetItem a'],
  ],
  [
    'private ctor field',
    `${DB}class A { #t; constructor(t: string) { this.#t = t } go() { return ${get('this.#t')} } }\nexport const handler = () => new A('a').go()`,
    ['GetItem a'],
  ],
  [
    'promisify',
    `import { promisify } from 'node:util'\n${DB}const old = (t: string, cb: any) => ${get('t')}.then((r: any) => cb(null, r), cb)\nexport const handler = () => promisify(old)('a')`,
    ['GetItem a'],
  ],
  [
    'deep params',
    `${DB}const run = ({ deps: { repo: { find } } }: any) => find('a')\nexport const handler = () => run({ deps: { repo: { find: (t: string) => ${get('t')} } } })`,
    ['GetItem a'],
  ],
  [
    'setter inject',
    {
      'handler.ts': `import { setRepo, use } from './hold'\n${DB}setRepo({ find: () => ${get("'a'")} })\nexport const handler = () => use()`,
      'hold.ts': `let repo: any\nexport const setRepo = (r: any) => { repo = r }\nexport const use = () => repo.find()`,
    },
    ['GetItem a'],
  ],
  [
    'self alias',
    `${DB}function Repo(this: any, t: string) { const self = this; self.t = t; self.find = function () { return ${get('self.t')} } }\nexport const handler = () => new (Repo as any)('a').find()`,
    ['GetItem a'],
  ],
  [
    'closure class registry',
    `${DB}const registry: Record<string, new () => { go(): unknown }> = {}\nconst register = (n: string) => (c: any) => { registry[n] = c; return c }\n@register('x') class X { go() { return ${get("'a'")} } }\nexport const handler = (e: any) => new registry[e.n]!().go()`,
    ['GetItem a'],
  ],
  [
    'memoize',
    `import memoize from 'lodash/memoize'\n${DB}const read = memoize((t: string) => ${get('t')})\nexport const handler = () => read('a')`,
    ['GetItem a'],
  ],
  [
    'lodash map',
    `import _ from 'lodash'\n${DB}export const handler = () => Promise.all(_.map(['a', 'b'], (t) => ${get('t')}))`,
    ['GetItem a', 'GetItem b'],
  ],
  [
    'p-limit',
    `import pLimit from 'p-limit'\n${DB}const limit = pLimit(2)\nexport const handler = () => Promise.all(['a', 'b'].map((t) => limit(() => ${get('t')})))`,
    ['GetItem a', 'GetItem b'],
  ],
  [
    'dataloader',
    `import DataLoader from 'dataloader'\n${DB}const loader = new DataLoader(async (ids: readonly string[]) => { await ${get("'a'")}; return ids })\nexport const handler = (e: any) => loader.load(e.id)`,
    ['GetItem a'],
  ],
  [
    'fp pipe',
    `import { pipe } from 'fp-ts/function'\nimport * as TE from 'fp-ts/TaskEither'\n${DB}const find = (t: string) => TE.tryCatch(() => ${get('t')}, String)\nexport const handler = () => pipe('a', find, TE.map((x) => x))()`,
    ['GetItem *'],
    ['unresolved-resource handler.ts:5'],
  ],
  [
    'neverthrow',
    `import { ResultAsync } from 'neverthrow'\n${DB}export const handler = () => ResultAsync.fromPromise(${get("'a'")}, String).andThen(() => ResultAsync.fromPromise(${get("'b'")}, String))`,
    ['GetItem a', 'GetItem b'],
  ],
  [
    'effect',
    `import { Effect } from 'effect'\n${DB}const program = Effect.gen(function* () { const x = yield* Effect.tryPromise(() => ${get("'a'")}); return x })\nexport const handler = () => Effect.runPromise(program)`,
    ['GetItem a'],
  ],
  [
    'rxjs',
    `import { from, mergeMap, lastValueFrom } from 'rxjs'\n${DB}export const handler = () => lastValueFrom(from(['a', 'b']).pipe(mergeMap((t) => ${get('t')})))`,
    ['GetItem *'],
    ['unresolved-resource handler.ts:4'],
  ],
  [
    'top-level ext then',
    `import init from 'some-init'\n${DB}init().then(() => ${get("'a'")})\nexport const handler = () => 1`,
    ['GetItem a'],
  ],
  [
    'switch true',
    `${DB}export const handler = (e: any) => { switch (true) { case e.a: return ${get("'a'")}; case e.b > 1: return ${get("'b'")}; default: return ${get("'c'")} } }`,
    ['GetItem a', 'GetItem b', 'GetItem c'],
  ],
  [
    'nested function hoist',
    `${DB}export const handler = () => { return later(); function later() { return ${get("'a'")} } }`,
    ['GetItem a'],
  ],
  [
    'comma args',
    `${DB}export const handler = async () => { let t; (t = 'a', void 0); await ${get('t')} }`,
    ['GetItem a'],
  ],
  [
    'for in',
    `${DB}const T: any = { a: 1, b: 2 }\nexport const handler = async () => { for (const t in T) await ${get('t')} }`,
    ['GetItem a', 'GetItem b'],
  ],
  [
    'class static map',
    `${DB}class H { static readonly byKind: Record<string, (e: any) => any> = { get: H.get, drop: H.drop }; static get(e: any) { return ${get("'a'")} } static drop(e: any) { return db.send(new DeleteItemCommand({ TableName: 'b', Key: {} })) } }\nexport const handler = (e: any) => H.byKind[e.k]!(e)`,
    ['DeleteItem b', 'GetItem a'],
  ],
  [
    'accessor pair',
    `${DB}class C { #t = 'x'; get table() { return this.#t } set table(v: string) { this.#t = v } }\nconst c = new C(); c.table = 'a'\nexport const handler = () => ${get('c.table')}`,
    ['GetItem a', 'GetItem x'],
  ],
  [
    'unknown handler',
    `export const handler = (globalThis as any).thing.handler`,
    [],
    ['unresolved-operation handler.ts:1'],
  ],
  ['export default fn', `${DB}export default async () => ${get("'a'")}`, ['GetItem a'], [], { export: 'default' }],
  [
    'env via Object.entries',
    `${DB}const conf = Object.fromEntries(Object.entries(process.env).filter(([k]) => k.startsWith('APP_')))\nexport const handler = () => ${get('conf.APP_T')}`,
    ['GetItem a'],
    [],
    { env: { APP_T: 'a' } },
  ],
  [
    'env map helper',
    `${DB}const env = (k: string, d?: string) => process.env[k] ?? d ?? (() => { throw new Error(k) })()\nexport const config = { tables: { a: env('T') } } as const\nexport const handler = () => ${get('config.tables.a')}`,
    ['GetItem a'],
    [],
    { env: { T: 'a' } },
  ],
  [
    'config class',
    `${DB}class Config { private static i: Config; readonly t: string; private constructor() { this.t = process.env.T! } static get() { return this.i ??= new this() } }\nexport const handler = () => ${get('Config.get().t')}`,
    ['GetItem a'],
    [],
    { env: { T: 'a' } },
  ],
  [
    'json parse env',
    `${DB}const tables = JSON.parse(process.env.TABLES!)\nexport const handler = () => ${get('tables.a')}`,
    ['GetItem x'],
    [],
    { env: { TABLES: '{"a":"x"}' } },
  ],
  [
    'split env',
    `${DB}export const handler = () => Promise.all(process.env.TABLES!.split(',').map((t) => ${get('t')}))`,
    ['GetItem a', 'GetItem b'],
    [],
    { env: { TABLES: 'a,b' } },
  ],
  [
    'arn split',
    `${DB}export const handler = () => ${get("process.env.ARN!.split('/')[1]")}`,
    ['GetItem tt'],
    [],
    { env: { ARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/tt' } },
  ],
]
for (const [name, code, needs, tells = [], given = {}] of FORMS) {
  test(name, () => {
    const { grants, findings } = analysed(typeof code === 'string' ? { 'handler.ts': code } : code, given)
    const short = grants.map((grant) => grant.replace('dynamodb:', '').replace('table/', ''))
    assert.deepEqual(short, needs)
    assert.deepEqual(findings, tells)
  })
}
