// PutParameter: a first version, or one more.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { constraint, flagOf, objectsOf, required, textOf } from '../../../aws/protocol/members.ts'
import type { Clock } from '../../clock.ts'
import type { Store, Writer } from '../../store.ts'
import { checkName } from './names.ts'
import { alreadyExists, badPattern, invalid, tooManyVersions, unlikePattern } from './problems.ts'
import {
  type ParameterType,
  parameterKey,
  readParameter,
  readVersion,
  removeVersion,
  type Tier,
  type Version,
  versionsOf,
  writeVersion,
} from './state.ts'

export interface Room {
  readonly store: Store
  readonly clock: Clock
}

const TYPES: readonly ParameterType[] = ['SecureString', 'StringList', 'String']
const TIERS = ['Standard', 'Advanced', 'Intelligent-Tiering'] as const
const MOST_VERSIONS = 100
// Characters of a value.
const STANDARD = 4096
const ADVANCED = 8192
const LARGER =
  'To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html'

export async function putParameter({ store, clock }: Room, input: JsonObject): Promise<JsonObject> {
  const name = required(textOf(input, 'Name'), 'name')
  const value = required(textOf(input, 'Value'), 'value')
  checkName(name)
  if (value === '') throw constraint(value, 'value', 'Member must have length greater than or equal to 1')
  const type = readType(input)
  const tags = objectsOf(input, 'Tags')
  const overwrite = flagOf(input, 'Overwrite')
  if (overwrite && tags !== undefined)
    throw invalid(
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
    )
  if ((textOf(input, 'Policies') ?? '[]') !== '[]') throw invalid('The local cloud does not have parameter policies.')
  return store.commit((writer) => {
    const kept = readParameter(writer, name)
    if (kept !== undefined && !overwrite) throw alreadyExists()
    const before = kept === undefined ? undefined : readVersion(writer, name, kept.version)
    const version = toVersion(input, { name, value, type, before, now: clock.now() })
    if (version.number > MOST_VERSIONS) makeRoom(writer, name)
    writeVersion(writer, version)
    const given = tags === undefined ? undefined : toTags(tags)
    writer.put(parameterKey(name), { name, version: version.number, tags: given ?? kept?.tags ?? {} })
    return { Version: version.number, Tier: version.tier }
  })
}

export const toTags = (given: readonly JsonObject[]): Record<string, string> =>
  Object.fromEntries(given.map((one) => [required(textOf(one, 'Key'), 'key'), textOf(one, 'Value') ?? '']))

function readType(input: JsonObject): ParameterType | undefined {
  const given = textOf(input, 'Type')
  if (given === undefined || given === '') return undefined
  const type = TYPES.find((one) => one === given)
  if (type === undefined) throw constraint(given, 'type', `Member must satisfy enum value set: [${TYPES.join(', ')}]`)
  return type
}

interface Wanted {
  readonly name: string
  readonly value: string
  readonly type: ParameterType | undefined
  readonly before: Version | undefined
  readonly now: number
}

function toVersion(input: JsonObject, { name, value, type, before, now }: Wanted): Version {
  const kind = type ?? before?.type
  if (kind === undefined) throw invalid('A parameter type is required when you create a parameter.')
  const allowedPattern = textOf(input, 'AllowedPattern') ?? before?.allowedPattern
  if (allowedPattern !== undefined && !toExpression(allowedPattern).test(value)) throw unlikePattern(allowedPattern)
  return {
    name,
    number: (before?.number ?? 0) + 1,
    value,
    type: kind,
    tier: readTier(input, value, before?.tier),
    dataType: textOf(input, 'DataType') ?? before?.dataType ?? 'text',
    description: textOf(input, 'Description') ?? before?.description,
    allowedPattern,
    keyId: kind === 'SecureString' ? (textOf(input, 'KeyId') ?? before?.keyId ?? 'alias/aws/ssm') : undefined,
    labels: [],
    modified: now,
  }
}

function toExpression(pattern: string): RegExp {
  try {
    return new RegExp(pattern)
  } catch {
    throw badPattern()
  }
}

function readTier(input: JsonObject, value: string, before: Tier | undefined): Tier {
  const given = textOf(input, 'Tier')
  const asked = TIERS.find((one) => one === given)
  if (given !== undefined && asked === undefined)
    throw constraint(given, 'tier', `Member must satisfy enum value set: [${TIERS.join(', ')}]`)
  const isLarge = value.length > STANDARD
  // What is advanced once stays so.
  const tier = asked === 'Advanced' || before === 'Advanced' || (asked === 'Intelligent-Tiering' && isLarge)
  if (!tier && isLarge)
    throw invalid(`Standard tier parameters support a maximum parameter value of ${STANDARD} characters. ${LARGER}`)
  if (value.length > ADVANCED)
    throw invalid(`Advanced tier parameters support a maximum parameter value of ${ADVANCED} characters.`)
  return tier ? 'Advanced' : 'Standard'
}

// The oldest version makes room for the newest, unless somebody has put a label on it.
function makeRoom(writer: Writer, name: string): void {
  const versions = versionsOf(writer, name)
  const [oldest] = versions
  if (versions.length < MOST_VERSIONS || oldest === undefined) return
  if (oldest.labels.length > 0) throw tooManyVersions(name, oldest.number)
  removeVersion(writer, oldest)
}
