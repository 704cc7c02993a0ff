// What one service owes another: written in the commit of its cause, delivered at least once, in order within a lane, on the clock.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Alarm, Clock } from './clock.ts'
import { type Key, type Store, under, type Writer } from './store.ts'
import { tellFault } from './tell.ts'

/** Something to be delivered. */
export interface Parcel<Body> {
  /** Stays the same from try to try. */
  readonly id: string
  readonly body: Body
  /** 1 for the first try. */
  readonly attempt: number
  /** Milliseconds since 1970, when it was posted. */
  readonly posted: number
}

/** What became of a try: it is done with (delivered, or given up), or is to be tried again in so many milliseconds, perhaps with another body. */
export type Verdict = 'done' | { readonly again: number; readonly body?: unknown }

export interface PostOptions {
  /** Milliseconds since 1970 before which it is not delivered. Default: at once. */
  readonly due?: number
  /** Parcels of one lane are delivered one after the other, in the order they were posted; one that is tried again holds up the rest. */
  readonly lane?: string
}

export interface Outbox {
  /** Adds a parcel to a commit; it leaves once that is committed. `body` must survive JSON. */
  post(writer: Writer, sender: string, body: unknown, options?: PostOptions): void
  /**
   * Says who delivers a sender's parcels, those of an earlier run included. A delivery that throws is a defect: it is
   * told on the console and tried again after a second.
   */
  serve<Body>(sender: string, deliver: (parcel: Parcel<Body>) => Promise<Verdict>): void
  /** How many parcels are due now or on their way. */
  pending(): number
  /** Stops delivering. What is on its way is not waited for: it stays in the outbox until it is known to be delivered. */
  close(): void
}

interface Row {
  readonly id: string
  readonly body: unknown
  readonly attempt: number
  readonly posted: number
  readonly due: number
  readonly lane: string | undefined
}

// Deliveries of one sender under way at once.
const ABREAST = 100
const AFTER_DEFECT = 1000
// By the machine's time: no clock of ours makes room on a disk.
const AFTER_FAULT = 1000

/** Opens the outbox on what the store holds. Nothing leaves before its sender is served. */
export function openOutbox({ store, clock }: { store: Store; clock: Clock }): Outbox {
  const senders = new Map<string, Sender>()
  const toSender = (name: string): Sender => {
    const known = senders.get(name)
    if (known !== undefined) return known
    const made = new Sender(name, store, clock)
    senders.set(name, made)
    return made
  }
  return {
    post: (writer, name, body, options = {}) => toSender(name).post(writer, body, options),
    serve: (name, deliver) => toSender(name).serve(deliver as Deliver),
    pending: () => [...senders.values()].reduce((sum, sender) => sum + sender.pending(), 0),
    close: () => {
      for (const sender of senders.values()) sender.close()
    },
  }
}

type Deliver = (parcel: Parcel<unknown>) => Promise<Verdict>

/** One sender's parcels. Those that may leave are filed by when; of a lane only its first is among them. */
class Sender {
  readonly #name: string
  readonly #store: Store
  readonly #clock: Clock
  readonly #underWay = new Set<string>()
  #deliver: Deliver | undefined
  #alarm: { readonly at: number; readonly alarm: Alarm } | undefined
  /** Where the next look begins: what lies before it is under way. */
  #from: Key
  #last = 0
  #closed = false

  constructor(name: string, store: Store, clock: Clock) {
    this.#name = name
    this.#store = store
    this.#clock = clock
    this.#from = this.#key('due')
  }

  post(writer: Writer, body: unknown, { due = 0, lane }: PostOptions): void {
    const posted = this.#clock.now()
    const row: Row = { id: this.#number(), body, attempt: 1, posted, due: Math.max(due, posted), lane }
    const isHeldUp = lane !== undefined && writer.get(this.#headKey(lane)) !== undefined
    if (isHeldUp) {
      writer.put(this.#key('lane', lane, row.id), row)
      return
    }
    if (lane !== undefined) writer.put(this.#headKey(lane), row.id)
    writer.put(this.#dueKey(row), row)
    writer.after(() => this.#arm(row.due))
  }

  serve(deliver: Deliver): void {
    this.#deliver = deliver
    this.#pump()
  }

  pending(): number {
    if (this.#deliver === undefined) return 0
    return this.#store.count({ start: this.#key('due'), end: this.#key('due', this.#clock.now() + 1) })
  }

  close(): void {
    this.#closed = true
    this.#alarm?.alarm.cancel()
  }

  #pump(): void {
    const deliver = this.#deliver
    if (deliver === undefined || this.#closed) return
    if (this.#underWay.size === 0) this.#from = this.#key('due')
    const now = this.#clock.now()
    for (const { key, value } of this.#store.range<Row>({ ...under(...this.#key('due')), start: this.#from })) {
      if (this.#underWay.size >= ABREAST) break
      if (value.due > now) {
        this.#arm(value.due)
        break
      }
      this.#from = key
      if (!this.#underWay.has(value.id)) this.#send(key, value, deliver)
    }
  }

  #send(key: Key, row: Row, deliver: Deliver): void {
    this.#underWay.add(row.id)
    const sent = this.#try(key, row, deliver)
      .catch((error: unknown) => {
        if (!this.#closed) console.error(error)
      })
      .then(() => {
        this.#underWay.delete(row.id)
        this.#pump()
      })
    this.#clock.hold(sent)
  }

  async #try(key: Key, row: Row, deliver: Deliver): Promise<void> {
    const { id, body, attempt, posted } = row
    const verdict = await deliver({ id, body, attempt, posted }).catch((error: unknown): Verdict => {
      console.error(error)
      return { again: AFTER_DEFECT }
    })
    await this.#conclude((writer) => {
      writer.remove(key)
      if (verdict === 'done') return this.#moveUp(writer, row.lane)
      const due = this.#clock.now() + verdict.again
      const later: Row = { ...row, body: verdict.body ?? body, attempt: attempt + 1, due }
      writer.put(this.#dueKey(later), later)
    })
  }

  // A full disk must not make what was delivered be delivered over and over: only the note of it is tried again.
  async #conclude(work: (writer: Writer) => void): Promise<void> {
    while (!this.#closed) {
      try {
        return await this.#store.commit(work)
      } catch (error) {
        tellFault(error)
        await sleep(AFTER_FAULT, undefined, { ref: false })
      }
    }
  }

  // The lane's next takes the place of its first.
  #moveUp(writer: Writer, lane: string | undefined): void {
    if (lane === undefined) return
    const [first] = writer.range<Row>({ ...under(...this.#key('lane', lane)), limit: 1 })
    if (first === undefined) {
      writer.remove(this.#headKey(lane))
      return
    }
    const next: Row = { ...first.value, due: Math.max(first.value.due, this.#clock.now()) }
    writer.remove(first.key)
    writer.put(this.#headKey(lane), next.id)
    writer.put(this.#dueKey(next), next)
  }

  #arm(time: number): void {
    if (this.#deliver === undefined || this.#closed) return
    // At once, not by an alarm: a virtual clock stands still.
    if (time <= this.#clock.now()) {
      this.#pump()
      return
    }
    if (this.#alarm !== undefined && this.#alarm.at <= time) return
    this.#alarm?.alarm.cancel()
    const ring = (): void => {
      this.#alarm = undefined
      this.#pump()
    }
    this.#alarm = { at: time, alarm: this.#clock.at(time, ring) }
  }

  // By the machine's time, in fixed width: what an earlier run posted comes before what this one posts.
  #number(): string {
    this.#last = Math.max(this.#last + 1, Date.now() * 1000)
    return String(this.#last).padStart(17, '0')
  }

  readonly #key = (...parts: Key): Key => ['outbox', this.#name, ...parts]
  readonly #headKey = (lane: string): Key => this.#key('head', lane)
  readonly #dueKey = ({ due, id }: Row): Key => this.#key('due', due, id)
}
