// Values of secrets: new versions, their stages, reading them.
import { randomUUID } from 'node:crypto'
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { constraint, required, textOf, textsOf } from '../../../aws/protocol/members.ts'
import type { Clock } from '../../clock.ts'
import type { Reader, Store, Writer } from '../../store.ts'
import { invalid, invalidRequest, markedForDeletion, noValue, tokenInUse } from './problems.ts'
import {
  CURRENT,
  findSecret,
  needSecret,
  PREVIOUS,
  readVersion,
  removeVersion,
  type Secret,
  type SecretVersion,
  versionsOf,
  writeSecret,
  writeVersion,
} from './state.ts'

export interface Room {
  readonly store: Store
  readonly clock: Clock
}

export interface Value {
  readonly text: string | undefined
  readonly binary: string | undefined
}

// Bytes. Source: CreateSecret.
const LARGEST = 65_536
const MOST_STAGES = 20
const MOST_VERSIONS = 100

/** The value a request brings; undefined: none. */
export function readValue(input: JsonObject): Value | undefined {
  const text = textOf(input, 'SecretString')
  const binary = textOf(input, 'SecretBinary')
  if (text !== undefined && binary !== undefined)
    throw invalid("You can't specify both a binary secret value and a string secret value in the same secret.")
  if (text === undefined && binary === undefined) return undefined
  if (Buffer.byteLength(text ?? '') > LARGEST || Buffer.byteLength(binary ?? '', 'base64') > LARGEST)
    throw constraint(
      '',
      text === undefined ? 'secretBinary' : 'secretString',
      `Member must have length less than or equal to ${LARGEST}`,
    )
  return { text, binary }
}

/** The id of the version that a request makes. */
export function readToken(input: JsonObject): string {
  const token = textOf(input, 'ClientRequestToken')
  if (token === undefined) return randomUUID()
  if (token.length < 32 || token.length > 64) throw invalid('ClientRequestToken must be 32-64 characters long.')
  return token
}

/** Adds a version. The same one a second time changes nothing. */
export function addVersion(
  writer: Writer,
  secret: Secret,
  { id, value, stages, now }: { id: string; value: Value; stages: readonly string[]; now: number },
): void {
  const same = readVersion(writer, secret.name, id)
  if (same !== undefined) {
    if (same.text !== value.text || same.binary !== value.binary) throw tokenInUse(id, secret.arn)
    return
  }
  const before = versionsOf(writer, secret.name)
  // The first value of all is the current one, whatever else it is called.
  const all = before.length === 0 ? [...new Set([CURRENT, ...stages])] : stages
  if (before.length > 0) move(writer, secret.name, all, id)
  const order = (before.at(-1)?.order ?? 0) + 1
  writeVersion(writer, secret.name, { ...value, id, stages: all, created: now, order })
  writeSecret(writer, { ...secret, changed: now })
  if (before.length < MOST_VERSIONS) return
  const unused = versionsOf(writer, secret.name).filter(({ stages }) => stages.length === 0)
  for (const one of unused.slice(0, before.length + 1 - MOST_VERSIONS)) removeVersion(writer, secret.name, one)
}

/** Takes stages off the versions that have them; what was current is the previous one from then on. */
export function move(writer: Writer, name: string, stages: readonly string[], to: string): void {
  const wasCurrent = stages.includes(CURRENT)
    ? versionsOf(writer, name).find((one) => one.stages.includes(CURRENT) && one.id !== to)
    : undefined
  const lost = wasCurrent === undefined ? stages : [...stages, PREVIOUS]
  for (const one of versionsOf(writer, name)) {
    if (one.id === to) continue
    const left = one.stages.filter((stage) => !lost.includes(stage))
    const now = one.id === wasCurrent?.id ? [...left, PREVIOUS] : left
    if (now.join() !== one.stages.join()) writeVersion(writer, name, { ...one, stages: now })
  }
}

export async function putValue({ store, clock }: Room, input: JsonObject): Promise<JsonObject> {
  const value = readValue(input)
  const id = readToken(input)
  const stages = textsOf(input, 'VersionStages') ?? [CURRENT]
  if (stages.length > MOST_STAGES) throw invalid(`You can't specify more than ${MOST_STAGES} version stages.`)
  if (value === undefined) throw invalidRequest('You must provide either SecretString or SecretBinary.')
  return store.commit((writer) => {
    const now = clock.now()
    const secret = needSecret(writer, required(textOf(input, 'SecretId'), 'secretId'), now)
    if (secret.deleted !== undefined) throw markedForDeletion()
    addVersion(writer, secret, { id, value, stages, now })
    const made = readVersion(writer, secret.name, id)
    return { ARN: secret.arn, Name: secret.name, VersionId: id, VersionStages: made?.stages ?? stages }
  })
}

export async function getValue({ store, clock }: Room, input: JsonObject): Promise<JsonObject> {
  const now = clock.now()
  const secret = needSecret(store, required(textOf(input, 'SecretId'), 'secretId'), now)
  if (secret.deleted !== undefined) throw markedForDeletion()
  const found = findVersion(store, secret, textOf(input, 'VersionId'), textOf(input, 'VersionStage'))
  await noteAccess({ store, now }, secret)
  return toValue(secret, found)
}

const DAY = 86_400_000

// By the day, as AWS keeps it: a read is no write but for the first of a day.
async function noteAccess({ store, now }: { store: Store; now: number }, { name, accessed }: Secret): Promise<void> {
  const day = Math.floor(now / DAY) * DAY
  if (accessed === day) return
  await store.commit((writer) => {
    const secret = needSecret(writer, name, now)
    writeSecret(writer, { ...secret, accessed: day })
  })
}

export function findVersion(reader: Reader, { name }: Secret, id?: string, stage?: string): SecretVersion {
  if (id === undefined) {
    const wanted = stage ?? CURRENT
    const found = versionsOf(reader, name).find(({ stages }) => stages.includes(wanted))
    if (found === undefined) throw noValue(`staging label: ${wanted}`)
    return found
  }
  const found = readVersion(reader, name, id)
  if (found === undefined) throw noValue(`VersionId: ${id}`)
  if (stage !== undefined && !found.stages.includes(stage))
    throw invalidRequest('You provided a VersionStage that is not associated to the provided VersionId.')
  return found
}

export const toValue = ({ arn, name }: Secret, { id, text, binary, stages, created }: SecretVersion): JsonObject => ({
  ARN: arn,
  Name: name,
  VersionId: id,
  ...(text === undefined ? {} : { SecretString: text }),
  ...(binary === undefined ? {} : { SecretBinary: binary }),
  VersionStages: stages,
  CreatedDate: created / 1000,
})

export async function updateStage({ store, clock }: Room, input: JsonObject): Promise<JsonObject> {
  const stage = required(textOf(input, 'VersionStage'), 'versionStage')
  const from = textOf(input, 'RemoveFromVersionId')
  const to = textOf(input, 'MoveToVersionId')
  return store.commit((writer) => {
    const secret = needSecret(writer, required(textOf(input, 'SecretId'), 'secretId'), clock.now())
    const { name, arn } = secret
    const holder = versionsOf(writer, name).find(({ stages }) => stages.includes(stage))
    if (stage === CURRENT && to === undefined)
      throw invalid(
        "You can only move staging label AWSCURRENT to a different secret version. It can't be completely removed.",
      )
    if (holder !== undefined && holder.id !== to && holder.id !== from)
      throw invalid(
        `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
      )
    const target = to === undefined ? undefined : findVersion(writer, secret, to)
    if (target === undefined) {
      if (holder !== undefined)
        writeVersion(writer, name, { ...holder, stages: holder.stages.filter((one) => one !== stage) })
    } else {
      move(writer, name, [stage], target.id)
      const kept = findVersion(writer, secret, target.id)
      const stages = [...kept.stages.filter((one) => stage !== CURRENT || one !== PREVIOUS), stage]
      writeVersion(writer, name, { ...kept, stages: [...new Set(stages)] })
    }
    return { ARN: arn, Name: name }
  })
}

/** The text that is current, where there is one. */
export function currentText({ store, clock }: Room, name: string): string | undefined {
  const found = findSecret(store, name, clock.now())
  if (found === undefined || found.deleted !== undefined) return undefined
  return versionsOf(store, found.name).find(({ stages }) => stages.includes(CURRENT))?.text
}
