// A local service that sends to others, behind a socket, on a virtual clock, with an SDK client in front and a mail that writes down what it is given.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, startClock } from '../../src/local/clock.ts'
import { type Ground, LOCAL_CREDENTIALS, type Mail, type Service } from '../../src/local/service.ts'
import { openStore, type Store } from '../../src/local/store.ts'
import { openMail, type TestMail } from './mail.ts'
import { type Served, serve } from './serve.ts'

export interface Rig<Opened, Client> extends AsyncDisposable {
  readonly service: Opened
  readonly client: Client
  readonly endpoint: string
  readonly clock: Clock
  readonly mail: TestMail
  /** Waits for what is due now to be delivered. */
  settle(): Promise<void>
  /** Closes it and opens it again on the same folder, `later` milliseconds after. */
  reopen(later?: number): Promise<void>
}

interface Closable {
  destroy(): void
}

interface Open<Opened, Client> {
  readonly store: Store
  readonly clock: Clock
  readonly mail: TestMail
  readonly service: Opened
  readonly served: Served
  readonly client: Client
}

export const START = Date.UTC(2026, 0, 1)

/** `begin` opens the service, `toClient` makes its client of an endpoint and the credentials. */
export async function openRig<Opened extends Service, Client extends Closable>(
  begin: (ground: Ground, mail: Mail) => Opened,
  toClient: (options: object) => Client,
): Promise<Rig<Opened, Client>> {
  const directory = await mkdtemp(join(tmpdir(), 'rig-'))
  const open = async (start: number): Promise<Open<Opened, Client>> => {
    const store = openStore(directory)
    const clock = startClock('virtual', start)
    const mail = openMail({ store, clock })
    const service = begin({ store, clock, directory }, mail.mail)
    const served = await serve(service)
    const { endpoint } = served
    const client = toClient({ endpoint, region: 'us-east-1', credentials: LOCAL_CREDENTIALS, maxAttempts: 1 })
    return { store, clock, mail, service, served, client }
  }
  let now = await open(START)
  const stop = async (): Promise<void> => {
    now.client.destroy()
    now.mail.mail.outbox.close()
    now.clock.stop()
    await now.served.close()
    await now.store.close()
  }
  return {
    get service() {
      return now.service
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
    reopen: async (later = 0) => {
      const time = now.clock.now()
      await stop()
      now = await open(time + later)
    },
    [Symbol.asyncDispose]: async () => {
      await stop()
      await rm(directory, { recursive: true })
    },
  }
}
