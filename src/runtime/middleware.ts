// Middleware: functions around a handler, outermost first, for every kind of trigger.
import type { Context } from '../aws/context.ts'
import type { BucketEvent } from '../aws/events/bucket.ts'
import type { BusEvent } from '../aws/events/bus.ts'
import type { KinesisEvent } from '../aws/events/kinesis.ts'
import type { QueueEvent } from '../aws/events/queue.ts'
import type { TableEvent } from '../aws/events/table.ts'
import type { TopicEvent } from '../aws/events/topic.ts'
import type { WebsocketEvent } from '../aws/events/websocket.ts'
import type { AuthorizerRequest } from './auth.ts'
import type { Request } from './request.ts'
import type { WebsocketInput } from './websocket-input.ts'

/** What wakes a function that is no route. */
export type TriggerInput =
  | { readonly kind: 'queue'; readonly event: QueueEvent; readonly context: Context }
  | { readonly kind: 'topic'; readonly event: TopicEvent; readonly context: Context }
  | { readonly kind: 'bucket'; readonly event: BucketEvent; readonly context: Context }
  | { readonly kind: 'table'; readonly event: TableEvent; readonly context: Context }
  | { readonly kind: 'stream'; readonly event: KinesisEvent; readonly context: Context }
  | { readonly kind: 'bus'; readonly event: BusEvent; readonly context: Context }
  /** `event` is the schedule's own input where it has one. */
  | { readonly kind: 'schedule'; readonly event: unknown; readonly context: Context }
  | { readonly kind: 'lambda'; readonly event: unknown; readonly context: Context }
  | WebsocketInput<unknown, unknown, WebsocketEvent>
  | AuthorizerRequest

/** What middleware gets: a route's request, or the event of another trigger. `kind` tells which. */
export type Input = Request | TriggerInput

/** Hands the input on. Resolves with what the handler returned, rejects with what it threw. */
export type Next = (input?: Input) => Promise<unknown>

/**
 * A function around a handler. What it returns is the output; if it returns nothing, what `next` gave is passed on.
 *
 * @example
 * const timed: Middleware = async (input, next) => {
 *   const start = Date.now()
 *   try { return await next() } finally { console.log(input.kind, Date.now() - start) }
 * }
 */
export type Middleware = (input: Input, next: Next) => unknown

/** Told of what a function threw; what it returns becomes the answer, unless that is undefined. */
export type OnError = (error: unknown, input: Input) => unknown

type Handle<In> = (input: In) => unknown

/** A handler with its middleware around it. Without any it is the handler itself. */
export function compose<In extends Input>(layers: readonly Middleware[], handler: Handle<In>): Handle<In> {
  return layers.reduceRight<Handle<In>>((inner, layer) => (input) => run(layer, input, inner), handler)
}

async function run<In extends Input>(layer: Middleware, input: In, inner: Handle<In>): Promise<unknown> {
  let given: unknown
  const output = await layer(input, async (changed) => {
    // Middleware hands on an input of the kind it was given: no trigger can become another.
    given = await inner((changed ?? input) as In)
    return given
  })
  // One that forgets to return would make every answer empty.
  return output === undefined ? given : output
}
