// The kinds of things an app is made of. Adding one here makes the compiler name every room that must answer for it.

/** What can wake a function. */
export type TriggerKind = 'http' | 'queue' | 'topic' | 'bucket' | 'schedule' | 'lambda' | 'authorizer'

/** What an app owns besides functions. */
export type ResourceKind = 'queue' | 'topic' | 'bucket'

export const TRIGGER_KINDS = [
  'http',
  'queue',
  'topic',
  'bucket',
  'schedule',
  'lambda',
  'authorizer',
] as const satisfies readonly TriggerKind[]
export const RESOURCE_KINDS = ['queue', 'topic', 'bucket'] as const satisfies readonly ResourceKind[]
