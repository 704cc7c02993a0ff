// `lambda(options, handler)`: a function that is called by name, from other functions, from the SDK or from the command line.
import type { Context } from '../aws/context.ts'
import { type Declaration, declare } from './declare.ts'
import type { FunctionOptions } from './options.ts'
import { arnOf, prefixed } from './place.ts'

export interface LambdaFunction<Payload, Result> extends Declaration {
  /** The name on AWS. */
  readonly name: string
  readonly arn: string
  /** Calls the function and waits for what it returns. Throws an InvocationError when it fails. */
  invoke(payload: Payload): Promise<Awaited<Result>>
  /** Hands the payload over and returns at once; Lambda retries a failure twice. */
  start(payload: Payload): Promise<void>
}

type Handler<Payload, Result> = (payload: Payload, context: Context) => Result

/**
 * Declares a function that is called directly. With `start` nobody waits for it: `retries`, `maximumAge`, `deadLetter` and
 * `destinations` say what becomes of its events.
 *
 * @example
 * export const resize = lambda({ memory: 1024 }, async (job: { key: string }) => ({ done: job.key }))
 * // elsewhere: await resize.invoke({ key: 'a.png' })
 */
export function lambda<Payload = unknown, Result = unknown>(
  handler: Handler<Payload, Result>,
): LambdaFunction<Payload, Result>
export function lambda<Payload = unknown, Result = unknown>(
  options: FunctionOptions,
  handler: Handler<Payload, Result>,
): LambdaFunction<Payload, Result>
// The build adds the third argument, the export's name, because a handle must know its own function's name.
export function lambda<Payload, Result>(
  first: FunctionOptions | Handler<Payload, Result>,
  second?: Handler<Payload, Result>,
  identity?: string,
): LambdaFunction<Payload, Result> {
  const [options, handler] = typeof first === 'function' ? [{}, first] : [first, second]
  const handle = {
    get name() {
      if (identity === undefined) throw new Error('A lambda(…) that is called must be an exported const.')
      return prefixed(identity)
    },
    get arn() {
      return arnOf('', 'lambda', `function:${handle.name}`)
    },
    async invoke(payload: Payload): Promise<Awaited<Result>> {
      return (await import('./invoke.ts')).invoke<Awaited<Result>>(handle.name, payload)
    },
    async start(payload: Payload): Promise<void> {
      await (await import('./invoke.ts')).start(handle.name, payload)
    },
  }
  return declare(handle, { role: 'function', trigger: 'lambda', subject: '', options, handler })
}
