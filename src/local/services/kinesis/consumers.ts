// Registered consumers. They are kept and described; records are read by iterators, as nothing is pushed here.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { ACCOUNT } from '../../service.ts'
import type { Reader } from '../../store.ts'
import { check, named, numberOf, pairsOf, type Rule, type Rules, required, streamArn, textOf } from './constraints.ts'
import { pageOf, readToken, toToken } from './pages.ts'
import { inUse, invalidArgument, noConsumer, overLimit } from './problems.ts'
import { arnOf, type Call, change, consumerKey, consumersOf, namedStream, nameInArn, type Room } from './state.ts'

export interface Consumer {
  readonly name: string
  readonly stream: string
  /** Milliseconds since 1970. */
  readonly created: number
  readonly tags: Readonly<Record<string, string>>
}

const consumerArn: Rule = {
  is: 'text',
  pattern: '^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+',
  least: 1,
  most: 2048,
}
const REGISTER = { StreamARN: required(streamArn), ConsumerName: required(named), Tags: { is: 'map' } } satisfies Rules
const ONE = { StreamARN: streamArn, ConsumerName: named, ConsumerARN: consumerArn } satisfies Rules
const LIST = {
  StreamARN: required(streamArn),
  NextToken: { is: 'text', least: 1, most: 1_048_576 },
  MaxResults: { is: 'number', least: 1, most: 10_000 },
} satisfies Rules
const MOST = 20

const toArn = ({ stream, name, created }: Consumer): string =>
  `${arnOf(stream)}/consumer/${name}:${Math.floor(created / 1000)}`
export const isConsumerArn = (arn: string): boolean => arn.includes('/consumer/')

const toConsumer = (consumer: Consumer): JsonObject => ({
  ConsumerName: consumer.name,
  ConsumerARN: toArn(consumer),
  ConsumerStatus: 'ACTIVE',
  ConsumerCreationTimestamp: Math.floor(consumer.created / 1000),
})

export async function registerConsumer({ room, input }: Call): Promise<JsonObject> {
  check(input, REGISTER)
  const name = textOf(input, 'ConsumerName') ?? ''
  const consumer = await change(room, (writer) => {
    const stream = namedStream(room, nameInArn(textOf(input, 'StreamARN') ?? ''))
    const key = consumerKey(stream.number, name)
    if (writer.get(key) !== undefined)
      throw inUse(`Consumer ${name} under stream ${stream.name}, account ${ACCOUNT} already exists.`)
    if (writer.count(consumersOf(stream.number)) >= MOST)
      throw overLimit(
        `Only ${MOST} consumers can be registered with a stream. Stream ${stream.name} under account ${ACCOUNT} has reached that limit.`,
      )
    const made: Consumer = { name, stream: stream.name, created: room.clock.now(), tags: pairsOf(input, 'Tags') }
    writer.put(key, made)
    return made
  })
  return { Consumer: toConsumer(consumer) }
}

export function describeConsumer({ room, input }: Call): JsonObject {
  check(input, ONE)
  const consumer = consumerOf(room, room.store, input)
  return { ConsumerDescription: { ...toConsumer(consumer), StreamARN: arnOf(consumer.stream) } }
}

export async function deregisterConsumer({ room, input }: Call): Promise<undefined> {
  check(input, ONE)
  await change(room, (writer) => {
    const { stream, name } = consumerOf(room, writer, input)
    writer.remove(consumerKey(namedStream(room, stream).number, name))
  })
  return undefined
}

export function listConsumers({ room, input }: Call): JsonObject {
  check(input, LIST)
  const { number } = namedStream(room, nameInArn(textOf(input, 'StreamARN') ?? ''))
  const token = textOf(input, 'NextToken')
  const all = [...room.store.range<Consumer>(consumersOf(number))].map(({ value }) => value)
  const after = token === undefined ? undefined : readToken(token)[0]
  const { page, next } = pageOf(all, ({ name }) => name, after, numberOf(input, 'MaxResults') ?? 100)
  return { Consumers: page.map(toConsumer), ...(next === undefined ? {} : { NextToken: toToken([next]) }) }
}

function consumerOf(room: Room, reader: Reader, input: JsonObject): Consumer {
  const arn = textOf(input, 'ConsumerARN')
  if (arn !== undefined) return consumerAt(room, reader, arn)
  const name = textOf(input, 'ConsumerName')
  const stream = textOf(input, 'StreamARN')
  if (name === undefined || stream === undefined)
    throw invalidArgument('Must specify either ConsumerARN or both StreamARN and ConsumerName.')
  const found = reader.get<Consumer>(consumerKey(namedStream(room, nameInArn(stream)).number, name))
  if (found === undefined) throw noConsumer(name)
  return found
}

/** The consumer of an ARN. */
export function consumerAt(room: Room, reader: Reader, arn: string): Consumer {
  const name = /\/consumer\/([\w.-]{1,128}):\d+$/.exec(arn)?.[1] ?? ''
  const found = reader.get<Consumer>(consumerKey(namedStream(room, nameInArn(arn)).number, name))
  if (found === undefined || toArn(found) !== arn) throw noConsumer(arn)
  return found
}

export const changeConsumer = (room: Room, arn: string, make: (consumer: Consumer) => Consumer): Promise<void> =>
  change(room, (writer) => {
    const consumer = make(consumerAt(room, writer, arn))
    writer.put(consumerKey(namedStream(room, consumer.stream).number, consumer.name), consumer)
  })
