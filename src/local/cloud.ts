// The local cloud: one process, one store, one clock, one journal, every service on one port, the app's HTTP API on another.
import { existsSync } from 'node:fs'
import type { Model, Permissions } from '../model/index.ts'
import { anchorOf } from './anchors.ts'
import { type Clock, startClock } from './clock.ts'
import { keptOffset } from './control.ts'
import type { JournalEntry } from './entries.ts'
import { functionArn } from './environment.ts'
import { type HttpGateway, openHttpGateway } from './gateway/http.ts'
import type { Hub } from './hub.ts'
import { type Access, type AccessReport, type IamMode, openAccess } from './iam/access.ts'
import { type Exercised, openRecording, readRecording } from './iam/recording.ts'
import { type Code, type Invoker, openInvoker } from './invoker.ts'
import { type Journal, openJournal } from './journal.ts'
import { refers, withValues } from './references.ts'
import type { WireRequest } from './service.ts'
import type { Services } from './services.ts'
import { openState, type State } from './state.ts'
import { HIGHEST, type Key, type Store } from './store.ts'
import { tellFault } from './tell.ts'
import { openWall, type Wall } from './wall.ts'
import type { Ways } from './wall-inside.ts'
import { openRemote, type Remote } from './wall-remote.ts'
import { openWire, type Wire } from './wire.ts'
import { connect, needsServices, openRoutes } from './wires.ts'

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
  /** What each function may do. Without them nothing is asked, and nothing noted. */
  readonly permissions?: Permissions | undefined
  /** Whether functions are kept to it; left out: they are. */
  readonly iam?: IamMode | undefined
}

export interface Cloud {
  /** The app, such as `http://127.0.0.1:8000`. */
  readonly http: string
  /** What every path of the app begins with: `/api` where a stage is part of the URL, else nothing. */
  readonly base: string
  /** Where clients connect to the app's WebSocket APIs, by their declared names: `ws://127.0.0.1:8000/dev`. */
  readonly websockets: ReadonlyMap<string, string>
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
  /** What functions did, and what they may do. */
  permissions(): AccessReport
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
    const { take, port } = wire
    const ports = (): { services: number; app: number } => ({ services: port, app: gateway?.port ?? 0 })
    const opened = await openWall({
      services: take,
      app: (...asked) => gateway?.take(...asked),
      upgrade: (...asked) => gateway?.upgrade(...asked),
      ports,
    })
    wall = opened
    const ways = (): Ways => ({ wall: opened.port, own: Object.values(ports()) })
    const app = (): string => gateway?.url ?? ''
    const invoker = openInvoker({ clock, journal, endpoint: wire.endpoint, app, ways })
    gateway = await openHttpGateway(options.port, { clock, journal, invoke: invoker.invoke, services: take })
    const cloud = new LocalCloud({ state, clock, journal, wire, wall, gateway, invoker, remote: options.remote })
    if (holdsMore(state.store)) await cloud.serve()
    else wire.onWanted(() => void cloud.serve().catch(tellFault))
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
  readonly #access: Access
  /** There once somebody has needed one: an app that has only routes serves sooner without. */
  #services: Services | undefined
  #serving: Promise<Services> | undefined
  readonly #ready: Promise<void>
  #model: Model | undefined
  #disconnect: () => void = () => {}
  /** Called when the first app is there. */
  #open: () => void = () => {}

  constructor(parts: Parts) {
    this.#parts = parts
    const { clock, journal, invoker, state } = parts
    this.#access = openAccess({ clock, journal, invoker, recording: openRecording(state.store, clock) })
    this.#ready = new Promise<void>((resolve) => {
      this.#open = resolve
    })
  }

  /** Opens the services, if they are not open yet. */
  serve(): Promise<Services> {
    this.#serving ??= this.#serve()
    return this.#serving
  }

  async #serve(): Promise<Services> {
    const { openServices } = await import('./services.ts')
    const { clock, wire, journal, invoker, remote } = this.#parts
    const services = openServices({
      ...this.#parts,
      endpoint: wire.endpoint,
      model: () => this.#model,
      permissions: () => this.permissions(),
      ready: this.#ready,
    })
    this.#services = services
    const { table } = services
    for (const name of remote?.services ?? [])
      if (remote !== undefined) table.set(name, openRemote(name, { remote, knows: invoker.knows }))
    const denied = (...asked: Parameters<Access['denied']>): string | undefined => this.#access.denied(...asked)
    const heard = (request: WireRequest, service: string): void => {
      const caller = invoker.caller(request.headers['x-amz-security-token'] ?? '')
      if (caller === undefined) return
      const what = request.headers['x-amz-target']?.split('.')[1] ?? `${request.method} ${request.path}`
      journal.record({ kind: 'hop', time: clock.now(), ...caller, text: `${service} ${what}` })
    }
    wire.serve({ services: table, heard, denied })
    return services
  }

  get http(): string {
    return this.#parts.gateway.url
  }

  get base(): string {
    return this.#parts.gateway.base
  }

  get websockets(): ReadonlyMap<string, string> {
    const { url, websockets } = this.#parts.gateway
    const address = url.replace('http:', 'ws:')
    return new Map([...websockets.paths()].map(([name, path]) => [name, address + path]))
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
    read: Model,
    code: ReadonlyMap<string, Code>,
    { triggers = true, warm = true, permissions, iam = 'enforce' }: ApplyOptions = {},
  ): Promise<void> {
    const model = refers(read) ? await withValues(read, await this.serve()) : read
    // The functions that answer people are warm before anybody asks.
    const first = model.functions.filter(({ trigger }) => triggers && warm && trigger === 'http')
    const names = first.map(({ name }) => name)
    // Before the new code runs: what it calls as it loads is asked, too.
    const settled = this.#access.apply(model, permissions, iam)
    await this.#parts.invoker.update(model, code, names).finally(settled)
    this.#disconnect()
    this.#model = model
    this.#disconnect = await this.#connect(triggers ? model : { ...model, triggers: [] })
    this.#open()
  }

  permissions(): AccessReport {
    return this.#access.report()
  }

  async #connect(model: Model): Promise<() => void> {
    if (this.#serving !== undefined || needsServices(model)) return connect(this.#toHub(model, await this.serve()))
    openRoutes(model, this.#parts.gateway)
    return () => {}
  }

  idle(): boolean {
    if (this.#services === undefined) return this.#serving === undefined && this.#parts.invoker.busy() === 0
    const { resources = [], triggers = [] } = this.#model ?? {}
    const { queues, outbox, checkpoints } = this.#services
    const read = new Set(triggers.flatMap((trigger) => (trigger.kind === 'queue' ? [trigger.queue] : [])))
    return (
      this.#parts.invoker.busy() === 0 &&
      outbox.pending() === 0 &&
      checkpoints.working() === 0 &&
      resources.every(
        ({ kind, name, physicalName }) =>
          kind !== 'queue' || !read.has(name) || !queues.find(physicalName) || isDrained(queues.counts(physicalName)),
      )
    )
  }

  async close(): Promise<void> {
    const { clock, gateway, wire, wall, invoker, journal, state } = this.#parts
    this.#disconnect()
    await this.#serving?.then(({ outbox }) => outbox.close())
    await gateway.close()
    await wire.close()
    await wall.close()
    await invoker.close()
    clock.stop()
    await journal.flush()
    await this.#access.flush()
    await state.close()
  }

  #toHub(model: Model, services: Services): Hub {
    const { clock, gateway, invoker, state } = this.#parts
    const { queues, topics, buckets, tables, streams, buses, schedules, secrets, parameters, functions, checkpoints } =
      services
    return {
      model,
      clock,
      gateway,
      queues,
      topics,
      buckets,
      tables,
      streams,
      buses,
      schedules,
      secrets,
      parameters,
      checkpoints,
      invoke: invoker.invoke,
      start: (name, payload, text) => {
        const made = model.functions.find((one) => one.name === name)
        return made === undefined ? Promise.resolve() : functions.start(functionArn(made), payload, text)
      },
      anchor: (name, expression) => anchorOf({ store: state.store, clock }, name, expression),
      hop: (name, text) => functions.hop(name, text),
      note: (name, requestId, text) => functions.note(name, requestId, text),
    }
  }
}

// Whether an earlier run left more than its journal: what services hold, and what they still have to deliver.
function holdsMore(store: Store): boolean {
  for (let start: Key = []; ; ) {
    const [first] = store.range({ start, end: [HIGHEST], limit: 1 })
    if (first === undefined) return false
    const [room = ''] = first.key
    if (!OWN.has(room)) return true
    start = [room, HIGHEST]
  }
}

const OWN: ReadonlySet<unknown> = new Set(['goblet', 'journal', 'state'])

// What is visible while something is hidden may wait behind it, in its message group, for as long as the visibility lasts.
const isDrained = ({ visible, hidden }: { visible: number; hidden: number }): boolean => visible === 0 || hidden > 0

/** What functions did in a local cloud that does not run any more. Throws what `openState` throws. */
export async function readExercised(directory: string): Promise<readonly Exercised[]> {
  if (!existsSync(directory)) return []
  const state = openState(directory)
  try {
    return readRecording(state.store)
  } finally {
    await state.close()
  }
}

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
