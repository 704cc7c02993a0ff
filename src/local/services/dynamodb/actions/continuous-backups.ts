// DescribeContinuousBackups, UpdateContinuousBackups: said and kept; nothing is backed up here.
import { isObject, type JsonObject } from '../../../../aws/protocol/json.ts'
import { ServiceError } from '../../../../aws/protocol/service-error.ts'
import type { Call } from '../action.ts'
import { check } from '../constraints.ts'
import { change, type Room } from '../room.ts'
import { findTable, nameOfTable, type Table } from '../table.ts'

const DAY = 24 * 3600_000
const RULES = { TableName: { is: 'text', required: true, least: 1, most: 1024 } } as const

export async function describeContinuousBackups({ room, input }: Call): Promise<JsonObject> {
  check(input, RULES)
  return toAnswer(room, backedUp(findTable(room.store, nameOfTable(input.TableName)), input))
}

export async function updateContinuousBackups({ room, input }: Call): Promise<JsonObject> {
  check(input, {
    ...RULES,
    PointInTimeRecoverySpecification: {
      is: 'structure',
      required: true,
      members: {
        PointInTimeRecoveryEnabled: { is: 'flag', required: true },
        RecoveryPeriodInDays: { is: 'number', least: 1, most: 35 },
      },
    },
  })
  const given = isObject(input.PointInTimeRecoverySpecification) ? input.PointInTimeRecoverySpecification : {}
  const days = typeof given.RecoveryPeriodInDays === 'number' ? given.RecoveryPeriodInDays : 35
  const table = await change(room, ({ writer, keep, now }) => {
    const before = backedUp(findTable(writer, nameOfTable(input.TableName)), input)
    const recovery = given.PointInTimeRecoveryEnabled === true ? { since: now, days } : undefined
    const after: Table = { ...before, described: { ...before.described, recovery } }
    keep(after)
    return after
  })
  return toAnswer(room, table)
}

function backedUp(table: Table | undefined, { TableName: name }: JsonObject): Table {
  if (table === undefined) throw new ServiceError('TableNotFoundException', `Table not found: ${String(name)}`)
  return table
}

function toAnswer({ clock }: Room, { described: { recovery } }: Table): JsonObject {
  const { since, days } = isObject(recovery) ? recovery : {}
  const now = clock.now()
  const isOn = typeof since === 'number' && typeof days === 'number'
  return {
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: isOn
        ? {
            PointInTimeRecoveryStatus: 'ENABLED',
            RecoveryPeriodInDays: days,
            EarliestRestorableDateTime: Math.max(since, now - days * DAY) / 1000,
            LatestRestorableDateTime: now / 1000,
          }
        : { PointInTimeRecoveryStatus: 'DISABLED' },
    },
  }
}
