// A bus's event enters here.
import type { Context } from '../../aws/context.ts'
import type { BusEvent } from '../../aws/events/bus.ts'
import { schemaOfType } from '../bus.ts'
import type { Declaration } from '../declare.ts'
import { checked } from '../message.ts'
import type { TriggerInput } from '../middleware.ts'
import { around, opened } from '../wake.ts'

type Input = Extract<TriggerInput, { kind: 'bus' }>
type Handler = (event: BusEvent, context: Context) => unknown

/** The Lambda handler of one `bus.on`. */
export function wakeBus(
  app: Declaration,
  declaration: Declaration,
): (event: BusEvent, context: Context) => Promise<unknown> {
  const { handler, source } = opened<Handler>(declaration)
  const run = around<Input>(app, declaration, async ({ event, context }) => {
    const schema = schemaOfType(source, event['detail-type'])
    if (schema === undefined) return handler(event, context)
    return handler({ ...event, detail: await checked(schema, event.detail) }, context)
  })
  return (event, context) => run({ kind: 'bus', event, context })
}
