// INSERT, UPDATE, DELETE and EXISTS as writes of one item, run like all others.
import { ServiceError } from '../../../../aws/protocol/service-error.ts'
import { applyUpdate } from '../expressions/apply.ts'
import { holds, valueAt } from '../expressions/evaluate.ts'
import { placesOfAction } from '../expressions/places.ts'
import { project } from '../expressions/project.ts'
import {
  checkItem,
  checkKey,
  checkPlaces,
  checkUpdated,
  checkUpdatedIndexes,
  keyOf as keyOfItem,
} from '../item-keys.ts'
import type { ItemChange, ItemWrite } from '../item-writes.ts'
import { invalid } from '../problems.ts'
import { type Stored, toStored } from '../rows.ts'
import { LARGEST_ITEM } from '../size.ts'
import type { Table } from '../table.ts'
import type { Item } from '../values.ts'
import { unnamed } from './reader.ts'
import { keyOf } from './select.ts'
import type { Change, Exists, Insert, Select, Statement } from './statement.ts'

export type Write = Exclude<Statement, Select>

export function toWrite(statement: Write): ItemWrite {
  return statement.kind === 'insert' ? toInsert(statement) : toChange(statement)
}

function toInsert({ table, item }: Insert): ItemWrite {
  const stored = toStored(item)
  if (stored.size > LARGEST_ITEM) throw invalid('Item size has exceeded the maximum allowed size')
  return {
    table,
    keyIn: (of) => {
      checkItem(of, item)
      return keyOfItem(of, item)
    },
    admits: (_, before) => {
      if (before !== undefined)
        throw new ServiceError('DuplicateItemException', 'Duplicate primary key exists in table')
      return true
    },
    next: () => stored,
    places: [],
    showsItem: false,
  }
}

function toChange(statement: Change | Exists): ItemWrite {
  const { table, where, given, kind } = statement
  const update = kind === 'exists' ? [] : statement.update
  const keyIn = (of: Table): Item => {
    const key = keyOf(of, where, given)
    if (key === undefined) throw invalid('Where clause does not contain a mandatory equality on all key attributes')
    checkKey(of.key, key)
    return key
  }
  const next = (of: Table, before: Stored | undefined): Stored | undefined => {
    if (statement.kind === 'exists') return before
    return kind === 'delete' || before === undefined ? undefined : changed(of, statement, before.item)
  }
  // What is not there cannot be changed; it can be deleted.
  const admits = (_: Table, before: Stored | undefined): boolean => {
    if (before === undefined) return kind === 'delete'
    return where === undefined || holds(where, before.item, given)
  }
  const places = update.flat().map(({ path }) => given.place(path))
  return { table, keyIn, admits, next, places, showsItem: false }
}

function changed(table: Table, { update, given }: Change, before: Item): Stored {
  const actions = update.flat()
  checkUpdated(
    table,
    actions.map(({ path }) => ({ place: given.place(path), type: undefined })),
  )
  checkPlaces(
    table,
    actions.flatMap((action) => placesOfAction(action, given)),
  )
  const after = unnamed(() => applyUpdate(update, before, given))
  checkUpdatedIndexes(table, after)
  const stored = toStored(after)
  if (stored.size > LARGEST_ITEM) throw invalid('Item size to update has exceeded the maximum allowed size')
  return stored
}

/** What a statement's RETURNING shows of the change. */
export function toReturned(statement: Write, { places }: ItemWrite, { before, after }: ItemChange): Item | undefined {
  if (statement.kind === 'insert' || statement.kind === 'exists' || statement.returning === undefined) return undefined
  const { scope, image } = statement.returning
  const item = (image === 'OLD' ? before : after)?.item
  if (item === undefined || scope === 'ALL') return item
  const shown = project(
    item,
    places.filter((place) => valueAt(item, place) !== undefined),
  )
  return Object.keys(shown).length === 0 ? undefined : shown
}
