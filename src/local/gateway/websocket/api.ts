// One WebSocket API: takes its clients in, routes what they send, and tells its functions when they are gone.
import { randomBytes, randomUUID } from 'node:crypto'
import {
  readWebsocketResult,
  toConnectEvent,
  toDisconnectEvent,
  toMessageEvent,
  type WebsocketContext,
  type WebsocketFacts,
} from '../../../aws/events/websocket.ts'
import { readSelection, type Selection, selectRoute } from '../../../aws/route-selection.ts'
import type { FunctionModel, WebsocketModel, WebsocketTriggerModel } from '../../../model/index.ts'
import type { Clock } from '../../clock.ts'
import type { Outcome } from '../../invocation.ts'
import type { Journal } from '../../journal.ts'
import { REGION } from '../../service.ts'
import type { Incoming } from '../asked.ts'
import type { Allowed } from '../auth/answers.ts'
import type { Connection, Identity } from './connection.ts'
import { type Guard, openGuard } from './guard.ts'
import { type Refusal, toRefusal } from './handshake.ts'

export interface WebsocketGround {
  readonly clock: Clock
  readonly journal: Journal
  invoke(name: string, payload: string, options: { requestId: string; parent: string }): Promise<Outcome>
}

/** An API of the app, and the functions behind its routes. */
export interface ServedApi {
  readonly made: WebsocketModel
  readonly triggers: readonly WebsocketTriggerModel[]
  readonly functions: readonly FunctionModel[]
}

interface Route extends WebsocketTriggerModel {
  /** Its function may take longer than the gateway waits. */
  readonly slow: boolean
}

/** Somebody who wants in, or is in. */
export interface Client {
  readonly id: string
  readonly connectedAt: number
  readonly identity: Identity
  /** The Host of the handshake. */
  readonly host: string
  /** What the guard found out, once it has been asked. */
  caller: Allowed | undefined
}

/** The subprotocol that `$connect` chose, or why nobody is let in. */
export type Welcome = { readonly protocol: string | undefined } | Refusal

// Source: "Quotas for configuring and running a WebSocket API".
const PATIENCE = 29_000

export class WebsocketApi {
  readonly #ground: WebsocketGround
  readonly #guard: Guard
  #made: WebsocketModel
  #routes: ReadonlyMap<string, Route> = new Map()
  #select: Selection = () => undefined

  constructor(served: ServedApi, ground: WebsocketGround) {
    this.#ground = ground
    this.#made = served.made
    const { apiId, stage } = served.made
    this.#guard = openGuard({ apiId, stage, now: () => ground.clock.now(), invoke: ground.invoke })
    this.update(served)
  }

  get made(): WebsocketModel {
    return this.#made
  }

  /** As its host is called on AWS. */
  get domainName(): string {
    return toDomainName(this.#made)
  }

  /** The function that is asked before somebody is connected; empty where there is none. */
  get greeter(): string {
    return this.#routes.get('$connect')?.function ?? ''
  }

  /** Takes what the app says of it now. Whoever is connected stays. */
  update({ made, triggers, functions }: ServedApi): void {
    this.#made = made
    const routes = triggers.map((trigger) => {
      const timeout = functions.find(({ name }) => name === trigger.function)?.timeout ?? 0
      return { ...trigger, slow: timeout * 1000 > PATIENCE }
    })
    this.#routes = new Map(routes.map((route) => [route.route, route]))
    this.#select = readSelection(made.select) ?? this.#select
  }

  /** Asks the guard, then `$connect`. */
  async welcome(client: Client, incoming: Incoming): Promise<Welcome> {
    const trigger = this.#routes.get('$connect')
    if (trigger === undefined) return { protocol: undefined }
    const { query, rawHeaders } = incoming
    const event = toConnectEvent({ ...this.#toFacts(client, incoming.requestId), query, rawHeaders, port: '443' })
    const verdict = await this.#guard.check(trigger.auth, incoming, event)
    if (!verdict.passed) return verdict
    client.caller = verdict
    const outcome = await this.#call(trigger, withCaller(event, verdict), incoming.id)
    if (outcome === 'late') return toRefusal(504, 'Endpoint request timed out')
    const answer = outcome.failed ? undefined : readWebsocketResult(outcome.payload)
    if (answer === undefined) return toRefusal(502, 'Internal server error')
    const { status, headers, body } = answer
    if (status < 200 || status > 299) return { status, body: body === undefined ? '' : String(body) }
    return { protocol: headers['sec-websocket-protocol'] }
  }

  /** Takes a message to its function; the client hears of what went wrong. Never rejects. */
  async receive(client: Client, connection: Connection, body: string): Promise<void> {
    const requestId = toId()
    const trigger = selectRoute(this.#select, this.#routes, body)
    const tell = (message: string): void => {
      if (connection.isOpen) connection.send(JSON.stringify({ message, connectionId: client.id, requestId }))
    }
    if (trigger === undefined) {
      this.#hop('', requestId, 'a message that no route takes')
      // Source: recorded by users of APIs without `$default`.
      return tell('Forbidden')
    }
    const { route: routeKey } = trigger
    const event = toMessageEvent({ ...this.#toFacts(client, requestId), routeKey, messageId: toId(), body })
    const outcome = await this.#call(
      trigger,
      withCaller(event, client.caller),
      this.#hop(trigger.function, requestId, routeKey),
    )
    if (outcome === 'late') return tell('Endpoint request timed out')
    const answer = outcome.failed ? undefined : readWebsocketResult(outcome.payload)
    // What it says beside that is dropped: AWS sends it where a route has a route response, and the routes of an app have none.
    if (answer === undefined) tell('Internal server error')
  }

  /** Tells the app that a client is gone. Never rejects. */
  async farewell(client: Client, code: number, reason: string): Promise<void> {
    const trigger = this.#routes.get('$disconnect')
    if (trigger === undefined) return
    const requestId = toId()
    const { host } = client
    const event = toDisconnectEvent({ ...this.#toFacts(client, requestId), code, reason, host })
    await this.#call(
      trigger,
      withCaller(event, client.caller),
      this.#hop(trigger.function, requestId, `$disconnect ${code}`),
    )
  }

  #toFacts({ id, connectedAt, identity }: Client, requestId: string): WebsocketFacts {
    const { apiId, stage } = this.#made
    const { domainName } = this
    const time = this.#ground.clock.now()
    return { connectionId: id, connectedAt, apiId, stage, domainName, ...identity, requestId, time }
  }

  #hop(name: string, requestId: string, what: string): string {
    const { journal, clock } = this.#ground
    const text = `websocket ${this.#made.name} ${what}`
    journal.record({ kind: 'hop', time: clock.now(), function: name, requestId, text })
    return requestId
  }

  #call({ function: name, slow }: Route, event: object, parent: string): Promise<Outcome | 'late'> {
    const { clock, invoke } = this.#ground
    const work = invoke(name, JSON.stringify(event), { requestId: randomUUID(), parent })
    if (!slow) return work
    return new Promise((resolve) => {
      const late = clock.after(PATIENCE, () => resolve('late'))
      void work.then((outcome) => {
        late.cancel()
        resolve(outcome)
      })
    })
  }
}

/** Such as `a1b2c3d4e5.execute-api.us-east-1.amazonaws.com`. */
export const toDomainName = ({ apiId }: Pick<WebsocketModel, 'apiId'>): string =>
  `${apiId}.execute-api.${REGION}.amazonaws.com`

/** An id as API Gateway makes them, for connections, messages and requests: `R1kmxc2VNjMCFIA=`. */
export const toId = (): string => `${randomBytes(11).toString('base64url')}=`

interface Contextual {
  readonly requestContext: WebsocketContext
}

// What the guard found out stands in every event of the connection.
function withCaller<Event extends Contextual>(event: Event, caller: Allowed | undefined): Event {
  if (caller?.authorizer === undefined && caller?.identity === undefined) return event
  const { authorizer, identity } = caller
  const { requestContext } = event
  const context = {
    ...requestContext,
    ...(authorizer === undefined ? {} : { authorizer }),
    identity: { ...requestContext.identity, ...identity },
  }
  return { ...event, requestContext: context }
}
