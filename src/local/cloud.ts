// The local cloud: one process, one store, one clock, one journal, every service on one port, the app's HTTP API on another.
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Model } from '../model/index.ts'
import { type Clock, startClock } from './clock.ts'
import { openControl } from './control.ts'
import { functionArn } from './environment.ts'
import { type HttpGateway, openHttpGateway } from './gateway/http.ts'
import { type Code, type Invoker, openInvoker } from './invoker.ts'
import { type Journal, type JournalEntry, openJournal, toLines } from './journal.ts'
import type { Service } from './service.ts'
import { openLambda } from './services/lambda/index.ts'
import { openS3 } from './services/s3/index.ts'
import { openSqs } from './services/sqs/index.ts'
import { openState, type State } from './state.ts'
import { openWire, type Wire } from './wire.ts'
import { connect, type Hub } from './wires.ts'

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
   * Without `triggers` nothing wakes them but `invoke`.
   */
  apply(model: Model, code: ReadonlyMap<string, Code>, options?: { triggers?: boolean }): Promise<void>
  /** Runs one function. */
  invoke: Invoker['invoke']
  /** Whether nothing runs, and no queue that a function reads holds a message that it could take now. */
  idle(): boolean
  close(): Promise<void>
}

/** Starts an empty local cloud. Throws what `openState` and the ports throw. */
export async function startCloud(options: CloudOptions): Promise<Cloud> {
  const state = openState(options.directory, options.fresh === true ? { fresh: true } : {})
  const clock = options.clock ?? startClock()
  const journal = openJournal(state.store, clock)
  let wire: Wire | undefined
  let gateway: HttpGateway | undefined
  try {
    wire = await openWire(options.awsPort)
    const invoker = openInvoker({ clock, journal, endpoint: wire.endpoint })
    gateway = await openHttpGateway(options.port, { clock, journal, invoke: invoker.invoke })
    const cloud = new LocalCloud({ state, clock, journal, wire, gateway, invoker })
    state.announce({ endpoint: wire.endpoint, http: gateway.url })
    return cloud
  } catch (error) {
    await wire?.close()
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
  readonly gateway: HttpGateway
  readonly invoker: Invoker
}

class LocalCloud implements Cloud {
  readonly #parts: Parts
  readonly #s3: ReturnType<typeof openS3>
  readonly #sqs: ReturnType<typeof openSqs>
  #model: Model | undefined
  #disconnect: () => void = () => {}

  constructor(parts: Parts) {
    this.#parts = parts
    const { state, clock, wire } = parts
    const { store } = state
    this.#s3 = openS3({ store, clock, directory: join(state.directory, 's3') })
    this.#sqs = openSqs({ store, clock, directory: join(state.directory, 'sqs') })
    const services = new Map<string, Service>([
      ['s3', this.#s3],
      ['sqs', this.#sqs],
      ['lambda', this.#toLambda()],
      ['goblet', openControl({ journal: parts.journal, model: () => this.#model })],
    ])
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

  async apply(model: Model, code: ReadonlyMap<string, Code>, { triggers = true } = {}): Promise<void> {
    // The functions that answer people are warm before anybody asks.
    const warm = model.functions.filter(({ trigger }) => triggers && trigger === 'http').map(({ name }) => name)
    await this.#parts.invoker.update(model, code, warm)
    this.#disconnect()
    this.#model = model
    this.#disconnect = await connect(this.#toHub(triggers ? model : { ...model, triggers: [] }))
  }

  idle(): boolean {
    const { resources = [], triggers = [] } = this.#model ?? {}
    const read = new Set(triggers.flatMap((trigger) => (trigger.kind === 'queue' ? [trigger.queue] : [])))
    return (
      this.#parts.invoker.busy() === 0 &&
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
    const { clock, gateway, wire, invoker, journal, state } = this.#parts
    this.#disconnect()
    await gateway.close()
    await wire.close()
    await invoker.close()
    clock.stop()
    await journal.flush()
    await state.close()
  }

  #toHub(model: Model): Hub {
    const { clock, gateway, invoker, journal } = this.#parts
    const stamp = (name: string, requestId: string) => ({ time: clock.now(), function: name, requestId })
    return {
      model,
      clock,
      gateway,
      queues: this.#sqs,
      buckets: this.#s3,
      invoke: invoker.invoke,
      hop: (name, text) => {
        const id = randomUUID()
        journal.record({ kind: 'hop', ...stamp(name, id), text })
        return id
      },
      note: (name, requestId, text) => journal.record({ kind: 'log', ...stamp(name, requestId), text }),
    }
  }

  #toLambda(): Service {
    const { clock, invoker, journal } = this.#parts
    return openLambda({
      clock,
      functions: () => (this.#model?.functions ?? []).map((made) => ({ ...made, arn: functionArn(made) })),
      invoke: async (physicalName, payload, requestId) => {
        const name = this.#model?.functions.find((made) => made.physicalName === physicalName)?.name ?? ''
        const { payload: result, failed, fault } = await invoker.invoke(name, payload, { requestId })
        const log = journal
          .read({ function: name })
          .filter((entry) => entry.requestId === requestId)
          .flatMap(toLines)
          .join('\n')
        return { payload: result, failed, throttled: fault === 'throttled', log }
      },
    })
  }
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
