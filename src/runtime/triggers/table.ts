// A table's changes enter here, one after the other, or batch by batch.
import type { Context } from '../../aws/context.ts'
import type { WindowFields } from '../../aws/events/kinesis.ts'
import { isExpiry, type TableEvent, type TableRecord } from '../../aws/events/table.ts'
import type { Declaration } from '../declare.ts'
import { fromItem } from '../items.ts'
import type { TriggerInput } from '../middleware.ts'
import { inOrder, type TumblingWindow, toWindow } from '../shards.ts'
import type { TableChange } from '../table-words.ts'
import { appOptions, around, faultsOf, opened, rescued } from '../wake.ts'

type Input = Extract<TriggerInput, { kind: 'table' }>
type Change = TableChange<object, object>
type OnChange = (change: Change, record: TableRecord) => unknown
type OnBatch = (
  changes: readonly { change: Change; record: TableRecord }[],
  context: Context,
  window: TumblingWindow | undefined,
) => unknown

/** The Lambda handler of one `table.onChange` or `table.onBatch`. */
export function wakeTable(
  app: Declaration,
  declaration: Declaration,
): (event: TableEvent, context: Context) => Promise<unknown> {
  const { subject, handler, options } = opened<OnChange & OnBatch>(declaration)
  const faults = faultsOf(appOptions(app), options)
  const inner =
    subject === 'onBatch'
      ? ({ event, context }: Input) => {
          const items = event.Records.map((record) => ({ change: toChange(record), record }))
          return handler(items, context, toWindow(event as Partial<WindowFields>))
        }
      : (input: Input) =>
          inOrder(
            input.event.Records,
            ({ dynamodb }) => dynamodb.SequenceNumber,
            (record) => handler(toChange(record), record),
            async (error) => {
              if (faults.length > 0) await rescued(faults, error, input).catch(() => undefined)
            },
          )
  const run = around<Input>(app, declaration, inner)
  return (event, context) => run({ kind: 'table', event, context })
}

const TYPES = { INSERT: 'insert', MODIFY: 'modify', REMOVE: 'remove' } as const

function toChange(record: TableRecord): Change {
  const { Keys, OldImage, NewImage, ApproximateCreationDateTime } = record.dynamodb
  // Which images there are follows from the type, as long as the stream has both.
  return {
    type: TYPES[record.eventName],
    keys: fromItem(Keys),
    old: OldImage === undefined ? undefined : fromItem(OldImage),
    new: NewImage === undefined ? undefined : fromItem(NewImage),
    time: new Date(ApproximateCreationDateTime * 1000),
    expired: isExpiry(record),
  } as Change
}
