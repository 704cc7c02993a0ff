// UpdateTimeToLive, DescribeTimeToLive.
import { isObject, type JsonObject } from '../../../../aws/protocol/json.ts'
import type { Call } from '../action.ts'
import { check } from '../constraints.ts'
import { fillExpiry } from '../expiry.ts'
import { invalid } from '../problems.ts'
import { type Change, change } from '../room.ts'
import { textOf } from '../schema.ts'
import { findTable, nameOfTable, type Table } from '../table.ts'
import { namedTable } from './describe-tables.ts'
import { noSuchTable } from './update-table.ts'

export async function updateTimeToLive({ room, input }: Call): Promise<JsonObject> {
  check(input, {
    TableName: { is: 'text', required: true, least: 1, most: 1024 },
    TimeToLiveSpecification: {
      is: 'structure',
      required: true,
      members: {
        Enabled: { is: 'flag', required: true },
        AttributeName: { is: 'text', required: true, least: 1, most: 255 },
      },
    },
  })
  const given = isObject(input.TimeToLiveSpecification) ? input.TimeToLiveSpecification : {}
  const attribute = textOf(given.AttributeName)
  const name = nameOfTable(input.TableName)
  await change(room, (done) => {
    const table = findTable(done.writer, name)
    if (table === undefined) throw noSuchTable(name)
    setTimeToLive(done, table, { attribute, enabled: given.Enabled === true })
  })
  return { TimeToLiveSpecification: { AttributeName: attribute, Enabled: given.Enabled } }
}

export function setTimeToLive(done: Change, table: Table, asked: NonNullable<Table['ttl']>): void {
  const isOn = table.ttl?.enabled === true
  if (asked.enabled && isOn)
    throw invalid(
      table.ttl?.attribute === asked.attribute
        ? 'TimeToLive is already enabled'
        : `TimeToLive is active on a different AttributeName: current AttributeName is ${table.ttl?.attribute}`,
    )
  if (!asked.enabled && !isOn) throw invalid('TimeToLive is already disabled')
  if (!asked.enabled && table.ttl?.attribute !== asked.attribute)
    throw invalid(`TimeToLive is active on a different AttributeName: current AttributeName is ${table.ttl?.attribute}`)
  const after: Table = { ...table, ttl: asked }
  done.keep(after)
  if (asked.enabled) fillExpiry(done, after)
}

export async function describeTimeToLive({ room, input }: Call): Promise<JsonObject> {
  const { ttl } = namedTable(room, input)
  return {
    TimeToLiveDescription:
      ttl?.enabled === true
        ? { TimeToLiveStatus: 'ENABLED', AttributeName: ttl.attribute }
        : { TimeToLiveStatus: 'DISABLED' },
  }
}
