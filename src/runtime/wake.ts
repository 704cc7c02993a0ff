// How a generated entry opens a declaration: the handler inside it, typed for the trigger that calls it.
import { DECLARATION, type Declaration, type Declared } from './declare.ts'

type DeclaredFunction = Extract<Declared, { role: 'function' }>

/** The function inside a declaration. Only build's generated entries call this, with what build found to be a function. */
export function opened<Handler>(declaration: Declaration): DeclaredFunction & { readonly handler: Handler } {
  const declared = declaration[DECLARATION]
  if (declared.role !== 'function' || typeof declared.handler !== 'function') {
    throw new TypeError('This declaration has no handler: give it a function as its last argument.')
  }
  return declared as DeclaredFunction & { readonly handler: Handler }
}

/** Whether a handler's result has to be waited for. */
export function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
}
