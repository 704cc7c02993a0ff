// The local cloud: one process, one store, one clock, one journal, every service on one port, the app's HTTP API on another.
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Model } from '../model/index.ts'
import { type Asynchronous, openAsynchronous } from './asynchronous.ts'
import { type Clock, startClock } from './clock.ts'
import { keptOffset, openControl } from './control.ts'
import { type Doors, deliver } from './couriers.ts'
import { functionArn } from './environment.ts'
import { type HttpGateway, openHttpGateway } from './gateway/http.ts'
import type { Hub } from './hub.ts'
import { type Code, type Invoker, openInvoker } from './invoker.ts'
import { type Journal, type JournalEntry, openJournal, toLines } from './journal.ts'
import { type Outbox, openOutbox } from './outbox.ts'
import type { Mail, Service } from './service.ts'
import { openLambda } from './services/lambda/index.ts'
import { openS3 } from './services/s3/index.ts'
import { openSqs } from './services/sqs/index.ts'
import { openState, type State } from './state.ts'
import { openWall, type Wall } from './wall.ts'
import { openRemote, type Remote } from './wall-remote.ts'
import { openWire, type Wire } from './wire.ts'
import { connect } from './wires.ts'

export interface CloudOptions {
  /** Where state is kept. */
  readonly directory: string
  /** Throw away what the directory holds. */
  readonly fresh?: boolean
  /** The app's port; 0 picks a free one. */
  readonly port: number
  /** The AWS port; 0 picks a free one. */
  readonly awsPort: number
  readonly clock?: Clock
  /** Services that are the real account's. */
  readonly remote?: Remote
}

export interface ApplyOptions {
  readonly triggers?: boolean
  readonly warm?: boolean
}

export interface Cloud {
  /** The app, such as `http://127.0.0.1:8000`. */
  readonly http: string
  /** What every path of the app begins with: `/api` where a stage is part of the URL, else nothing. */
  readonly base: string
  /** AWS, such as `http://127.0.0.1:4566`. */
  readonly aws: string
  readonly clock: Clock
  readonly journal: Journal
  /**
   * Makes the local cloud run this app: resources are made, changed functions take over when they have loaded.
   * Without `triggers` nothing wakes them but `invoke`; without `warm` their code loads when it is first needed.
   */
  apply(model: Model, code: ReadonlyMap<string, Code>, options?: ApplyOptions): Promise<void>
  /** Runs one function. */
  invoke: Invoker['invoke']
  /** Whether nothing runs, and no queue that a function reads holds a message that it could take now. */
  idle(): boolean
  close(): Promise<void>
}

/** Starts an empty local cloud. Throws what `openState` and the ports throw. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const state = openState(options.directory, options.fresh === true ? { fresh: true } : {})
  const clock = options.clock ?? startClock('real', Date.now() + keptOffset(state.store))
  const journal = openJournal(state.store, clock)
  let wire: Wire | undefined
  let gateway: HttpGateway | undefined
  let wall: Wall | undefined
  try {
    wire = await openWire(options.awsPort)
    wall = await openWall({ services: wire.take, app: (...asked) => gateway?.take(...asked) })
    const invoker = openInvoker({ clock, journal, endpoint: wire.endpoint, wallPort: wall.port })
    gateway = await openHttpGateway(options.port, { clock, journal, invoke: invoker.invoke })
    const cloud = new LocalCloud({ state, clock, journal, wire, wall, gateway, invoker, remote: options.remote })
    state.announce({ endpoint: wire.endpoint, http: gateway.url })
    return cloud
  } catch (error) {
    await wire?.close()
    await wall?.close()
    await gateway?.close()
    await state.close()
    throw error
  }
}

interface Parts {
  readonly state: State
  readonly clock: Clock
  readonly journal: Journal
  readonly wire: Wire
  readonly wall: Wall
  readonly gateway: HttpGateway
  readonly invoker: Invoker
  readonly remote: Remote | undefined
}

class LocalCloud implements Cloud {
  readonly #parts: Parts
  readonly #s3: ReturnType<typeof openS3>
  readonly #sqs: ReturnType<typeof openSqs>
  readonly #outbox: Outbox
  /** How the services reach each other. */
  readonly mail: Mail
  readonly #asynchronous: Asynchronous
  #model: Model | undefined
  #disconnect: () => void = () => {}
  /** Called when the first app is there. */
  #open: () => void = () => {}

  constructor(parts: Parts) {
    this.#parts = parts
    const { state, clock, wire } = parts
    const { store } = state
    const ready = new Promise<void>((resolve) => {
      this.#open = resolve
    })
    this.#outbox = openOutbox({ store, clock })
    this.#asynchronous = this.#openAsynchronous(ready)
    this.mail = {
      outbox: this.#outbox,
      // Who takes what is known when the app is: what an earlier run left behind waits for it.
      deliver: async (delivery) => {
        await ready
        return deliver(delivery, this.#doors)
      },
    }
    this.#s3 = openS3({ store, clock, directory: join(state.directory, 's3') }, this.mail)
    this.#sqs = openSqs({ store, clock, directory: join(state.directory, 'sqs') })
    const services = new Map<string, Service>([
      ['s3', this.#s3],
      ['sqs', this.#sqs],
      ['lambda', this.#toLambda()],
      ['goblet', openControl({ store, clock, journal: parts.journal, model: () => this.#model })],
    ])
    const { remote, invoker } = parts
    for (const name of remote?.services ?? [])
      if (remote !== undefined) services.set(name, openRemote(name, { remote, knows: invoker.knows }))
    wire.serve(services, (request, service) => {
      const caller = parts.invoker.caller(request.headers['x-amz-security-token'] ?? '')
      if (caller === undefined) return
      const what = request.headers['x-amz-target']?.split('.')[1] ?? `${request.method} ${request.path}`
      parts.journal.record({ kind: 'hop', time: clock.now(), ...caller, text: `${service} ${what}` })
    })
  }

  get http(): string {
    return this.#parts.gateway.url
  }

  get base(): string {
    return this.#parts.gateway.base
  }

  get aws(): string {
    return this.#parts.wire.endpoint
  }

  get clock(): Clock {
    return this.#parts.clock
  }

  get journal(): Journal {
    return this.#parts.journal
  }

  get invoke(): Invoker['invoke'] {
    return this.#parts.invoker.invoke
  }

  async apply(
    model: Model,
    code: ReadonlyMap<string, Code>,
    { triggers = true, warm = true }: ApplyOptions = {},
  ): Promise<void> {
    // The functions that answer people are warm before anybody asks.
    const first = model.functions.filter(({ trigger }) => triggers && warm && trigger === 'http')
    const names = first.map(({ name }) => name)
    await this.#parts.invoker.update(model, code, names)
    this.#disconnect()
    this.#model = model
    this.#disconnect = await connect(this.#toHub(triggers ? model : { ...model, triggers: [] }))
    this.#open()
  }

  idle(): boolean {
    const { resources = [], triggers = [] } = this.#model ?? {}
    const read = new Set(triggers.flatMap((trigger) => (trigger.kind === 'queue' ? [trigger.queue] : [])))
    return (
      this.#parts.invoker.busy() === 0 &&
      this.#outbox.pending() === 0 &&
      resources.every(
        ({ kind, name, physicalName }) =>
          kind !== 'queue' ||
          !read.has(name) ||
          !this.#sqs.find(physicalName) ||
          isDrained(this.#sqs.counts(physicalName)),
      )
    )
  }

  async close(): Promise<void> {
    const { clock, gateway, wire, wall, invoker, journal, state } = this.#parts
    this.#disconnect()
    this.#outbox.close()
    await gateway.close()
    await wire.close()
    await wall.close()
    await invoker.close()
    clock.stop()
    await journal.flush()
    await state.close()
  }

  #toHub(model: Model): Hub {
    const { clock, gateway, invoker, journal } = this.#parts
    return {
      model,
      clock,
      gateway,
      queues: this.#sqs,
      topics: NO_TOPICS,
      buckets: this.#s3,
      invoke: invoker.invoke,
      hop: (name, text) => this.#hop(name, text),
      note: (name, requestId, text) =>
        journal.record({ kind: 'log', time: clock.now(), function: name, requestId, text }),
    }
  }

  #toLambda(): Service {
    const { invoker, journal } = this.#parts
    return openLambda({
      functions: () => (this.#model?.functions ?? []).map((made) => ({ ...made, arn: functionArn(made) })),
      invoke: async (physicalName, payload, requestId) => {
        const name = this.#find(physicalName)?.name ?? ''
        const { payload: result, failed, fault } = await invoker.invoke(name, payload, { requestId })
        const log = journal
          .read({ function: name })
          .filter((entry) => entry.requestId === requestId)
          .flatMap(toLines)
          .join('\n')
        return { payload: result, failed, throttled: fault === 'throttled', log }
      },
      start: (name, payload, requestId) => this.#asynchronous.start({ name, payload, requestId, parent: '' }),
    })
  }

  #openAsynchronous(ready: Promise<void>): Asynchronous {
    const { state, clock, journal, invoker } = this.#parts
    return openAsynchronous({
      store: state.store,
      clock,
      outbox: this.#outbox,
      ready,
      invoke: ({ name, payload, requestId, parent }) =>
        invoker.invoke(this.#find(name)?.name ?? '', payload, { requestId, parent }),
      giveUp: ({ name, requestId }, words) => {
        const text = `The event is given up: ${words}.`
        journal.record({ kind: 'log', time: clock.now(), function: this.#find(name)?.name ?? name, requestId, text })
      },
    })
  }

  #find(physicalName: string): Model['functions'][number] | undefined {
    return this.#model?.functions.find((made) => made.physicalName === physicalName)
  }

  get #doors(): Doors {
    return {
      queues: this.#sqs,
      topics: NO_TOPICS,
      functions: {
        find: (arn) => this.#find(nameIn(arn)) !== undefined,
        start: (arn, event, from) => {
          const made = this.#find(nameIn(arn))
          const parent = made === undefined ? '' : this.#hop(made.name, from)
          return this.#asynchronous.start({ name: nameIn(arn), payload: event, requestId: randomUUID(), parent })
        },
      },
    }
  }

  /** Notes a step that leads to an invocation. Returns its id. */
  #hop(name: string, text: string): string {
    const requestId = randomUUID()
    this.#parts.journal.record({ kind: 'hop', time: this.#parts.clock.now(), function: name, requestId, text })
    return requestId
  }
}

// `arn:aws:lambda:us-east-1:000000000000:function:NAME`, perhaps with a version behind it.
const nameIn = (arn: string): string => arn.split(':')[6] ?? ''

const NO_TOPICS: Doors['topics'] & Hub['topics'] = {
  find: () => false,
  publish: () => Promise.resolve(),
  ensureTopic: () => Promise.resolve(),
  ensureSubscription: () => Promise.resolve(''),
  keepSubscriptions: () => Promise.resolve(),
}

// What is visible while something is hidden may wait behind it, in its message group, for as long as the visibility lasts.
const isDrained = ({ visible, hidden }: { visible: number; hidden: number }): boolean => visible === 0 || hidden > 0

/** What a local cloud that does not run any more has noted. Throws what `openState` throws. */
export async function readJournal(directory: string, query: Parameters<Journal['read']>[0]): Promise<JournalEntry[]> {
  if (!existsSync(directory)) return []
  const state = openState(directory)
  const clock = startClock()
  try {
    return openJournal(state.store, clock).read(query)
  } finally {
    await state.close()
  }
}
