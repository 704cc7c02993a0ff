// A direct invocation enters here.
import type { Context } from '../../aws/context.ts'
import type { Declaration } from '../declare.ts'
import { opened } from '../wake.ts'

/** The Lambda handler of one `lambda(…)`. */
export function wakeLambda(declaration: Declaration): (payload: unknown, context: Context) => Promise<unknown> {
  const { handler } = opened<(payload: unknown, context: Context) => unknown>(declaration)
  return async (payload, context) => handler(payload, context)
}
