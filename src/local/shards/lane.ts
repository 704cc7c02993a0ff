// One batch after the other out of one shard (or out of some of its keys): handed to the function, tried again, halved, given up.
import { randomUUID } from 'node:crypto'
import { toRecordKey } from '../../aws/events/destination.ts'
import { type GivenUp, readFirstFailure, toGivenUpRecord, type WindowFields } from '../../aws/events/kinesis.ts'
import type { Alarm } from '../clock.ts'
import type { Hub } from '../hub.ts'
import type { Outcome } from '../invocation.ts'
import type { OpenWindow, Owed } from './checkpoints.ts'
import { type Gathered, Gathering } from './gather.ts'
import type { ShardMapping } from './mapping.ts'

/** Records that are tried together. */
interface Piece {
  readonly records: readonly Gathered[]
  /** How often they failed together. */
  failures: number
  /** The end of a tumbling window. */
  readonly closes?: 'in time' | 'early'
}

/** What the lanes of one shard share. */
export interface LaneGround {
  readonly mapping: ShardMapping
  readonly hub: Hub
  readonly shard: string
  readonly share: number
  readonly since: number
  position(): string | undefined
  window(): OpenWindow | undefined
  save(position: string | undefined, window: OpenWindow | undefined, owed?: Owed): Promise<void>
  /** There will be nothing more. */
  drained(): void
}

// Source: none is published; a second, doubling, up to a minute.
const FIRST_WAIT = 1000
const LONGEST_WAIT = 60_000
const LARGEST_STATE = 1024 * 1024
// Passed over without being noted: an end of the process makes them be passed over again.
const UNNOTED = 1000

export class Lane {
  readonly #ground: LaneGround
  readonly #gathering: Gathering
  #pieces: Piece[] = []
  #waitsUntil = 0
  #waits = 0
  /** When the first record of the batch was seen. */
  #seen: number | undefined
  #alarm: { readonly time: number; readonly alarm: Alarm } | undefined
  #isRunning = false
  #again = false
  #isStopped = false
  #passes = 0
  #lastRequest: string = randomUUID()

  constructor(ground: LaneGround) {
    this.#ground = ground
    this.#gathering = new Gathering(ground, ground.position())
  }

  /** Something may have arrived, or its time come. */
  wake(): void {
    this.#again = true
    if (this.#isRunning || this.#isStopped) return
    this.#isRunning = true
    const { hub, mapping } = this.#ground
    const work = this.#run()
    hub.checkpoints.work(mapping.id, work)
    // Time that is advanced waits for what this moment's records do.
    hub.clock.hold(work)
  }

  stop(): void {
    this.#isStopped = true
    this.#alarm?.alarm.cancel()
  }

  async #run(): Promise<void> {
    try {
      while (this.#again && !this.#isStopped) {
        this.#again = false
        await this.#step()
      }
    } catch (error) {
      const { hub, mapping } = this.#ground
      const words = error instanceof Error ? error.message : String(error)
      if (!this.#isStopped) hub.note(mapping.function, '', `${mapping.name} cannot be worked off: ${words}`)
      this.#wait()
    } finally {
      this.#isRunning = false
    }
  }

  async #step(): Promise<void> {
    const now = this.#ground.hub.clock.now()
    if (now < this.#waitsUntil) return
    const piece = this.#pieces[0] ?? this.#next(now)
    if (piece === undefined) return this.#pass()
    if (this.#pieces.length === 0) this.#pieces = [piece]
    this.#again = true
    if (!(await this.#giveUpOld(piece, now))) await this.#try(piece)
  }

  /** The next batch, if its time has come. */
  #next(now: number): Piece | undefined {
    const { window: wait, tumbling } = this.#ground.mapping
    this.#gathering.fill()
    const { first } = this.#gathering
    if (tumbling > 0 && this.#endsBefore(first, now)) return { records: [], failures: 0, closes: 'in time' }
    if (first === undefined) {
      this.#settle()
      return undefined
    }
    this.#seen ??= now
    const due = this.#seen + wait * 1000
    if (!this.#gathering.isFull && now < due) {
      this.#arm(due)
      return undefined
    }
    this.#seen = undefined
    const start = this.#windowOf(first.time)
    const records = this.#gathering.take(({ time }) => this.#windowOf(time) === start)
    return { records, failures: 0 }
  }

  // The open window is over: the next record is of another one, or none came until its end.
  #endsBefore(first: Gathered | undefined, now: number): boolean {
    const open = this.#ground.window()
    if (open === undefined) return false
    if (first !== undefined) return this.#windowOf(first.time) !== open.start
    const end = open.start + this.#ground.mapping.tumbling * 1000
    if (now >= end) return true
    this.#arm(end)
    return false
  }

  #windowOf(time: number): number {
    const length = this.#ground.mapping.tumbling * 1000
    return length === 0 ? 0 : Math.floor(time / length) * length
  }

  #settle(): void {
    const { mapping, shard, drained } = this.#ground
    if (this.#ground.window() === undefined && mapping.source.closed(shard)) drained()
  }

  // What no filter wants is passed over; where that is noted, no start reads it again.
  async #pass(): Promise<void> {
    const { passed } = this.#gathering
    const { position, window, save } = this.#ground
    if (passed === undefined || passed === position() || ++this.#passes < UNNOTED) return
    this.#passes = 0
    await save(passed, window())
  }

  async #giveUpOld(piece: Piece, now: number): Promise<boolean> {
    const { maximumAge, source } = this.#ground.mapping
    const oldest = now - Math.min(maximumAge ?? Number.POSITIVE_INFINITY, source.retention() / 1000) * 1000
    const young = piece.records.findIndex(({ time }) => time >= oldest)
    const old = young < 0 ? piece.records : piece.records.slice(0, young)
    if (old.length === 0) return false
    const rest = piece.records.slice(old.length)
    this.#replace(rest.length === 0 ? [] : [{ ...piece, records: rest }])
    // Recorded: one, however often it was tried.
    await this.#giveUp(old, { condition: 'RecordAgeExceeded', invokeCount: 1 })
    return true
  }

  async #try(piece: Piece): Promise<void> {
    const { hub, mapping, shard } = this.#ground
    const payload = JSON.stringify(this.#toEvent(piece))
    const parent = hub.hop(mapping.function, `${piece.records.length} from ${mapping.name} ${shard}`)
    const outcome = await hub.invoke(mapping.function, payload, { parent })
    this.#lastRequest = outcome.requestId
    // No room for it is no failure of its own. Source: "Lambda reads records… and retries until they expire".
    if (outcome.fault === 'throttled' || outcome.fault === 'unknown function') return this.#wait()
    if (outcome.failed) return this.#fail(piece, 'Unhandled', outcome)
    const answer: unknown = JSON.parse(outcome.payload)
    const sequences = piece.records.map(({ sequence }) => sequence)
    const first = readFirstFailure(answer, sequences)
    if (first === 0 && sequences.length > 0) return this.#fail(piece, null, outcome)
    this.#waits = 0
    await this.#succeed(piece, first, answer)
  }

  async #succeed(piece: Piece, count: number, answer: unknown): Promise<void> {
    const { position, save } = this.#ground
    const rest = piece.records.slice(count)
    // Recorded: what is left of a batch has all its tries before it.
    this.#replace(rest.length === 0 ? [] : [{ records: rest, failures: 0 }])
    const window = this.#windowAfter(piece, answer)
    if (window !== undefined && rest.length === 0 && JSON.stringify(window.state).length > LARGEST_STATE)
      this.#pieces.unshift({ records: [], failures: 0, closes: 'early' })
    await save(piece.records[count - 1]?.sequence ?? position(), window)
    if (rest.length > 0) this.#wait()
  }

  #windowAfter({ records, closes }: Piece, answer: unknown): OpenWindow | undefined {
    const [first] = records
    if (this.#ground.mapping.tumbling === 0 || closes !== undefined || first === undefined) return undefined
    const state: unknown = typeof answer === 'object' && answer !== null && 'state' in answer ? answer.state : {}
    return { start: this.#windowOf(first.time), state: state ?? {} }
  }

  async #fail(piece: Piece, functionError: string | null, outcome: Outcome): Promise<void> {
    const { mapping, hub } = this.#ground
    const { records } = piece
    const say = (next: string): void =>
      hub.note(
        mapping.function,
        outcome.requestId,
        `${toCount(records.length, 'record')} of ${mapping.name} failed: ${next}.`,
      )
    if (mapping.bisect && records.length > 1) {
      // Source: "Splitting a batch does not count towards the retry quota".
      const middle = Math.ceil(records.length / 2)
      const halves = [records.slice(0, middle), records.slice(middle)]
      this.#replace(halves.map((half) => ({ records: half, failures: piece.failures })))
      return say('tried again in two halves')
    }
    piece.failures++
    if (mapping.retries === undefined || piece.failures <= mapping.retries) {
      this.#wait()
      return say(`tried again in ${Math.round((this.#waitsUntil - hub.clock.now()) / 1000)} s`)
    }
    this.#replace([])
    this.#waits = 0
    const to = mapping.onFailure === undefined ? 'nobody is told of it' : `${mapping.onFailure} is told of it`
    say(`given up after ${toCount(piece.failures, 'try', 'tries')}, ${to}`)
    const invokeCount = piece.failures
    await this.#giveUp(records, { condition: 'RetryAttemptsExhausted', invokeCount, functionError })
  }

  async #giveUp(
    records: readonly Gathered[],
    why: Pick<GivenUp, 'condition' | 'invokeCount' | 'functionError'>,
  ): Promise<void> {
    const { mapping, hub, shard, save, position, window } = this.#ground
    const [first, last] = [records[0], records.at(-1)]
    if (first === undefined || last === undefined) return save(position(), undefined)
    const { source, functionArn, batch } = mapping
    const given: GivenUp = {
      ...why,
      requestId: this.#lastRequest,
      functionArn,
      time: hub.clock.now(),
      shard,
      arn: source.arn,
      first,
      last,
      size: records.length,
    }
    await save(last.sequence, window(), this.#owe(toGivenUpRecord(given, batch), records))
  }

  #owe(record: object, records: readonly Gathered[]): Owed | undefined {
    const { mapping, hub, shard } = this.#ground
    const { onFailure: to, functionArn: from, function: name, uuid } = mapping
    if (to === undefined) return undefined
    if (to.split(':')[2] !== 's3') return { to, from, function: name, body: JSON.stringify(record) }
    // Source: "Retain discarded records": what was given up itself is only in buckets.
    const payload = JSON.stringify(this.#toEvent({ records, failures: 0 }))
    const key = toRecordKey([uuid, shard], { time: hub.clock.now(), id: randomUUID() })
    return { to, from, function: name, key, body: JSON.stringify({ ...record, payload }) }
  }

  #toEvent({ records, closes }: Piece): object {
    const Records = records.map(({ event }) => event)
    const { mapping, shard } = this.#ground
    if (mapping.tumbling === 0) return { Records }
    const open = this.#ground.window()
    const start = records[0] === undefined ? (open?.start ?? 0) : this.#windowOf(records[0].time)
    const fields: WindowFields = {
      window: { start: toTime(start), end: toTime(start + mapping.tumbling * 1000) },
      state: open?.start === start ? open.state : {},
      shardId: shard,
      eventSourceARN: mapping.source.arn,
      isFinalInvokeForWindow: closes !== undefined,
      isWindowTerminatedEarly: closes === 'early',
    }
    return { Records, ...fields }
  }

  /** Puts these in the place of the piece that was tried. */
  #replace(pieces: readonly Piece[]): void {
    this.#pieces = [...pieces, ...this.#pieces.slice(1)]
  }

  #wait(): void {
    const { clock } = this.#ground.hub
    this.#waitsUntil = clock.now() + Math.min(FIRST_WAIT * 2 ** this.#waits, LONGEST_WAIT)
    this.#waits = Math.min(this.#waits + 1, 10)
    this.#arm(this.#waitsUntil)
  }

  #arm(time: number): void {
    if (this.#isStopped || (this.#alarm !== undefined && this.#alarm.time <= time)) return
    this.#alarm?.alarm.cancel()
    const ring = (): void => {
      this.#alarm = undefined
      this.wake()
    }
    this.#alarm = { time, alarm: this.#ground.hub.clock.at(time, ring) }
  }
}

const toCount = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

// As the samples have it: without a fraction.
const toTime = (time: number): string => `${new Date(time).toISOString().slice(0, -5)}Z`
