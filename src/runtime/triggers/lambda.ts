// A direct invocation enters here.
import type { Context } from '../../aws/context.ts'
import type { Declaration } from '../declare.ts'
import type { TriggerInput } from '../middleware.ts'
import { around, opened } from '../wake.ts'

type Input = Extract<TriggerInput, { kind: 'lambda' }>

/** The Lambda handler of one `lambda(…)`. */
export function wakeLambda(
  app: Declaration,
  declaration: Declaration,
): (payload: unknown, context: Context) => Promise<unknown> {
  const { handler } = opened<(payload: unknown, context: Context) => unknown>(declaration)
  const run = around<Input>(app, declaration, ({ event, context }) => handler(event, context))
  return (event, context) => run({ kind: 'lambda', event, context })
}
