// Opens a local SQS of its own for a test, on a virtual clock, and calls it as a client on the JSON protocol would.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { type Clock, startClock } from '../../src/local/clock.ts'
import { openSqs, type Sqs } from '../../src/local/services/sqs/index.ts'
import { openStore } from '../../src/local/store.ts'

export interface Message {
  readonly MessageId: string
  readonly ReceiptHandle: string
  readonly Body: string
  readonly Attributes?: Readonly<Record<string, string>>
}

/** A message move task. */
export interface Task {
  readonly TaskHandle?: string
  readonly Status: string
  readonly ApproximateNumberOfMessagesMoved: number
  readonly FailureReason?: string
}

export interface Answer {
  readonly Messages?: readonly Message[]
  readonly Results?: readonly Task[]
  readonly MessageId?: string
  readonly SequenceNumber?: string
  readonly Attributes?: Readonly<Record<string, string>>
  /** Of a refusal. */
  readonly __type?: string
  readonly message?: string
}

export interface Opened {
  readonly sqs: Sqs
  readonly clock: Clock
  readonly directory: string
  call(operation: string, input: object): Promise<Answer>
  receive(queue: string, more?: object): Promise<readonly Message[]>
  /** Closes and opens it again, on a clock that starts `later` milliseconds after. */
  reopen(later?: number): Promise<Opened>
  close(): Promise<void>
}

export const urlOf = (queue: string): string => `http://any.host/000000000000/${queue}`

export async function open(directory?: string, start = Date.UTC(2026, 0, 1)): Promise<Opened> {
  const place = directory ?? (await mkdtemp(join(tmpdir(), 'sqs-')))
  const store = openStore(place)
  const clock = startClock('virtual', start)
  const sqs = openSqs({ store, clock, directory: place })
  const call = async (operation: string, input: object): Promise<Answer> => {
    const headers = Object.assign(Object.create(null), { 'x-amz-target': `AmazonSQS.${operation}` })
    const body = Readable.from([Buffer.from(JSON.stringify(input))])
    const request = { id: 'test', method: 'POST', path: '/', query: '', headers, body, endpoint: 'http://any.host' }
    const { body: text } = await sqs.handle(request)
    return JSON.parse(String(text) || '{}')
  }
  const receive = async (queue: string, more: object = {}) =>
    (
      await call('ReceiveMessage', {
        QueueUrl: urlOf(queue),
        MaxNumberOfMessages: 10,
        AttributeNames: ['All'],
        ...more,
      })
    ).Messages ?? []
  const stop = async () => {
    clock.stop()
    await store.close()
  }
  return {
    sqs,
    clock,
    directory: place,
    call,
    receive,
    reopen: async (later = 0) => {
      const now = clock.now()
      await stop()
      return open(place, now + later)
    },
    close: async () => {
      await stop()
      await rm(place, { recursive: true })
    },
  }
}
