// Who may put events on a bus: its policy, statement by statement or as a whole.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import { flagOf, objectOf, requiredText, textOf } from './input.ts'
import { invalid, missing } from './problems.ts'
import { type Bus, busArn, busKey, busOf, type Room } from './state.ts'

const ID = { required: true, least: 1, most: 64, pattern: '[a-zA-Z0-9-_]+' }
const PRINCIPAL = { required: true, least: 1, most: 12, pattern: '(\\d{12}|\\*)' }

/** The policy as AWS shows it; undefined when it says nothing. */
export function toPolicy({ statements }: Bus): string | undefined {
  return statements.length === 0 ? undefined : JSON.stringify({ Version: '2012-10-17', Statement: statements })
}

export async function putPermission(room: Room, input: JsonObject): Promise<undefined> {
  const policy = textOf(input, 'Policy')
  const whole = policy === undefined ? undefined : readPolicy(policy)
  await room.store.commit((writer) => {
    const bus = busOf(writer, textOf(input, 'EventBusName'))
    const statements = whole ?? withStatement(bus, input)
    writer.put(busKey(bus.name), { ...bus, statements, modified: room.clock.now() } satisfies Bus)
  })
}

function withStatement(bus: Bus, input: JsonObject): JsonObject[] {
  const id = requiredText(input, 'StatementId', ID)
  const principal = requiredText(input, 'Principal', PRINCIPAL)
  const condition = objectOf(input, 'Condition')
  const statement: JsonObject = {
    Sid: id,
    Effect: 'Allow',
    Principal: principal === '*' ? '*' : { AWS: `arn:aws:iam::${principal}:root` },
    Action: textOf(input, 'Action') ?? 'events:PutEvents',
    Resource: busArn(bus.name),
    ...(condition === undefined ? {} : { Condition: toCondition(condition) }),
  }
  return [...bus.statements.filter(({ Sid }) => Sid !== id), statement]
}

const toCondition = (given: JsonObject): JsonObject => ({
  [textOf(given, 'Type') ?? '']: { [textOf(given, 'Key') ?? '']: textOf(given, 'Value') ?? '' },
})

function readPolicy(text: string): JsonObject[] {
  try {
    const policy: unknown = JSON.parse(text)
    const statements: unknown = isObject(policy) ? policy.Statement : undefined
    const list: unknown[] = Array.isArray(statements) ? statements : [statements]
    if (list.length > 0 && list.every(isObject)) return list.filter(isObject)
  } catch {
    // Answered below.
  }
  throw invalid('Parameter Policy is not valid. Reason: Invalid JSON.')
}

// Recorded: to remove all of none is refused as well.
export async function removePermission(room: Room, input: JsonObject): Promise<undefined> {
  await room.store.commit((writer) => {
    const bus = busOf(writer, textOf(input, 'EventBusName'))
    const id = textOf(input, 'StatementId')
    const isAll = flagOf(input, 'RemoveAllPermissions') && id === undefined
    const statements = isAll ? [] : bus.statements.filter(({ Sid }) => Sid !== id)
    if (!isAll && statements.length === bus.statements.length)
      throw missing('Statement with the provided id does not exist.')
    writer.put(busKey(bus.name), { ...bus, statements, modified: room.clock.now() } satisfies Bus)
  })
}
