// A started test cloud: the local cloud and its model, in the words of a test.
import { setTimeout as sleep } from 'node:timers/promises'
import { nearest, problem } from '../errors.ts'
import { type Cloud, type JournalEntry, readSpan } from '../local/index.ts'
import type { Model } from '../model/index.ts'
import type {
  Connecting,
  Http,
  Invocation,
  Invoked,
  Permission,
  PermissionsReport,
  Sending,
  SocketTarget,
  Target,
  TestClock,
  TestCloud,
  TestSocket,
} from './cloud.ts'
import { openHttp } from './http.ts'
import { send } from './send.ts'
import { connect } from './socket.ts'

// Between two looks at what runs, and how many looks in a row must find nothing.
const LOOK = 5
const QUIET_LOOKS = 4

export class OpenCloud implements TestCloud {
  readonly http: Http
  readonly clock: TestClock
  readonly endpoint: string
  readonly #cloud: Cloud
  readonly #model: Model
  readonly #close: () => Promise<void>
  #closing: Promise<void> | undefined

  constructor(cloud: Cloud, model: Model, close: () => Promise<void>) {
    const http = openHttp(cloud.http)
    this.http = http
    this.endpoint = cloud.aws
    this.clock = {
      now: () => new Date(cloud.clock.now()),
      advance: (span) => cloud.clock.advance(readSpan(span)),
    }
    this.#cloud = cloud
    this.#model = model
    this.#close = () => {
      http.close()
      return close()
    }
  }

  send(target: Target<never>, message: unknown, sending: Sending = {}): Promise<{ messageId: string }> {
    return send(this.endpoint, this.#model, target, message, sending)
  }

  websocket(first?: SocketTarget, second?: string | Connecting, third?: Connecting): Promise<TestSocket> {
    if (typeof second === 'string') return connect(this.#cloud, this.#model, first, second, third)
    return connect(this.#cloud, this.#model, undefined, typeof first === 'string' ? first : '/', second)
  }

  async invoke(name: string, payload?: unknown): Promise<Invoked> {
    const outcome = await this.#cloud.invoke(this.#function(name), JSON.stringify(payload ?? null))
    return { result: JSON.parse(outcome.payload), failed: outcome.failed, requestId: outcome.requestId }
  }

  async settle({ seconds = 10 }: { seconds?: number } = {}): Promise<void> {
    const end = Date.now() + seconds * 1000
    let quiet = 0
    let entries = 0
    while (quiet < QUIET_LOOKS) {
      await sleep(LOOK)
      const now = this.#cloud.journal.recorded()
      quiet = this.#cloud.idle() && now === entries ? quiet + 1 : 0
      entries = now
      if (quiet < QUIET_LOOKS && Date.now() > end) throw unsettled(seconds, this.#running())
    }
  }

  invocations(name?: string): readonly Invocation[] {
    return toInvocations(this.#entries(name))
  }

  logs(name?: string): readonly string[] {
    return this.#entries(name).flatMap((entry) => (entry.kind === 'log' ? entry.text.split('\n') : []))
  }

  permissions(): PermissionsReport {
    const { exercised, granted, unused } = this.#cloud.permissions()
    return { exercised, granted: granted.map(toPermission), unused: unused.map(toPermission) }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #entries(name: string | undefined): JournalEntry[] {
    return this.#cloud.journal.read(name === undefined ? {} : { function: this.#function(name) })
  }

  #running(): string[] {
    const names = this.#model.functions.map((made) => made.name)
    return names.filter((name) => this.invocations(name).some(({ status }) => status === 'running'))
  }

  // An export is known by its own name, and by the function that it shares with others.
  #function(name: string): string {
    const { functions } = this.#model
    const found = functions.find((made) => made.name === name) ?? functions.find((made) => made.exports.includes(name))
    if (found !== undefined) return found.name
    const known = functions.map((made) => made.name)
    throw problem('GOBLET_NO_FUNCTION', { name, suggestion: nearest(name, known), known: known.join(', ') })
  }
}

const toPermission = ({ function: name, action, resource }: Permission): Permission => ({
  function: name,
  action,
  resource,
})

function toInvocations(entries: readonly JournalEntry[]): Invocation[] {
  const all: Run[] = []
  // An asynchronous event that is tried again has the same id: what comes belongs to its latest run.
  const latest = new Map<string, Run>()
  for (const entry of entries) {
    const { requestId, time } = entry
    const run = latest.get(requestId)
    if (entry.kind === 'start') {
      const begun: Run = { requestId, time: new Date(time), status: 'running', duration: undefined, logs: [] }
      all.push(begun)
      latest.set(requestId, begun)
    } else if (run !== undefined && entry.kind === 'log') {
      run.logs.push(...entry.text.split('\n'))
    } else if (run !== undefined && entry.kind === 'report') {
      run.status = entry.status ?? 'done'
      run.duration = entry.duration
    }
  }
  return all
}

interface Run extends Invocation {
  status: Invocation['status']
  duration: number | undefined
  readonly logs: string[]
}

const unsettled = (seconds: number, running: readonly string[]): Error =>
  problem('GOBLET_USAGE', {
    problem: `The app did not settle within ${seconds} s${running.length === 0 ? '' : `: ${running.join(', ')} still runs`}.`,
    mend: 'A function that sends itself messages never settles; else give settle({ seconds }) more time.',
  })
