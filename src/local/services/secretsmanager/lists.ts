// What Secrets Manager tells of secrets: one, all, their versions, many values at once.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import {
  flagOf,
  fromToken,
  numberOf,
  objectsOf,
  required,
  textOf,
  textsOf,
  toToken,
  within,
} from '../../../aws/protocol/members.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import { invalid } from './problems.ts'
import { needSecret, type Secret, secrets, versionsOf } from './state.ts'
import { getValue, type Room } from './values.ts'

export function describeSecret({ store, clock }: Room, input: JsonObject): JsonObject {
  const secret = needSecret(store, required(textOf(input, 'SecretId'), 'secretId'), clock.now())
  return { ...toEntry(secret), VersionIdsToStages: toStages(store, secret.name) }
}

function toStages(store: Room['store'], name: string): JsonObject | undefined {
  const staged = versionsOf(store, name).filter(({ stages }) => stages.length > 0)
  return staged.length === 0 ? undefined : Object.fromEntries(staged.map(({ id, stages }) => [id, stages]))
}

const toEntry = ({ arn, name, description, keyId, tags, created, changed, accessed, deleted }: Secret): JsonObject => ({
  ARN: arn,
  Name: name,
  ...(description === undefined ? {} : { Description: description }),
  ...(keyId === undefined ? {} : { KmsKeyId: keyId }),
  LastChangedDate: changed / 1000,
  ...(accessed === undefined ? {} : { LastAccessedDate: accessed / 1000 }),
  ...(deleted === undefined ? {} : { DeletedDate: deleted.at / 1000 }),
  ...(Object.keys(tags).length === 0 ? {} : { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
  CreatedDate: created / 1000,
})

type Wants = (secret: Secret) => boolean

// Source: "Find secrets": names and descriptions by their beginning, `!` in front turns it round.
function toFilter(filters: readonly JsonObject[]): Wants {
  const all = filters.map((filter): Wants => {
    const key = required(textOf(filter, 'Key'), 'key')
    const values = textsOf(filter, 'Values') ?? []
    return (secret) => values.some((value) => isLike(textsFor(secret, key), value))
  })
  return (secret) => all.every((wants) => wants(secret))
}

function isLike(texts: readonly string[], value: string): boolean {
  if (value.startsWith('!')) return !isLike(texts, value.slice(1))
  return texts.some((text) => text.toLowerCase().startsWith(value.toLowerCase()))
}

function textsFor({ name, description = '', tags }: Secret, key: string): readonly string[] {
  const words = (text: string): string[] => [text, ...text.split(/[\s/_+=.@!-]+/)]
  switch (key) {
    case 'name':
      return [name]
    case 'description':
      return words(description)
    case 'tag-key':
      return Object.keys(tags)
    case 'tag-value':
      return Object.values(tags)
    case 'all':
      return [name, ...words(name), ...words(description), ...Object.keys(tags), ...Object.values(tags)]
    case 'primary-region':
    case 'owning-service':
      return []
    default:
      throw invalid(`The filter key ${key} is not valid.`)
  }
}

export function listSecrets({ store, clock }: Room, input: JsonObject): JsonObject {
  const wants = toFilter(objectsOf(input, 'Filters') ?? [])
  const planned = flagOf(input, 'IncludePlannedDeletion')
  const most = within(numberOf(input, 'MaxResults'), 'maxResults', { least: 1, most: 100, or: 100 })
  const from = fromToken(textOf(input, 'NextToken'))
  const isDown = textOf(input, 'SortOrder') === 'desc'
  const isAhead = (name: string): boolean => from === undefined || (isDown ? name < from : name > from)
  const found = [...secrets(store, clock.now())].filter(
    (one) => isAhead(one.name) && (planned || one.deleted === undefined) && wants(one),
  )
  if (isDown) found.reverse()
  const page = found.slice(0, most)
  return {
    SecretList: page.map((one) => ({ ...toEntry(one), SecretVersionsToStages: toStages(store, one.name) })),
    ...(found.length > most ? { NextToken: toToken(page.at(-1)?.name ?? '') } : {}),
  }
}

export function listVersions({ store, clock }: Room, input: JsonObject): JsonObject {
  const { arn, name } = needSecret(store, required(textOf(input, 'SecretId'), 'secretId'), clock.now())
  const all = flagOf(input, 'IncludeDeprecated')
  const found = versionsOf(store, name).filter(({ stages }) => all || stages.length > 0)
  const Versions = found.map(({ id, stages, created }) => ({
    VersionId: id,
    ...(stages.length === 0 ? {} : { VersionStages: stages }),
    CreatedDate: created / 1000,
  }))
  return { ARN: arn, Name: name, Versions }
}

const MOST_AT_ONCE = 20

export async function batchGet(room: Room, input: JsonObject): Promise<JsonObject> {
  const ids = textsOf(input, 'SecretIdList')
  const filters = objectsOf(input, 'Filters')
  if ((ids === undefined) === (filters === undefined))
    throw invalid("Either 'SecretIdList' or 'Filters' must be provided, but not both.")
  if ((ids?.length ?? 0) > MOST_AT_ONCE) throw invalid(`You can ask for ${MOST_AT_ONCE} secrets at once at most.`)
  const listed = ids === undefined ? listSecrets(room, { MaxResults: MOST_AT_ONCE, ...input }) : undefined
  const names = ids ?? namesIn(listed?.SecretList)
  const SecretValues: JsonObject[] = []
  const Errors: JsonObject[] = []
  for (const SecretId of names) {
    try {
      SecretValues.push(await getValue(room, { SecretId }))
    } catch (problem) {
      if (!(problem instanceof ServiceError)) throw problem
      Errors.push({ SecretId, ErrorCode: problem.type, Message: problem.message })
    }
  }
  const next = listed?.NextToken === undefined ? {} : { NextToken: listed.NextToken }
  return { SecretValues, Errors, ...next }
}

const namesIn = (list: unknown): string[] =>
  Array.isArray(list) ? list.flatMap((one) => (isObject(one) && typeof one.Name === 'string' ? [one.Name] : [])) : []
