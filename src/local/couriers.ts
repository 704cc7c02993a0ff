// Who takes what a service sends to an ARN: one courier for each kind of resource.
import { randomUUID } from 'node:crypto'
import { ServiceError } from '../aws/protocol/service-error.ts'
import type { Delivery, MessageAttribute, Receipt } from './service.ts'

/** The doors of those who take. */
export interface Doors {
  readonly queues: {
    find(name: string): boolean
    send(
      name: string,
      body: string,
      options: { groupId?: string; deduplicationId?: string; attributes?: Readonly<Record<string, MessageAttribute>> },
    ): Promise<unknown>
  }
  readonly topics: {
    find(arn: string): boolean
    publish(delivery: Delivery): Promise<unknown>
  }
  readonly streams: {
    find(name: string): boolean
    put(name: string, data: string, key: string): Promise<unknown>
  }
  readonly buckets: {
    find(name: string): boolean
    put(name: string, key: string, text: string): Promise<void>
  }
  readonly buses: {
    find(arn: string): boolean
    put(delivery: Delivery): Promise<void>
  }
  readonly logs: {
    find(group: string): boolean
    put(group: string, stream: string, message: string): Promise<void>
  }
  readonly functions: {
    find(arn: string): boolean
    start(arn: string, event: string, from: string): Promise<void>
  }
}

type Courier = (delivery: Delivery, doors: Doors) => Promise<Receipt>

const COURIERS: Readonly<Record<string, Courier>> = {
  sqs: async ({ to, body, group, deduplication, attributes }, { queues }) => {
    const name = to.split(':')[5] ?? ''
    if (!queues.find(name)) return { gone: `There is no queue ${name}.` }
    await queues.send(name, body, {
      ...(group === undefined ? {} : { groupId: group }),
      ...(deduplication === undefined ? {} : { deduplicationId: deduplication }),
      ...(attributes === undefined ? {} : { attributes }),
    })
    return 'taken'
  },
  sns: async (delivery, { topics }) => {
    if (!topics.find(delivery.to)) return { gone: `There is no topic ${delivery.to}.` }
    await topics.publish(delivery)
    return 'taken'
  },
  s3: async ({ to, body, key }, { buckets }) => {
    const name = to.split(':')[5] ?? ''
    if (!buckets.find(name)) return { gone: `There is no bucket ${name}.` }
    await buckets.put(name, key ?? randomUUID(), body)
    return 'taken'
  },
  events: async (delivery, { buses }) => {
    if (!buses.find(delivery.to)) return { gone: `There is no event bus ${delivery.to}.` }
    await buses.put(delivery)
    return 'taken'
  },
  logs: async ({ to, body }, { logs }) => {
    const group = to.split(':')[6] ?? ''
    if (!logs.find(group)) return { gone: `There is no log group ${group}.` }
    await logs.put(group, randomUUID(), body)
    return 'taken'
  },
  kinesis: async ({ to, body, group }, { streams }) => {
    const name = to.split(':')[5]?.split('/')[1] ?? ''
    if (!streams.find(name)) return { gone: `There is no stream ${name}.` }
    await streams.put(name, body, group ?? randomUUID())
    return 'taken'
  },
  lambda: async ({ to, body, from }, { functions }) => {
    if (!functions.find(to)) return { gone: `There is no function ${to}.` }
    await functions.start(to, body, from)
    return 'taken'
  },
}

/** Hands a delivery to whom it is for. What that one refuses in AWS's words is the receipt; anything else is thrown. */
export async function deliver(delivery: Delivery, doors: Doors): Promise<Receipt> {
  const courier = COURIERS[delivery.to.split(':')[2] ?? '']
  if (courier === undefined) return { gone: `The local cloud has nothing that takes ${delivery.to}.` }
  try {
    return await courier(delivery, doors)
  } catch (error) {
    if (error instanceof ServiceError) return { refused: error.message }
    throw error
  }
}
