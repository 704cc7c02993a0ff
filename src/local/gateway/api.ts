// One deployed API behind its door: finds the route, asks the guards, calls the function, reads its answer.
import { randomUUID } from 'node:crypto'
import type { HttpAnswer, HttpEvent } from '../../aws/events/http.ts'
import type { RestEvent } from '../../aws/events/rest.ts'
import type { Match, Router } from '../../aws/router.ts'
import type { ApiModel, FunctionModel, HttpTriggerModel } from '../../model/index.ts'
import { type Outcome, PAYLOAD_LIMIT, type Sink } from '../invocation.ts'
import { ACCOUNT } from '../service.ts'
import { type Incoming, isHeadTooLarge } from './asked.ts'
import { type Authorizer, openAuthorizer, type Verdict } from './auth/index.ts'
import { readBody } from './body.ts'
import { toPreflight, withCors } from './cors.ts'
import type { Door, OwnAnswer, Refusal } from './door.ts'
import { httpDoor } from './doors/http.ts'
import { restDoor } from './doors/rest.ts'
import { urlDoor } from './doors/url.ts'

export interface ApiGround {
  now(): number
  invoke(
    name: string,
    payload: string,
    options: { requestId: string; parent: string; sink?: Sink | undefined },
  ): Promise<Outcome>
}

/** An answer, or what is left to do of one whose function streams. */
export type Reached = HttpAnswer | { readonly stream: Work }

/** Calls the function, which sends its answer to the sink. */
export type Work = (sink: Sink) => Promise<Outcome>

interface Target {
  readonly trigger: HttpTriggerModel
  /** Its function may take longer than the gateway waits. */
  readonly slow: boolean
  /** Its function sends while it works. */
  readonly streams: boolean
}

type Found = Match<Target>

interface PreflightAnswer extends HttpAnswer {
  readonly preflight: true
}

const isPreflightAnswer = (answer: object): boolean => 'preflight' in answer

const DOORS = { http: httpDoor, rest: restDoor, url: urlDoor } satisfies Record<ApiModel['door'], Door>
const API_ID = 'local'

export class Api {
  readonly door: Door
  readonly #model: ApiModel
  readonly #ground: ApiGround
  readonly #router: Router<Target>
  readonly #rest: Found | undefined
  readonly #authorizer: Authorizer

  constructor(
    model: ApiModel,
    triggers: readonly HttpTriggerModel[],
    functions: readonly FunctionModel[],
    ground: ApiGround,
  ) {
    this.#model = model
    this.#ground = ground
    this.door = DOORS[model.door]
    this.#router = this.door.newRouter()
    this.#authorizer = openAuthorizer({ api: model, apiId: API_ID, now: ground.now, invoke: ground.invoke })
    const limit = this.door.answerLimit ?? Number.POSITIVE_INFINITY
    const streaming = new Set(triggers.filter(({ stream }) => stream).map((trigger) => trigger.function))
    const targets = triggers.map((trigger): Target => {
      const timeout = functions.find(({ name }) => name === trigger.function)?.timeout ?? 0
      return { trigger, slow: timeout * 1000 > limit, streams: streaming.has(trigger.function) }
    })
    for (const target of targets) this.#router.add(target.trigger.method, target.trigger.path, target)
    this.#rest = this.door.takesAll ? toCatchAll(targets) : undefined
  }

  /** What routes begin with: the stage, where it is part of the URL. */
  get base(): string {
    return this.#model.stage === '$default' ? '' : `/${this.#model.stage}`
  }

  /** The function that a request is for, or the gateway's own answer to it. */
  find(incoming: Incoming): { found: Found; inside: string } | OwnAnswer | PreflightAnswer {
    if (isHeadTooLarge(incoming)) return this.refuse('head too large')
    if (!incoming.path.startsWith('/')) return this.refuse('bad request')
    const { method, path, origin, request } = incoming
    const inside = this.door.inside(path, this.#model.stage)
    if (inside === undefined) return this.refuse('no stage')
    const found = this.#router.match(method, this.door.toMatched(inside)) ?? this.#rest
    const { cors } = this.#model
    if (cors !== undefined && method === 'OPTIONS' && isPreflight(found, this.door, request.headers))
      return { ...toPreflight(cors, origin, this.door.preflight), preflight: true }
    return found === undefined ? this.refuse('no route') : { found, inside }
  }

  /** Takes a request to its function. */
  async reach(incoming: Incoming, { found, inside }: { found: Found; inside: string }): Promise<Reached> {
    const body = await readBody(incoming.request, this.door.bodyLimit)
    if (body === 'too large') return this.refuse('body too large')
    const event = this.#toEvent(incoming, found, inside, body)
    const { trigger, slow, streams } = found.value
    const verdict = needsGuard(trigger) ? await this.#ask(incoming, found, inside, body, event) : undefined
    if (verdict?.passed === false) return verdict
    const payload = JSON.stringify(verdict === undefined ? event : withCaller(event, verdict))
    if (payload.length > PAYLOAD_LIMIT / 3 && Buffer.byteLength(payload) > PAYLOAD_LIMIT)
      return this.refuse('event too large')
    const requestId = this.door.sharesId ? incoming.requestId : randomUUID()
    const invoke = (sink?: Sink) =>
      this.#ground.invoke(trigger.function, payload, { requestId, parent: incoming.id, sink })
    if (streams) return { stream: invoke }
    const outcome = slow ? await within(this.door.answerLimit ?? 0, invoke()) : await invoke()
    return this.toAnswer(outcome)
  }

  /** What became of an invocation, as an answer. */
  toAnswer(outcome: Outcome | 'late'): HttpAnswer {
    if (outcome === 'late' || outcome.fault === 'timeout') return this.refuse('late')
    if (outcome.fault === 'throttled') return this.refuse('throttled')
    const answer = outcome.failed ? undefined : this.door.readResult(outcome.payload)
    return answer ?? this.refuse('failed')
  }

  refuse(refusal: Refusal): OwnAnswer {
    return this.door.refuse(refusal)
  }

  /** The headers an answer is sent with. */
  toHeaders(incoming: Incoming, answer: Pick<HttpAnswer, 'headers'>): HttpAnswer['headers'] {
    const { cors, errorOrigin } = this.#model
    const ids = this.door.identify(incoming.requestId, incoming.time)
    if (cors !== undefined && !isPreflightAnswer(answer))
      return { ...withCors(cors, incoming.origin, answer.headers), ...ids }
    const own = 'own' in answer || 'passed' in answer
    const origin = own && errorOrigin !== undefined ? { 'access-control-allow-origin': errorOrigin } : undefined
    return { ...answer.headers, ...origin, ...ids }
  }

  #ask(
    incoming: Incoming,
    found: Found,
    inside: string,
    body: Uint8Array | undefined,
    event: HttpEvent | RestEvent,
  ): Promise<Verdict> {
    const { method, path, query, rawHeaders, requestId } = incoming
    const { trigger } = found.value
    return this.#authorizer.authorize({
      trigger,
      method,
      signedPath: path,
      path: inside,
      query,
      rawHeaders,
      body,
      requestId,
      event,
    })
  }

  #toEvent(incoming: Incoming, { route, params }: Found, inside: string, body: Uint8Array | undefined) {
    const { method, path, query, rawHeaders, requestId, time, request } = incoming
    const domainName = request.headers.host ?? '127.0.0.1'
    const facts = {
      routeKey: route,
      method,
      path,
      query,
      rawHeaders,
      pathParameters: params,
      stage: this.#model.stage,
      sourceIp: '127.0.0.1',
      protocol: `HTTP/${request.httpVersion}`,
      requestId,
      accountId: ACCOUNT,
      apiId: API_ID,
      domainName,
      port: domainName.split(':')[1] ?? '80',
      time,
      body,
    }
    return this.door.toEvent(facts, inside)
  }
}

const needsGuard = ({ auth, apiKey }: HttpTriggerModel): boolean => auth.kind !== 'none' || apiKey

// A preflight that a route with a guard takes goes to the guard, who lets none pass. Source: reported for `ANY` routes with an authorizer.
function isPreflight(
  found: Found | undefined,
  door: Door,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): boolean {
  if (found === undefined || door.takesAll) return true
  return found.value.trigger.auth.kind === 'none' && headers['access-control-request-method'] !== undefined
}

// A function URL has one function; where routes have functions of their own, the one that most share answers what is no route.
function toCatchAll(targets: readonly Target[]): Found | undefined {
  const shared = targets.find(({ trigger }) => trigger.function === 'api') ?? targets[0]
  return shared === undefined ? undefined : { value: shared, route: '$default', params: undefined }
}

function withCaller(event: HttpEvent | RestEvent, verdict: Verdict & { passed: true }): object {
  const { authorizer, identity } = verdict
  const { requestContext } = event
  const context = authorizer === undefined ? requestContext : { ...requestContext, authorizer }
  if (identity === undefined || !('identity' in context)) return { ...event, requestContext: context }
  return { ...event, requestContext: { ...context, identity: { ...context.identity, ...identity } } }
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, milliseconds, 'late')
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
