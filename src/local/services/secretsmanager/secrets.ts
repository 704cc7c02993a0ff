// Secrets themselves: making, changing, deleting and restoring them.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { flagOf, numberOf, objectsOf, required, textOf, textsOf } from '../../../aws/protocol/members.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import { alreadyExists, invalid, markedForDeletion, notFound, toBeDeleted } from './problems.ts'
import {
  CURRENT,
  findSecret,
  isKept,
  needSecret,
  newArn,
  readVersion,
  removeSecret,
  type Secret,
  writeSecret,
} from './state.ts'
import { addVersion, type Room, readToken, readValue } from './values.ts'

const NAME = /^[A-Za-z0-9/_+=.@!-]{1,512}$/
const DAY = 86_400_000

export async function createSecret({ store, clock }: Room, input: JsonObject): Promise<JsonObject> {
  const name = required(textOf(input, 'Name'), 'name')
  if (!NAME.test(name))
    throw new ServiceError(
      'ValidationException',
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    )
  const value = readValue(input)
  const id = readToken(input)
  return store.commit((writer) => {
    const now = clock.now()
    const kept = findSecret(writer, name, now)
    if (kept?.deleted !== undefined) throw toBeDeleted()
    if (kept !== undefined) {
      const same = readVersion(writer, name, id)
      // The same request a second time.
      if (same !== undefined && same.text === value?.text && same.binary === value?.binary) return toMade(kept, id)
      throw alreadyExists(name)
    }
    // What is left of one whose time is over.
    if (isKept(writer, name)) removeSecret(writer, name)
    const secret: Secret = {
      name,
      arn: newArn(name),
      description: textOf(input, 'Description'),
      keyId: textOf(input, 'KmsKeyId'),
      tags: toTags(input),
      policy: undefined,
      created: now,
      changed: now,
      accessed: undefined,
      deleted: undefined,
    }
    if (value === undefined) {
      writeSecret(writer, secret)
      return toMade(secret)
    }
    addVersion(writer, secret, { id, value, stages: [CURRENT], now })
    return toMade(secret, id)
  })
}

const toTags = (input: JsonObject): Record<string, string> =>
  Object.fromEntries(
    (objectsOf(input, 'Tags') ?? []).map((one) => [textOf(one, 'Key') ?? '', textOf(one, 'Value') ?? '']),
  )

const toMade = ({ arn, name }: Secret, id?: string): JsonObject => ({
  ARN: arn,
  Name: name,
  ...(id === undefined ? {} : { VersionId: id }),
})

/** Changes the secret that a request names. One that is marked for deletion is left as it is. */
function change(room: Room, input: JsonObject, work: (secret: Secret) => Secret): Promise<Secret> {
  return room.store.commit((writer) => {
    const secret = needSecret(writer, required(textOf(input, 'SecretId'), 'secretId'), room.clock.now())
    if (secret.deleted !== undefined) throw markedForDeletion()
    const changed = work(secret)
    writeSecret(writer, changed)
    return changed
  })
}

export async function updateSecret(room: Room, input: JsonObject): Promise<JsonObject> {
  const value = readValue(input)
  const id = readToken(input)
  return room.store.commit((writer) => {
    const now = room.clock.now()
    const secret = needSecret(writer, required(textOf(input, 'SecretId'), 'secretId'), now)
    if (secret.deleted !== undefined) throw markedForDeletion()
    const description = textOf(input, 'Description') ?? secret.description
    const changed: Secret = { ...secret, description, keyId: textOf(input, 'KmsKeyId') ?? secret.keyId, changed: now }
    writeSecret(writer, changed)
    if (value === undefined) return toMade(changed)
    addVersion(writer, changed, { id, value, stages: [CURRENT], now })
    return toMade(changed, id)
  })
}

export async function deleteSecret({ store, clock }: Room, input: JsonObject): Promise<JsonObject> {
  const force = flagOf(input, 'ForceDeleteWithoutRecovery')
  const window = numberOf(input, 'RecoveryWindowInDays')
  if (force && window !== undefined)
    throw invalid("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
  if (window !== undefined && (window < 7 || window > 30))
    throw invalid('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).')
  return store.commit((writer) => {
    const now = clock.now()
    const id = required(textOf(input, 'SecretId'), 'secretId')
    const secret = findSecret(writer, id, now)
    if (force) {
      if (secret === undefined) throw notFound()
      removeSecret(writer, secret.name)
      return { ...toMade(secret), DeletionDate: now / 1000 }
    }
    if (secret === undefined) throw notFound()
    if (secret.deleted !== undefined) throw markedForDeletion()
    const gone = now + (window ?? 30) * DAY
    writeSecret(writer, { ...secret, deleted: { at: now, gone } })
    return { ...toMade(secret), DeletionDate: gone / 1000 }
  })
}

export async function restoreSecret({ store, clock }: Room, input: JsonObject): Promise<JsonObject> {
  return store.commit((writer) => {
    const secret = needSecret(writer, required(textOf(input, 'SecretId'), 'secretId'), clock.now())
    writeSecret(writer, { ...secret, deleted: undefined })
    return toMade(secret)
  })
}

export async function tag(room: Room, input: JsonObject): Promise<JsonObject> {
  await change(room, input, (secret) => ({ ...secret, tags: { ...secret.tags, ...toTags(input) } }))
  return {}
}

export async function untag(room: Room, input: JsonObject): Promise<JsonObject> {
  const keys = new Set(textsOf(input, 'TagKeys'))
  const without = (tags: Secret['tags']): Record<string, string> =>
    Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.has(key)))
  await change(room, input, (secret) => ({ ...secret, tags: without(secret.tags) }))
  return {}
}

export async function putPolicy(room: Room, input: JsonObject): Promise<JsonObject> {
  const policy = required(textOf(input, 'ResourcePolicy'), 'resourcePolicy')
  return toMade(await change(room, input, (secret) => ({ ...secret, policy })))
}

export async function deletePolicy(room: Room, input: JsonObject): Promise<JsonObject> {
  return toMade(await change(room, input, (secret) => ({ ...secret, policy: undefined })))
}

export function getPolicy({ store, clock }: Room, input: JsonObject): JsonObject {
  const secret = needSecret(store, required(textOf(input, 'SecretId'), 'secretId'), clock.now())
  return { ...toMade(secret), ...(secret.policy === undefined ? {} : { ResourcePolicy: secret.policy }) }
}
