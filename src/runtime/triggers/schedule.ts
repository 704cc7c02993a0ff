// A schedule's event enters here.
import type { Context } from '../../aws/context.ts'
import type { Declaration } from '../declare.ts'
import type { TriggerInput } from '../middleware.ts'
import { around, opened } from '../wake.ts'

type Input = Extract<TriggerInput, { kind: 'schedule' }>

/** The Lambda handler of one schedule. */
export function wakeSchedule(
  app: Declaration,
  declaration: Declaration,
): (event: unknown, context: Context) => Promise<unknown> {
  const { handler } = opened<(event: unknown, context: Context) => unknown>(declaration)
  const run = around<Input>(app, declaration, ({ event, context }) => handler(event, context))
  return (event, context) => run({ kind: 'schedule', event, context })
}
