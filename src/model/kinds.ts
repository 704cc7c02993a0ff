// The kinds of things an app is made of. Adding one here makes the compiler name every room that must answer for it.

export const TRIGGER_KINDS = [
  'http',
  'queue',
  'topic',
  'bucket',
  'table',
  'stream',
  'bus',
  'schedule',
  'websocket',
  'lambda',
  'authorizer',
] as const

export const RESOURCE_KINDS = [
  'queue',
  'topic',
  'bucket',
  'table',
  'stream',
  'bus',
  'websocket',
  'secret',
  'param',
  'resource',
] as const

/** What can wake a function. */
export type TriggerKind = (typeof TRIGGER_KINDS)[number]

/** What an app owns besides functions. */
export type ResourceKind = (typeof RESOURCE_KINDS)[number]
