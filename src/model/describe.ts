// What reading an entry module yields, as plain data: the waist between the user's code and everything after it.
import type { Where } from '../errors.ts'
import type { ResourceKind, TriggerKind } from './kinds.ts'

/** A value of the user's options made plain: functions, schemas and handles are replaced by what they are. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain }

/**
 * Stands where an option held something that is not data. `reference` names a resource by kind and name, a function by
 * the kind `function` and its export.
 */
export interface Opaque {
  readonly $: 'function' | 'schema' | 'pattern' | 'reference' | 'undefined' | 'other'
  readonly kind?: ResourceKind | 'function'
  readonly name?: string
  /** A schema, where it was asked for as JSON Schema: what it takes, and what it gives. */
  readonly input?: Plain
  readonly output?: Plain
}

export type Options = { readonly [key: string]: Plain }

interface Described {
  /** The export's name, which is the identity. `admin.list` is the member `list` of the exported group `admin`. */
  readonly export: string
  readonly where: Where
}

export interface DescribedFunction extends Described {
  readonly role: 'function'
  readonly trigger: TriggerKind
  /** The route pattern, the schedule expression, or the method of the handle that was called (`onMessage`). */
  readonly subject: string
  /** The resource whose handle declared the trigger. */
  readonly source?: { readonly kind: ResourceKind; readonly name: string }
  /** The exports of the groups that it is in, outermost first. Absent: none. */
  readonly groups?: readonly string[]
  /** A web app that is hosted. */
  readonly mounted?: MountedApp
  /** Its handler is a plain Lambda one: the event reaches it as it is. */
  readonly raw?: true
  readonly options: Options
}

/** How a hosted web app is opened. */
export interface MountedApp {
  /** The adapter: a file of the room `web`. */
  readonly shape: string
  /** From what was mounted to the app: `()` calls, `!` takes the server that listens, a name is a property. */
  readonly way: readonly string[]
  /** It tells servers to listen while it is loaded. */
  readonly listens: boolean
}

/** Gives a prefix and defaults to the routes in it. */
export interface DescribedGroup extends Described {
  readonly role: 'group'
  readonly prefix: string
  readonly options: Options
}

export interface DescribedResource extends Described {
  readonly role: 'resource'
  readonly kind: ResourceKind
  readonly name: string
  readonly options: Options
}

/** A queue that is to get what a topic publishes; its options name the queue. */
export interface DescribedSubscription extends Described {
  readonly role: 'subscription'
  readonly source: { readonly kind: ResourceKind; readonly name: string }
  readonly options: Options
}

export interface DescribedApp {
  readonly role: 'app'
  readonly name: string
  readonly where: Where
  readonly options: Options
}

/** Everything that one entry module exports. */
export interface Description {
  /** The entry file, relative to the project. */
  readonly entry: string
  readonly app: DescribedApp
  readonly functions: readonly DescribedFunction[]
  readonly groups: readonly DescribedGroup[]
  readonly resources: readonly DescribedResource[]
  readonly subscriptions: readonly DescribedSubscription[]
}
