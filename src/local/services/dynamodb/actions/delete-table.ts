// DeleteTable: the table is gone at once, its rows go bit by bit, its stream can be read for a day.
import type { JsonObject } from '../../../../aws/protocol/json.ts'
import type { Call } from '../action.ts'
import { discard } from '../clearing.ts'
import { check, NAME } from '../constraints.ts'
import { toDescription } from '../description.ts'
import { invalid } from '../problems.ts'
import { change } from '../room.ts'
import { closeStream } from '../streams.ts'
import { findTable, nameOfTable } from '../table.ts'
import { checkTableName } from './create-table.ts'
import { noSuchTable } from './update-table.ts'

export async function deleteTable({ room, input }: Call): Promise<JsonObject> {
  checkTableName(input.TableName)
  check(input, { TableName: { is: 'text', pattern: NAME, least: 3, most: 1024 } })
  const name = nameOfTable(input.TableName)
  const table = await change(room, (done) => {
    const found = findTable(done.writer, name)
    if (found === undefined) throw noSuchTable(name)
    if (found.deletionProtection)
      throw invalid(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      )
    if (found.stream?.enabled === true) closeStream(done, { table: name, label: found.stream.label })
    done.lose(found)
    discard(done, found)
    return found
  })
  const {
    TableName,
    TableStatus: _,
    ...rest
  } = toDescription(room.store, { ...table, indexes: [], status: 'DELETING' })
  const { CreationDateTime: __, AttributeDefinitions: ___, KeySchema: ____, ...shown } = rest
  // Source: recorded: what is being deleted is described in short.
  return { TableDescription: { TableName, TableStatus: 'DELETING', ...shown } }
}
