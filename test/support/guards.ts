// The guards of a front door, for tests: a request in few words, and authorizers that run as in Lambda.
import { randomUUID } from 'node:crypto'
import { type HttpRequestFacts, toHttpEvent } from '../../src/aws/events/http.ts'
import { toRestEvent } from '../../src/aws/events/rest.ts'
import { app } from '../../src/index.ts'
import { type Clock, startClock } from '../../src/local/clock.ts'
import {
  type Asked,
  type Authorizer,
  type AuthorizerGround,
  openAuthorizer,
} from '../../src/local/gateway/auth/index.ts'
import { ACCOUNT } from '../../src/local/service.ts'
import type { AuthModel, UsagePlanModel } from '../../src/model/index.ts'
import type { Declaration } from '../../src/runtime/declare.ts'
import { wakeAuthorizer } from '../../src/runtime/triggers/authorizer.ts'
import { CONTEXT } from './event.ts'

type Door = 'http' | 'rest' | 'url'

export interface Opened extends Authorizer {
  readonly clock: Clock
  /** The events that authorizers were asked with. */
  readonly events: readonly Record<string, unknown>[]
}

export interface Opening {
  readonly authorizers?: Readonly<Record<string, Declaration | ((event: unknown) => unknown)>>
  readonly apiKeys?: readonly string[]
  readonly usagePlan?: UsagePlanModel
  readonly cognitoEndpoint?: string
}

/** Opens the guards of a door, on a virtual clock. An authorizer that is a plain function gives the raw payload. */
export function openGuards(
  door: Door,
  { authorizers = {}, apiKeys = [], usagePlan, cognitoEndpoint }: Opening = {},
): Opened {
  const clock = startClock('virtual', Date.UTC(2026, 5, 10, 12))
  const events: Record<string, unknown>[] = []
  const invoke: AuthorizerGround['invoke'] = async (name, payload) => {
    const event = JSON.parse(payload)
    events.push(event)
    const own = authorizers[name]
    const requestId = randomUUID()
    try {
      const answer =
        typeof own === 'function' ? own(event) : await wakeAuthorizer(app('shop'), own as Declaration)(event, CONTEXT)
      return { requestId, payload: JSON.stringify(answer) ?? 'null', failed: false }
    } catch (error) {
      const { name: errorType, message: errorMessage } = error as Error
      return { requestId, payload: JSON.stringify({ errorType, errorMessage, trace: [] }), failed: true }
    }
  }
  const stage = door === 'rest' ? 'api' : '$default'
  const api = { door, stage, apiKeys, usagePlan }
  const guards = openAuthorizer({ api, apiId: 'local', now: clock.now, invoke, cognitoEndpoint })
  return { ...guards, clock, events }
}

/** `authorizer` as a route's model has it. */
export const asking = (name: string, given: Partial<Extract<AuthModel, { kind: 'authorizer' }>> = {}): AuthModel => ({
  kind: 'authorizer',
  function: name,
  style: 'token',
  header: 'authorization',
  identity: [],
  ttl: 300,
  ...given,
})

export interface Sent {
  readonly method?: string
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly apiKey?: boolean
}

/** A request to a route with this auth. */
export function toAsked(door: Door, auth: AuthModel, path: string, sent: Sent = {}): Asked {
  const { method = 'GET', query = '', headers = {}, body, apiKey = false } = sent
  const bytes = body === undefined ? undefined : Buffer.from(body)
  const rawHeaders = Object.entries({ Host: '127.0.0.1:8000', ...headers }).flat()
  const requestId = randomUUID()
  const facts = { method, path, query, rawHeaders, requestId, body: bytes }
  const event =
    door === 'rest'
      ? toRestEvent({ ...toFacts(facts), stage: 'api', fullPath: `/api${path}` })
      : toHttpEvent(toFacts(facts))
  return {
    trigger: { auth, apiKey, method, path },
    ...facts,
    signedPath: door === 'rest' ? `/api${path}` : path,
    event,
  }
}

type Facts = Pick<Asked, 'method' | 'path' | 'query' | 'rawHeaders' | 'requestId' | 'body'>

const toFacts = (facts: Facts): HttpRequestFacts => ({
  ...facts,
  routeKey: `${facts.method} ${facts.path}`,
  pathParameters: undefined,
  sourceIp: '127.0.0.1',
  protocol: 'HTTP/1.1',
  accountId: ACCOUNT,
  apiId: 'local',
  domainName: '127.0.0.1:8000',
  port: '8000',
  time: 0,
})
