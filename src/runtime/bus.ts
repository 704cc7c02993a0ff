// `bus(name, options)`: an EventBridge bus, the functions that get its events, and its client.
import type { Context } from '../aws/context.ts'
import type { BusEvent } from '../aws/events/bus.ts'
import { DECLARATION, type Declaration, declare } from './declare.ts'
import type { Pattern } from './filter.ts'
import type { FunctionOptions } from './options.ts'
import { arnOf, type Placement, placed } from './place.ts'
import type { Schema, SchemaInput, SchemaOutput } from './schema.ts'

type Schemas = { readonly [type: string]: Schema }

export interface BusOptions<Given extends Schemas = Schemas> extends Placement {
  /** Any Standard Schema for the detail of each type: it is checked when it is emitted, and again when it arrives. */
  schemas?: Given
}

export interface EmitOptions {
  /** Who says so. Default: the bus's name in the declaration. */
  source?: string
  /** ARNs of what it is about. */
  resources?: readonly string[]
  /** When it happened. Default: now. */
  time?: Date
}

/** An event to emit: its type, its detail, and what `emit` takes as options. */
export type Emitted<Events> = {
  readonly [Type in keyof Events & string]: { readonly type: Type; readonly detail: Events[Type] } & EmitOptions
}[keyof Events & string]

/** A function that gets a bus's events. */
export interface BusTrigger extends Declaration {
  readonly bus: string
}

type Handler<Detail> = (event: BusEvent<Detail>, context: Context) => unknown

/** `Sent` and `Received`: the detail of each type. */
export interface Bus<Sent, Received = Sent> extends Declaration {
  /** The name on AWS. */
  readonly name: string
  readonly arn: string
  /** Emits one event; resolves with its id once the bus has it. */
  emit<Type extends keyof Sent & string>(
    type: Type,
    detail: Sent[Type],
    options?: EmitOptions,
  ): Promise<{ eventId: string }>
  /** Emits any number of events, ten a call; rejects with the ones that were refused, if any. */
  emitBatch(events: readonly Emitted<Sent>[]): Promise<{ eventIds: string[] }>
  /** A function called for each event of a type, or that matches a pattern: `{ source: ['shop'], detail: { total: [{ numeric: ['>', 100] }] } }`. */
  on<Type extends keyof Received & string>(type: Type, handler: Handler<Received[Type]>): BusTrigger
  on<Type extends keyof Received & string>(
    type: Type,
    options: FunctionOptions,
    handler: Handler<Received[Type]>,
  ): BusTrigger
  on<Detail = Received[keyof Received]>(pattern: Pattern, handler: Handler<Detail>): BusTrigger
  on<Detail = Received[keyof Received]>(
    pattern: Pattern,
    options: FunctionOptions,
    handler: Handler<Detail>,
  ): BusTrigger
}

type Inputs<Given extends Schemas> = { [Type in keyof Given]: SchemaInput<Given[Type]> }
type Outputs<Given extends Schemas> = { [Type in keyof Given]: SchemaOutput<Given[Type]> }

/**
 * Declares an event bus; without a name it is the account's own, where AWS's services tell of themselves.
 *
 * @example
 * export const shop = bus<{ OrderPlaced: { id: string; total: number } }>('shop')
 * export const mail = shop.on('OrderPlaced', async ({ detail }) => { … })
 * // elsewhere: await shop.emit('OrderPlaced', { id: 'o-1', total: 30 })
 */
export function bus<Given extends Schemas>(
  name: string,
  options: BusOptions<Given> & { schemas: Given },
): Bus<Inputs<Given>, Outputs<Given>>
export function bus<Events extends object = { [type: string]: unknown }>(
  name?: string,
  options?: BusOptions,
): Bus<Events>
export function bus(name = 'default', options: BusOptions = {}): Bus<Record<string, unknown>> {
  const handle: Bus<Record<string, unknown>> = declare(
    {
      get name() {
        return name === 'default' ? name : placed(name, options)
      },
      get arn() {
        return arnOf(name, 'events', `event-bus/${handle.name}`)
      },
      async emit(type: string, detail: unknown, emitting: EmitOptions = {}) {
        const { emitBatch } = await import('./emit.ts')
        const { eventIds } = await emitBatch(handle.arn, [{ source: name, ...emitting, type, detail }], options.schemas)
        return { eventId: eventIds[0] ?? '' }
      },
      async emitBatch(events: readonly (EmitOptions & { type: string; detail: unknown })[]) {
        const all = events.map((one) => ({ source: name, ...one }))
        return (await import('./emit.ts')).emitBatch(handle.arn, all, options.schemas)
      },
      on: (asked: string | Pattern, first: object, second?: unknown): BusTrigger => {
        const [given, handler] = typeof first === 'function' ? [{}, first] : [first, second]
        const pattern = typeof asked === 'string' ? { 'detail-type': [asked] } : asked
        return declare(
          { bus: name },
          { role: 'function', trigger: 'bus', subject: 'on', source: handle, options: { ...given, pattern }, handler },
        )
      },
    },
    { role: 'resource', kind: 'bus', name, options },
  )
  return handle
}

/** The schema that a bus has for the detail of a type. */
export function schemaOfType(source: Declaration | undefined, type: string): Schema | undefined {
  const declared = source?.[DECLARATION]
  const schemas = declared?.role === 'resource' ? (declared.options as BusOptions).schemas : undefined
  return schemas !== undefined && Object.hasOwn(schemas, type) ? schemas[type] : undefined
}
