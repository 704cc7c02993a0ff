// Writes that come to be all together or not at all, and tokens that keep a repeated request from writing twice.
import { hash } from 'node:crypto'
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import { type Key, type Range, under } from '../../store.ts'
import { readUnits } from './capacity.ts'
import { type ItemChange, type ItemWrite, runWrite } from './item-writes.ts'
import { itemKey } from './keys.ts'
import { DynamoError, invalid } from './problems.ts'
import { type Change, change, type Room, tableOf } from './room.ts'
import { readRow } from './rows.ts'
import type { Table } from './table.ts'
import { Tally } from './tally.ts'
import type { Item } from './values.ts'

export interface Done {
  readonly table: Table
  readonly changed: ItemChange
}

/** Why one action of a transaction failed, or that it would not have. */
export interface Reason {
  readonly Code: string
  readonly Message?: string
  readonly Item?: Item
}
export const NO_REASON: Reason = { Code: 'None' }

/** Source: recorded: the codes of all actions, in their order. */
export function cancelled(reasons: readonly Reason[]): ServiceError {
  const codes = reasons.map(({ Code }) => Code).join(', ')
  return new DynamoError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { CancellationReasons: reasons },
  )
}

/** What a refusal of one action is in the list of reasons. Throws those that refuse the whole request. */
export function toReason(problem: unknown): Reason {
  if (!(problem instanceof ServiceError)) throw problem
  const { type, message: Message } = problem
  if (type === 'ConditionalCheckFailedException')
    return { Code: 'ConditionalCheckFailed', Message, ...(problem instanceof DynamoError ? problem.more : {}) }
  if (type === 'DuplicateItemException') return { Code: 'DuplicateItem', Message }
  // Source: recorded: empty keys are found before the transaction begins.
  if (type !== 'ValidationException' || Message.startsWith('One or more parameter values are not valid.')) throw problem
  return { Code: 'ValidationError', Message }
}

export const twice = () => invalid('Transaction request cannot include multiple operations on one item')

/** Refuses two actions on one item. */
export function checkDistinct(room: Room, items: readonly Pick<ItemWrite, 'table' | 'keyIn'>[]): void {
  const seen = new Set<string>()
  for (const { table: name, keyIn } of items) {
    const table = tableOf(room, name)
    let key: string
    try {
      key = itemKey(table, keyIn(table)).join('\n')
    } catch (problem) {
      // Told as the reason of its action.
      toReason(problem)
      continue
    }
    if (seen.has(key)) throw twice()
    seen.add(key)
  }
}

/** Runs all writes, or throws TransactionCanceledException. Undefined: this token has done so before. */
export async function transact(
  room: Room,
  writes: readonly ItemWrite[],
  { token, input }: { readonly token: string; readonly input: JsonObject },
): Promise<Done[] | undefined> {
  const digest = token === '' ? '' : hash('sha256', JSON.stringify(input))
  return await change(room, (one) => {
    if (token !== '' && isRepeated(one, token, digest)) return undefined
    checkDistinct(room, writes)
    const done: Done[] = []
    const reasons = writes.map((write): Reason => {
      const table = tableOf(room, write.table)
      try {
        done.push({ table, changed: runWrite(one, table, write) })
        return NO_REASON
      } catch (problem) {
        return toReason(problem)
      }
    })
    if (reasons.some((reason) => reason !== NO_REASON)) throw cancelled(reasons)
    return done
  })
}

/** Source: recorded: a request that is repeated costs a transactional read of what it wrote. */
export function replayTally(room: Room, writes: readonly ItemWrite[]): Tally {
  const tally = new Tally()
  for (const write of writes) {
    const table = tableOf(room, write.table)
    const row = readRow(room.store, itemKey(table, write.keyIn(table)))
    tally.add(table, { table: readUnits(row?.[0] ?? 0, true) }, 2)
  }
  return tally
}

// Source: API reference of TransactWriteItems.
const TOKEN_LIFETIME = 10 * 60_000
const OLD_AT_ONCE = 10

interface Token {
  readonly time: number
  readonly digest: string
}

const tokenKey = (token: string): Key => ['dynamodb', 'token', token]
const timeKey = (time: number, token: string): Key => ['dynamodb', 'token-time', time, token]

function isRepeated({ writer, now }: Change, token: string, digest: string): boolean {
  const old: Range = { ...under('dynamodb', 'token-time'), end: timeKey(now - TOKEN_LIFETIME, ''), limit: OLD_AT_ONCE }
  for (const { key, value } of [...writer.range<string>(old)]) {
    writer.remove(key)
    writer.remove(tokenKey(value))
  }
  const known = writer.get<Token>(tokenKey(token))
  if (known !== undefined && now - known.time < TOKEN_LIFETIME) {
    if (known.digest === digest) return true
    throw new ServiceError(
      'IdempotentParameterMismatchException',
      'DynamoDB rejected the request because you retried a request with a different payload but with an idempotent token that was already used.',
    )
  }
  writer.put(tokenKey(token), { time: now, digest } satisfies Token)
  writer.put(timeKey(now, token), token)
  return false
}
