// A local SNS behind a socket, on a virtual clock, with an SDK client in front and a mail that writes down what it is given.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { SNSClient } from '@aws-sdk/client-sns'
import { type Clock, startClock } from '../../src/local/clock.ts'
import { LOCAL_CREDENTIALS } from '../../src/local/service.ts'
import { openSns, type Sns } from '../../src/local/services/sns/index.ts'
import { openStore, type Store } from '../../src/local/store.ts'
import { openMail, type TestMail } from './mail.ts'
import { type Served, serve } from './serve.ts'

export interface SnsRig {
  readonly sns: Sns
  readonly client: SNSClient
  readonly endpoint: string
  readonly clock: Clock
  readonly mail: TestMail
  /** Waits for what is due now to be delivered. */
  settle(): Promise<void>
  /** Closes it and opens it again on the same folder, at the same time. */
  reopen(): Promise<void>
  close(): Promise<void>
}

interface Open {
  readonly store: Store
  readonly clock: Clock
  readonly mail: TestMail
  readonly sns: Sns
  readonly served: Served
  readonly client: SNSClient
}

async function open(directory: string, start: number): Promise<Open> {
  const store = openStore(directory)
  const clock = startClock('virtual', start)
  const mail = openMail({ store, clock })
  const sns = openSns({ store, clock, directory }, mail.mail)
  const served = await serve(sns)
  const client = new SNSClient({
    endpoint: served.endpoint,
    region: 'us-east-1',
    credentials: LOCAL_CREDENTIALS,
    maxAttempts: 1,
  })
  return { store, clock, mail, sns, served, client }
}

export async function openSnsRig(): Promise<SnsRig> {
  const directory = await mkdtemp(join(tmpdir(), 'sns-'))
  let now = await open(directory, Date.UTC(2026, 0, 1))
  const stop = async (): Promise<void> => {
    now.client.destroy()
    now.mail.mail.outbox.close()
    now.clock.stop()
    await now.served.close()
    await now.store.close()
  }
  return {
    get sns() {
      return now.sns
    },
    get client() {
      return now.client
    },
    get endpoint() {
      return now.served.endpoint
    },
    get clock() {
      return now.clock
    },
    get mail() {
      return now.mail
    },
    settle: () => now.clock.advance(0),
    reopen: async () => {
      const time = now.clock.now()
      await stop()
      now = await open(directory, time)
    },
    close: async () => {
      await stop()
      await rm(directory, { recursive: true })
    },
  }
}

export interface Heard {
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: string
}

export interface Subscriber {
  readonly url: string
  readonly heard: Heard[]
  /** The status it answers with from now on. */
  status: number
  close(): Promise<void>
}

/** An HTTP server that writes down what it is sent. */
export async function openSubscriber(): Promise<Subscriber> {
  const heard: Heard[] = []
  const server = createServer(async (incoming, outgoing) => {
    heard.push({ headers: incoming.headers, body: await text(incoming) })
    outgoing.writeHead(subscriber.status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const subscriber: Subscriber = {
    url: `http://127.0.0.1:${port}/hook`,
    heard,
    status: 200,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return subscriber
}
