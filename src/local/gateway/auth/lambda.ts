// Routes with an authorizer(…): asks the function, remembers its answer, and holds its policy against the route.
import { randomUUID } from 'node:crypto'
import { type Context, evaluate, readPolicy, type Statement } from '../../../aws/access/evaluate.ts'
import {
  type TokenAuthorizerEvent,
  toHttpAuthorizerEvent,
  toRestAuthorizerEvent,
} from '../../../aws/events/authorizer.ts'
import { toWebsocketAuthorizerEvent } from '../../../aws/events/websocket.ts'
import { INVOKE, toRouteArn } from '../../../aws/policy.ts'
import type { Outcome } from '../../invocation.ts'
import { ACCOUNT, REGION } from '../../service.ts'
import { type Allowed, broken, denied, type Refused, unauthorized, type Verdict } from './answers.ts'
import { type Asked, type AuthOf, isConnectEvent, isHttpEvent, isRestEvent, toHeaders } from './asked.ts'
import { readIdentity } from './identity.ts'
import { Remembered } from './remembered.ts'

type Door = 'http' | 'rest' | 'websocket'
type Auth = AuthOf<'authorizer'>

export interface LambdaGround {
  readonly apiId: string
  readonly stage: string
  now(): number
  invoke(name: string, payload: string, options: { requestId: string; parent: string }): Promise<Outcome>
}

/** What an authorizer said of a caller, whatever the route. */
interface Said {
  readonly principal: string
  readonly policy: readonly Statement[]
  readonly context: Readonly<Record<string, unknown>>
}

export interface LambdaAuthorizers {
  check(door: Door, asked: Asked, auth: Auth): Promise<Verdict>
}

export function openLambdaAuthorizers(ground: LambdaGround): LambdaAuthorizers {
  const remembered = new Remembered<Said>()
  return {
    check: async (door, asked, auth) => {
      const identity = identityOf(asked, auth)
      // Without what it stands on, the answer could only be a guess: the function is not asked.
      if (identity === undefined) return unauthorized(door)
      const key = JSON.stringify([auth.function, auth.style, ...identity])
      const known = auth.ttl === 0 || identity.length === 0 ? undefined : remembered.get(key, ground.now())
      const said = known ?? (await ask(ground, door, asked, auth, identity))
      if ('passed' in said) return said
      if (known === undefined && auth.ttl > 0) remembered.set(key, said, ground.now() + auth.ttl * 1000)
      const called = { action: INVOKE, resource: toArn(ground, asked), context: contextOf(asked, ground.now()) }
      const decision = evaluate(said.policy, called)
      return decision === 'allow' ? toAllowed(door, said) : denied(door, decision === 'explicit deny')
    },
  }
}

function identityOf(asked: Asked, { style, header, identity }: Auth): readonly string[] | undefined {
  const sources = style === 'token' ? [`$request.header.${header}`] : identity
  const values = sources.map((source) => readIdentity(asked, source))
  const found = values.filter((value) => value !== undefined && value !== '')
  return found.length === sources.length ? found.map(String) : undefined
}

const toArn = ({ apiId, stage }: LambdaGround, { event, method, path }: Asked): string =>
  isConnectEvent(event)
    ? toRouteArn({ region: REGION, account: ACCOUNT, api: apiId, stage, method: '$connect', path: '' })
    : toRouteArn({ region: REGION, account: ACCOUNT, api: apiId, stage, method, path })

// What a condition may ask of a call to an API. The caller is nobody of AWS's, so there is nothing to know of a principal.
// Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-condition-keys.html
function contextOf({ event, rawHeaders }: Asked, now: number): Context {
  const { sourceIp, userAgent } = isHttpEvent(event)
    ? event.requestContext.http
    : isRestEvent(event)
      ? event.requestContext.identity
      : {}
  const headers = toHeaders({ rawHeaders })
  const known: Readonly<Record<string, string | null | undefined>> = {
    'aws:sourceip': sourceIp,
    'aws:useragent': userAgent,
    'aws:referer': headers.referer,
    'aws:currenttime': new Date(now).toISOString(),
    'aws:epochtime': String(Math.floor(now / 1000)),
    'aws:securetransport': 'true',
  }
  return (key) => {
    const value = known[key]
    return value === undefined || value === null ? undefined : [value]
  }
}

function toEvent(ground: LambdaGround, asked: Asked, { style }: Auth, identity: readonly string[]): object {
  const arn = toArn(ground, asked)
  const { event } = asked
  if (isConnectEvent(event)) return toWebsocketAuthorizerEvent(event, arn)
  if (isHttpEvent(event)) return toHttpAuthorizerEvent(event, arn, identity)
  if (style === 'request' && isRestEvent(event)) return toRestAuthorizerEvent(event, arn)
  const token: TokenAuthorizerEvent = { type: 'TOKEN', methodArn: arn, authorizationToken: identity[0] ?? '' }
  return token
}

// An HTTP API waits 10 s for its authorizer. Source: quotas of HTTP APIs; the others wait as long as for any function.
const PATIENCE = { http: 10_000, rest: 29_000, websocket: 29_000 } satisfies Record<Door, number>

async function ask(
  ground: LambdaGround,
  door: Door,
  asked: Asked,
  auth: Auth,
  identity: readonly string[],
): Promise<Said | Refused> {
  const event = JSON.stringify(toEvent(ground, asked, auth, identity))
  const outcome = await within(
    PATIENCE[door],
    ground.invoke(auth.function, event, { requestId: randomUUID(), parent: asked.requestId }),
  )
  if (outcome === undefined) return broken(door)
  const answer = parsed(outcome.payload)
  if (outcome.failed)
    return door !== 'http' && answer.errorMessage === 'Unauthorized' ? unauthorized(door) : broken(door)
  return readSaid(answer, door) ?? broken(door)
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

function parsed(payload: string): Record<string, unknown> {
  const value: unknown = JSON.parse(payload)
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

// Both kinds of API are told to expect a policy (an HTTP API: format 2.0 without simple responses), so that one answer can
// name several routes and be remembered for all of them.
function readSaid(
  { principalId, policyDocument, context = {} }: Record<string, unknown>,
  door: Door,
): Said | undefined {
  const policy = readPolicy(policyDocument)
  if (policy === undefined || typeof context !== 'object') return undefined
  if (door !== 'http' && typeof principalId !== 'string') return undefined
  const facts = { ...context }
  // REST and WebSocket APIs take single values only. Source: "Output from an API Gateway Lambda authorizer".
  if (door !== 'http' && Object.values(facts).some((value) => typeof value === 'object' && value !== null))
    return undefined
  return { principal: typeof principalId === 'string' ? principalId : '', policy, context: facts }
}

function toAllowed(door: Door, { principal, context }: Said): Allowed {
  if (door === 'http') return { passed: true, authorizer: { lambda: context }, identity: undefined }
  const texts = Object.entries(context).map(([name, value]) => [name, value === null ? null : String(value)])
  const authorizer = { ...Object.fromEntries(texts), principalId: principal, integrationLatency: 0 }
  return { passed: true, authorizer, identity: undefined }
}
