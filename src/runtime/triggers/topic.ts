// A topic's message enters here. SNS calls with one record; what throws fails the invocation, and Lambda tries again.
import type { Context } from '../../aws/context.ts'
import type { TopicEvent, TopicRecord } from '../../aws/events/topic.ts'
import type { Declaration } from '../declare.ts'
import { each } from '../each.ts'
import { checked, parsed } from '../message.ts'
import type { TriggerInput } from '../middleware.ts'
import { around, opened, schemaOf } from '../wake.ts'

type Input = Extract<TriggerInput, { kind: 'topic' }>
type Handler = (message: unknown, record: TopicRecord) => unknown

/** The Lambda handler of one `topic.onMessage`. */
export function wakeTopic(
  app: Declaration,
  declaration: Declaration,
): (event: TopicEvent, context: Context) => Promise<unknown> {
  const { handler, source } = opened<Handler>(declaration)
  const schema = schemaOf(source)
  const run = around<Input>(app, declaration, ({ event: { Records } }) =>
    each(Records, async (record) => handler(await checked(schema, parsed(record.Sns.Message, "this topic's")), record)),
  )
  return (event, context) => run({ kind: 'topic', event, context })
}
