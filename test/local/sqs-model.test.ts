// SQS against a small model of it: random sends, receives, deletions, visibility changes, restarts and steps of the clock.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Random, seeded } from '../support/random.ts'
import { type Message, type Opened, open, urlOf } from '../support/sqs.ts'

const STEPS = 400
const SEEDS = [1, 2, 3, 4, 5]
const VISIBILITY = 30_000
const WINDOW = 300_000

/** A message as the model knows it. */
interface Known {
  readonly id: string
  readonly body: string
  readonly group: string
  /** When it is visible; and how often it was received. */
  at: number
  count: number
  /** The handle of its last receive. */
  handle: string | undefined
}

/** The queue in the plainest words: a list in the order of sending. */
class Model {
  readonly messages: Known[] = []
  readonly gone = new Set<string>()
  /** FIFO: what was sent within the deduplication window. */
  readonly sent = new Map<string, { id: string; ends: number }>()
  readonly fifo: boolean

  constructor(fifo: boolean) {
    this.fifo = fifo
  }

  /** What a receive may hand out now. */
  visible(now: number): Known[] {
    const ready = this.messages.filter(({ at }) => at <= now)
    if (!this.fifo) return ready
    const blocked = new Set(this.messages.filter(({ at, count }) => at > now && count > 0).map(({ group }) => group))
    return ready.filter(({ group }) => !blocked.has(group))
  }

  remove(known: Known): void {
    this.messages.splice(this.messages.indexOf(known), 1)
    this.gone.add(known.id)
  }
}

class Run {
  readonly #random: Random
  readonly #model: Model
  readonly #queue: string
  #cloud: Opened
  #bodies = 0

  constructor(random: Random, fifo: boolean, cloud: Opened) {
    this.#random = random
    this.#model = new Model(fifo)
    this.#queue = fifo ? 'q.fifo' : 'q'
    this.#cloud = cloud
  }

  async step(): Promise<void> {
    const dice = this.#random.whole(100)
    if (dice < 30) await this.#send()
    else if (dice < 58) await this.#receive()
    else if (dice < 74) await this.#delete()
    else if (dice < 84) await this.#change()
    else if (dice < 98) await this.#cloud.clock.advance(this.#random.whole(dice < 96 ? 12_000 : 200_000))
    else this.#cloud = await this.#cloud.reopen()
    this.#agree()
  }

  async close(): Promise<void> {
    await this.#cloud.close()
  }

  /** Receives and deletes all that is left: each exactly once, FIFO groups in order. */
  async drain(): Promise<void> {
    const { messages } = this.#model
    for (let rounds = 0; messages.length > 0; rounds++) {
      assert.ok(rounds < 500, `${messages.length} never came`)
      for (const message of await this.#take(10, VISIBILITY)) await this.#remove(message)
      this.#agree()
      await this.#cloud.clock.advance(10_000)
    }
    assert.deepEqual(await this.#cloud.receive(this.#queue), [])
  }

  async #call(operation: string, input: object): Promise<{ MessageId?: string; message?: string }> {
    return this.#cloud.call(operation, { QueueUrl: urlOf(this.#queue), ...input })
  }

  async #send(): Promise<void> {
    const { fifo, sent, messages } = this.#model
    const now = this.#cloud.clock.now()
    const body = `m${++this.#bodies}`
    const group = `g${this.#random.whole(4)}`
    const deduplication = this.#random.whole(4) === 0 ? `d${this.#random.whole(5)}` : body
    const delay = !fifo && this.#random.whole(4) === 0 ? this.#random.whole(60) : 0
    const more = fifo ? { MessageGroupId: group, MessageDeduplicationId: deduplication } : { DelaySeconds: delay }
    const { MessageId: id = '' } = await this.#call('SendMessage', { MessageBody: body, ...more })
    const earlier = sent.get(deduplication)
    if (fifo && earlier !== undefined && earlier.ends > now) {
      assert.equal(id, earlier.id, `${deduplication} is a duplicate`)
      return
    }
    if (fifo) sent.set(deduplication, { id, ends: now + WINDOW })
    messages.push({ id, body, group, at: now + delay * 1000, count: 0, handle: undefined })
  }

  async #receive(): Promise<void> {
    await this.#take(
      1 + this.#random.whole(10),
      this.#random.whole(5) === 0 ? this.#random.whole(5) * 1000 : VISIBILITY,
    )
  }

  async #take(most: number, hide: number): Promise<readonly Message[]> {
    const now = this.#cloud.clock.now()
    const allowed = this.#model.visible(now)
    const VisibilityTimeout = hide / 1000
    const messages = await this.#cloud.receive(this.#queue, { MaxNumberOfMessages: most, VisibilityTimeout })
    assert.equal(messages.length, Math.min(most, allowed.length), 'as many as there are')
    const taken = new Set<Known>()
    for (const message of messages) {
      assert.ok(!this.#model.gone.has(message.MessageId), `${message.Body} was deleted`)
      const known = allowed.find(({ id }) => id === message.MessageId)
      assert.ok(known, `${message.Body} is not visible`)
      assert.ok(!taken.has(known), `${message.Body} came twice`)
      // Nothing of its group that was sent before it is left behind.
      if (this.#model.fifo)
        assert.equal(
          allowed.find((one) => one.group === known.group && !taken.has(one)),
          known,
        )
      taken.add(known)
      assert.equal(message.Attributes?.ApproximateReceiveCount, String(known.count + 1))
      known.count += 1
      known.at = now + hide
      known.handle = message.ReceiptHandle
    }
    return messages
  }

  async #remove({ MessageId, ReceiptHandle }: Message): Promise<void> {
    const known = this.#model.messages.find(({ id }) => id === MessageId)
    const { message } = await this.#call('DeleteMessage', { ReceiptHandle })
    assert.equal(message, undefined)
    if (known !== undefined) this.#model.remove(known)
  }

  #received(): Known | undefined {
    const received = this.#model.messages.filter(({ handle }) => handle !== undefined)
    return received[this.#random.whole(Math.max(1, received.length))]
  }

  async #delete(): Promise<void> {
    const known = this.#received()
    if (known === undefined) return
    const { message } = await this.#call('DeleteMessage', { ReceiptHandle: known.handle })
    // A FIFO queue refuses a handle whose visibility is over, a standard queue takes it (recorded).
    if (this.#model.fifo && known.at <= this.#cloud.clock.now()) assert.match(String(message), /has expired/)
    else {
      assert.equal(message, undefined)
      this.#model.remove(known)
    }
  }

  async #change(): Promise<void> {
    const known = this.#received()
    if (known === undefined) return
    const seconds = this.#random.whole(3) === 0 ? 0 : this.#random.whole(90)
    const now = this.#cloud.clock.now()
    await this.#call('ChangeMessageVisibility', { ReceiptHandle: known.handle, VisibilityTimeout: seconds })
    if (known.at > now) known.at = now + seconds * 1000
  }

  #agree(): void {
    const now = this.#cloud.clock.now()
    const { messages } = this.#model
    const visible = messages.filter(({ at }) => at <= now).length
    const delayed = messages.filter(({ at, count }) => at > now && count === 0).length
    const hidden = messages.length - visible - delayed
    assert.deepEqual(this.#cloud.sqs.counts(this.#queue), { visible, hidden, delayed })
  }
}

for (const fifo of [false, true])
  for (const seed of SEEDS)
    test(`a ${fifo ? 'FIFO' : 'standard'} queue does what its model does, seed ${seed}`, async () => {
      const cloud = await open()
      await cloud.sqs.ensureQueue(fifo ? 'q.fifo' : 'q', fifo ? { FifoQueue: 'true' } : {})
      const run = new Run(seeded(seed), fifo, cloud)
      for (let step = 0; step < STEPS; step++) await run.step()
      await run.drain()
      await run.close()
    })
