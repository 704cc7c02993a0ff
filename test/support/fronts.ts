// Apps with everything that each front door can do, for tests and judges of their templates.
import type { Model, Options } from '../../src/model/index.ts'
import { declared, modelOf, reference } from './declared.ts'

const { authorizer, owns, route, socket } = declared
const POOL = 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_abcDEF123'
const CERTIFICATE = 'arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555'

const guard = reference('guard', 'function')
const iam: Options = { auth: 'iam' }

const chat = [
  owns('websocket', 'chat', {
    auth: guard,
    domain: { name: 'chat.example.com', certificate: CERTIFICATE, zone: false },
  }),
  socket('connect', 'chat', 'onConnect'),
  socket('disconnect', 'chat', 'onDisconnect'),
  socket('say', 'chat', 'say'),
  socket('other', 'chat', 'onDefault'),
  owns('websocket', 'board', { auth: iam, select: '$request.body.type' }),
  socket('enter', 'board', 'onConnect'),
  socket('draw', 'board', 'draw'),
]

const jwt: Options = { auth: 'jwt', issuer: 'https://login.example.com', audience: ['shop', 'app'], scopes: ['read'] }

/** By the door. */
export const FRONTS: Readonly<Record<'http' | 'rest' | 'url', Model>> = {
  http: modelOf(
    [
      authorizer('guard', { identity: ['$request.header.who', '$context.routeKey'], ttl: 60 }),
      route('list', 'GET /cities'),
      route('city', 'GET|PUT /cities/{city}', { auth: jwt }),
      route('mine', 'ANY /mine/{path+}', { auth: guard, isolate: true }),
      route('signed', 'POST /signed', { auth: iam }),
      ...chat,
    ],
    {
      options: {
        apiStage: 'v1',
        domain: { name: 'api.example.com', zone: 'Z0123456789ABC' },
        cors: { origins: ['https://a.example'], expose: ['X-A'], credentials: true, maxAge: 600 },
      },
    },
  ),
  rest: modelOf(
    [
      authorizer('guard', { identity: ['$request.header.who', '$request.querystring.why'] }),
      authorizer('token', { style: 'token', header: 'X-Token', ttl: 0 }),
      route('root', 'GET /'),
      route('city', 'GET|PUT /cities/{city}', { auth: { auth: 'cognito', userPools: [POOL], scopes: ['shop/read'] } }),
      route('mine', 'ANY /mine/{path+}', { auth: guard, isolate: true }),
      route('tokened', 'GET /token', { auth: reference('token', 'function') }),
      route('signed', 'POST /signed', { auth: iam }),
      route('keyed', 'GET /keyed', { apiKey: true }),
      route('feed', 'GET /feed', { stream: true, isolate: true }),
    ],
    {
      options: {
        api: 'rest',
        cors: { origins: ['https://a.example', 'https://b.example'] },
        domain: 'api.example.com',
        apiKeys: ['partner', 'inside'],
        usagePlan: { rate: 2.5, burst: 10, quota: { limit: 1000, period: 'month' } },
      },
    },
  ),
  url: modelOf(
    [
      route('root', 'GET /'),
      route('feed', 'GET /feed', { stream: true, isolate: true }),
      route('signed', 'POST /signed', { auth: iam, isolate: true }),
    ],
    { options: { api: 'url', cors: { origins: 'https://a.example', maxAge: 600 } } },
  ),
}

/** Where the zones of their domains are. */
export const ZONES: ReadonlyMap<string, string> = new Map([['api.example.com', 'Z0123456789ABC']])
