// The local SNS: topics for clients over the wire, and for the app's own triggers in the same process.
import type { Delivery, Ground, Mail, Service } from '../../service.ts'
import { answer } from './answer.ts'
import { serveDeliveries } from './delivery.ts'
import { isLoopback } from './http.ts'
import { checkDraft } from './message.ts'
import { type Published, publishAll } from './publish.ts'
import { arnOf, type Room, type Topic, topicKey } from './state.ts'
import { ensure, type WantedSubscription } from './subscribe.ts'
import { keep } from './subscriptions.ts'
import { ensureTopic } from './topics.ts'

export type { Published } from './publish.ts'
export type { WantedSubscription } from './subscribe.ts'

export interface SnsOptions {
  /** The AWS port, for the links in messages that no client asked for over the wire. */
  readonly endpoint?: string
  /** Whether HTTP subscribers at this address may be called. Default: those of this machine. */
  readonly reach?: (url: string) => boolean
}

export interface Sns extends Service {
  /** Creates the topic, or gives an existing one these attributes. Resolves with its ARN. */
  ensureTopic(name: string, attributes: Readonly<Record<string, string>>): Promise<string>
  /** Makes the app's own subscription, or gives the one of this topic, protocol and endpoint these attributes. Resolves with its ARN. */
  ensureSubscription(wanted: WantedSubscription): Promise<string>
  /** Removes what `ensureSubscription` ever made and is not among these ARNs. */
  keepSubscriptions(arns: ReadonlySet<string>): Promise<void>
  /** Whether there is a topic of this ARN. */
  find(arn: string): boolean
  /** Publishes what another service sends; `to` is the topic's ARN. */
  publish(delivery: Delivery): Promise<Published>
}

const ENDPOINT = 'http://127.0.0.1:4566'

/** Opens SNS on what the store holds, and goes on with what is still to be delivered. */
export function openSns({ store, clock }: Ground, mail: Mail, options: SnsOptions = {}): Sns {
  const { endpoint = ENDPOINT, reach = isLoopback } = options
  const room: Room = { store, clock, mail, endpoint, reach }
  serveDeliveries(room)
  return {
    handle: (request) => answer(room, request),
    ensureTopic: (name, attributes) => ensureTopic(room, name, attributes),
    ensureSubscription: (wanted) => ensure(room, wanted),
    keepSubscriptions: (arns) => keep(room, arns),
    find: (arn) => find(room, arn),
    publish: (delivery) => publish(room, delivery),
  }
}

function find({ store }: Room, arn: string): boolean {
  const name = arn.split(':')[5] ?? ''
  return name.length <= 256 && arn === arnOf(name) && store.get<Topic>(topicKey(name)) !== undefined
}

async function publish(room: Room, delivery: Delivery): Promise<Published> {
  const { to, body, subject, attributes = {}, group, deduplication } = delivery
  const draft = { message: body, subject, attributes, group, deduplication }
  checkDraft(draft)
  const [published] = await publishAll(room, to, [draft], room.endpoint)
  return published ?? { id: '' }
}
