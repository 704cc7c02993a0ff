// A stream's records enter here, one after the other, or batch by batch.
import type { Context } from '../../aws/context.ts'
import type { KinesisEvent, KinesisRecord } from '../../aws/events/kinesis.ts'
import type { Declaration } from '../declare.ts'
import { checked, parsed } from '../message.ts'
import type { TriggerInput } from '../middleware.ts'
import { inOrder, type TumblingWindow, toWindow } from '../shards.ts'
import { appOptions, around, faultsOf, opened, rescued, schemaOf } from '../wake.ts'

type Input = Extract<TriggerInput, { kind: 'stream' }>
type OnRecord = (data: unknown, record: KinesisRecord) => unknown
type OnBatch = (
  records: readonly { data: unknown; record: KinesisRecord }[],
  context: Context,
  window: TumblingWindow | undefined,
) => unknown

/** The Lambda handler of one `stream.onRecord` or `stream.onBatch`. */
export function wakeStream(
  app: Declaration,
  declaration: Declaration,
): (event: KinesisEvent, context: Context) => Promise<unknown> {
  const { subject, handler, options, source } = opened<OnRecord & OnBatch>(declaration)
  const faults = faultsOf(appOptions(app), options)
  const schema = schemaOf(source)
  const read = (record: KinesisRecord): Promise<unknown> => {
    const text = Buffer.from(record.kinesis.data, 'base64').toString('utf8')
    return checked(schema, parsed(text, "this stream's"))
  }
  const inner =
    subject === 'onBatch'
      ? async ({ event, context }: Input) => {
          const records: { data: unknown; record: KinesisRecord }[] = []
          for (const record of event.Records) records.push({ data: await read(record), record })
          return handler(records, context, toWindow(event))
        }
      : (input: Input) =>
          inOrder(
            input.event.Records,
            ({ kinesis }) => kinesis.sequenceNumber,
            async (record) => handler(await read(record), record),
            async (error) => {
              if (faults.length > 0) await rescued(faults, error, input).catch(() => undefined)
            },
          )
  const run = around<Input>(app, declaration, inner)
  return (event, context) => run({ kind: 'stream', event, context })
}
