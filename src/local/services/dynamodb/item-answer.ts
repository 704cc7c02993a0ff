// What writes of single items answer.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { toConsumed, writeSpent } from './capacity.ts'
import { project } from './expressions/project.ts'
import { keyOf } from './item-keys.ts'
import type { ItemChange, ItemWrite } from './item-writes.ts'
import type { Table } from './table.ts'
import type { Item } from './values.ts'

export function toWriteAnswer(input: JsonObject, table: Table, write: ItemWrite, change: ItemChange): JsonObject {
  const attributes = attributesOf(input.ReturnValues, write, change)
  const consumed = isAsked(input.ReturnConsumedCapacity)
    ? toConsumed(input.ReturnConsumedCapacity, table, writeSpent(table, change.before, change.after))
    : undefined
  return {
    ...(attributes === undefined ? {} : { Attributes: attributes }),
    ...(consumed === undefined ? {} : { ConsumedCapacity: consumed }),
    ...metricsOf(input.ReturnItemCollectionMetrics, table, change),
  }
}

const isAsked = (detail: unknown): boolean => detail === 'TOTAL' || detail === 'INDEXES'

function attributesOf(wanted: unknown, { places }: ItemWrite, { before, after }: ItemChange): Item | undefined {
  if (wanted === 'ALL_OLD') return before?.item
  if (wanted === 'ALL_NEW') return after?.item
  if (wanted === 'UPDATED_OLD') return partsOf(before?.item, places)
  return wanted === 'UPDATED_NEW' ? partsOf(after?.item, places) : undefined
}

function partsOf(item: Item | undefined, places: ItemWrite['places']): Item | undefined {
  const parts = item === undefined ? {} : project(item, places)
  return Object.keys(parts).length === 0 ? undefined : parts
}

/** Only tables with local indexes have item collections. Ours are never larger than a gigabyte. */
export function metricsOf(wanted: unknown, table: Table, { before, after }: ItemChange): JsonObject {
  const item = (after ?? before)?.item
  if (wanted !== 'SIZE' || item === undefined || table.indexes.every(({ kind }) => kind === 'global')) return {}
  const { hash } = table.key
  return { ItemCollectionMetrics: { ItemCollectionKey: keyOf({ key: { hash } }, item), SizeEstimateRangeGB: [0, 1] } }
}
