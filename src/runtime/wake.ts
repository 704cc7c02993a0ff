// How a generated entry opens a declaration: the handler inside it, with the app's and its own middleware around it.
import { DECLARATION, type Declaration, type Declared } from './declare.ts'
import { compose, type Input, type OnError } from './middleware.ts'
import type { AppOptions, FunctionOptions } from './options.ts'
import type { Schema } from './schema.ts'

type DeclaredFunction = Extract<Declared, { role: 'function' }>

/** The function inside a declaration. Only build's generated entries call this, with what build found to be a function. */
export function opened<Handler>(declaration: Declaration): DeclaredFunction & { readonly handler: Handler } {
  const declared = declaration[DECLARATION]
  if (declared.role !== 'function' || typeof declared.handler !== 'function') {
    throw new TypeError('This declaration has no handler: give it a function as its last argument.')
  }
  return declared as DeclaredFunction & { readonly handler: Handler }
}

/** The schema of the queue or topic whose handle declared a trigger. */
export function schemaOf(source: Declaration | undefined): Schema | undefined {
  const declared = source?.[DECLARATION]
  return declared?.role === 'resource' ? (declared.options as { schema?: Schema }).schema : undefined
}

/** Whether a handler's result has to be waited for. */
export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}

/** The options that the app was declared with. */
export function appOptions(app: Declaration): AppOptions {
  const declared = app[DECLARATION]
  return declared.role === 'app' ? declared.options : {}
}

/** The `onError`s that hold for a function, its own first. */
export function faultsOf(app: AppOptions, options: Pick<FunctionOptions, 'onError'>): readonly OnError[] {
  return [options.onError, app.onError].filter((one) => one !== undefined)
}

/**
 * A function with everything around it: its middleware within the app's, and their `onError`s. For every trigger but HTTP,
 * whose errors are answers.
 */
export function around<In extends Input>(
  app: Declaration,
  declaration: Declaration,
  handler: (input: In) => unknown,
): (input: In) => Promise<unknown> {
  const [outer, { options }] = [appOptions(app), opened(declaration)]
  const own: FunctionOptions = options
  const run = compose([...(outer.use ?? []), ...(own.use ?? [])], handler)
  const faults = faultsOf(outer, own)
  return async (input) => {
    try {
      return await run(input)
    } catch (error) {
      return rescued(faults, error, input)
    }
  }
}

/** The first answer that an `onError` has for an error. Without any it is thrown on, or what the last of them threw instead. */
export async function rescued(faults: readonly OnError[], error: unknown, input: Input): Promise<unknown> {
  let thrown = error
  for (const onError of faults) {
    try {
      const answer = await onError(thrown, input)
      if (answer !== undefined) return answer
    } catch (other) {
      thrown = other
    }
  }
  throw thrown
}
