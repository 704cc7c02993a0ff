// A local SNS with its client in front, and an HTTP server that it tells.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SNSClient } from '@aws-sdk/client-sns'
import { openSns, type Sns } from '../../src/local/services/sns/index.ts'
import { openRig, type Rig } from './rig.ts'

export type SnsRig = Rig<Sns, SNSClient>

export const openSnsRig = (): Promise<SnsRig> => openRig(openSns, (options) => new SNSClient(options))

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
