// Every service of the local cloud, opened on one store, one clock and one outbox.
import { join } from 'node:path'
import type { Model } from '../model/index.ts'
import type { Clock } from './clock.ts'
import { openControl } from './control.ts'
import { deliver } from './couriers.ts'
import { Functions } from './functions.ts'
import type { AccessReport } from './iam/access.ts'
import type { Invoker } from './invoker.ts'
import type { Journal } from './journal.ts'
import { type Mirror, openMirror } from './mirror/services.ts'
import { type Outbox, openOutbox } from './outbox.ts'
import type { Ground, Mail, Service } from './service.ts'
import { type DynamoDb, openDynamoDb } from './services/dynamodb/index.ts'
import { type Events, openEvents } from './services/events/index.ts'
import { type Kinesis, openKinesis } from './services/kinesis/index.ts'
import { openS3, type S3 } from './services/s3/index.ts'
import { openScheduler, type Scheduler } from './services/scheduler/index.ts'
import { openSns, type Sns } from './services/sns/index.ts'
import { openSqs, type Sqs } from './services/sqs/index.ts'
import { type Checkpoints, openCheckpoints } from './shards/checkpoints.ts'
import type { State } from './state.ts'

export interface Services {
  /** By the name that signatures have for them. */
  readonly table: Map<string, Service>
  readonly queues: Sqs
  readonly topics: Sns
  readonly buckets: S3
  readonly tables: DynamoDb
  readonly streams: Kinesis
  readonly buses: Events
  readonly schedules: Scheduler
  readonly functions: Functions
  readonly parameters: Mirror['parameters']
  readonly secrets: Mirror['secrets']
  readonly outbox: Outbox
  readonly checkpoints: Checkpoints
}

export interface ServicesGround {
  readonly state: State
  readonly clock: Clock
  readonly journal: Journal
  readonly invoker: Invoker
  /** The AWS port, such as `http://127.0.0.1:4566`. */
  readonly endpoint: string
  /** The app's own port. */
  readonly gateway: {
    readonly url: string
    readonly base: string
    readonly websockets: { readonly management: Service }
  }
  /** Undefined until an app has been read. */
  model(): Model | undefined
  permissions(): AccessReport
  /** Resolves when the first app is there: until then nobody knows who takes what an earlier run left behind. */
  readonly ready: Promise<void>
}

export function openServices(given: ServicesGround): Services {
  const { state, clock, journal, model, ready, permissions } = given
  const { store } = state
  const outbox = openOutbox({ store, clock })
  const mail: Mail = {
    outbox,
    deliver: async (delivery) => {
      await ready
      return deliver(delivery, { queues, topics, streams, buckets, buses, logs, functions })
    },
  }
  const streamOf = (table: string): string => tables.source(table).arn
  const functions = new Functions({ ...given, store, outbox, streamOf, deliver: mail.deliver })
  const ground = (name: string): Ground => ({ store, clock, directory: join(state.directory, name) })
  const queues = openSqs(ground('sqs'))
  const topics = openSns(ground('sns'), mail, { endpoint: given.endpoint })
  const buckets = openS3(ground('s3'), mail)
  const tables = openDynamoDb(ground('dynamodb'))
  const streams = openKinesis(ground('kinesis'))
  const buses = openEvents(ground('events'), mail)
  const schedules = openScheduler(ground('scheduler'), mail)
  const { logs, parameters, secrets, table: shown } = openMirror({ ...given, store })
  const table = new Map<string, Service>([
    ...shown,
    ['s3', buckets],
    ['sqs', queues],
    ['sns', topics],
    ['dynamodb', tables],
    ['kinesis', streams],
    ['events', buses],
    ['scheduler', schedules],
    ['lambda', functions.service],
    ['goblet', openControl({ store, clock, journal, model, permissions })],
    ['execute-api', given.gateway.websockets.management],
  ])
  const checkpoints = openCheckpoints({ ...mail, store, note: (...words) => functions.note(...words) })
  return {
    table,
    queues,
    topics,
    buckets,
    tables,
    streams,
    buses,
    schedules,
    functions,
    parameters,
    secrets,
    outbox,
    checkpoints,
  }
}
