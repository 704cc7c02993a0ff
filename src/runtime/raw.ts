// `raw(handler)`: a plain Lambda handler wherever a handler stands.
import type { Context } from '../aws/context.ts'

export const RAW: unique symbol = Symbol.for('goblet.raw') as never

/** A plain Lambda handler, in the older form with a callback too. */
// biome-ignore lint/suspicious/noExplicitAny: handlers are typed by whoever wrote them, each with its own event.
export type RawHandler = (event: any, context: any, callback?: any) => unknown

/** Stands wherever a handler stands, whatever that one would be given. */
// biome-ignore lint/suspicious/noExplicitAny: it takes the place of handlers of every type, and of their results.
export type Raw = ((...given: any[]) => any) & { readonly [RAW]: RawHandler }

/**
 * A Lambda handler that was written for Lambda itself, wrapped by middy or not: the event reaches it as AWS sends it, and
 * what it returns is what AWS gets. Its function is its own.
 *
 * @example
 * export const resize = photos.onCreated(raw(async (event: S3Event, context) => { … }))
 */
export function raw(handler: RawHandler): Raw {
  return Object.assign(() => undefined, { [RAW]: handler } as const)
}

/** What Lambda calls for it. Callbacks are promised, as Node.js 24 on Lambda refuses handlers with three parameters. */
export function invoked(handler: Raw): (event: unknown, context: Context) => unknown {
  const own = handler[RAW]
  if (own.length < 3) return (event, context) => own(event, context)
  return (event, context) =>
    new Promise((resolve, reject) => {
      const done = (error: unknown, value: unknown): void => (error ? reject(error) : resolve(value))
      const made = own(event, context, done)
      if (made instanceof Promise) made.then(resolve, reject)
    })
}
