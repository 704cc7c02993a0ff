// The names of 'goblet' that declare something.
import type { ResourceKind, TriggerKind } from '../model/index.ts'

const FACTORY_OF = {
  app: 'app',
  group: 'group',
  http: 'route',
  mount: 'mount',
  queue: 'queue',
  topic: 'topic',
  bucket: 'bucket',
  table: 'table',
  stream: 'stream',
  bus: 'bus',
  websocket: 'websocket',
  secret: 'secret',
  param: 'param',
  resource: 'resource',
  schedule: 'schedule',
  lambda: 'lambda',
  authorizer: 'authorizer',
} satisfies Record<'app' | 'group' | 'mount' | TriggerKind | ResourceKind, string>

/** The names of 'goblet' that declare something. */
export const FACTORIES: ReadonlySet<string> = new Set(Object.values(FACTORY_OF))
