// Reading parameters: by name, by path, their history, what they are without their values.
import { createCipheriv, createHash } from 'node:crypto'
import type { JsonObject } from '../../../aws/protocol/json.ts'
import {
  constraint,
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
import { ACCOUNT } from '../../service.ts'
import { toMatcher } from './filters.ts'
import { findVersion, readAsked } from './names.ts'
import { invalid, notFound } from './problems.ts'
import type { Room } from './put.ts'
import { arnOf, newest, readParameter, type Version, versionsOf } from './state.ts'

export function getParameter({ store }: Room, input: JsonObject): JsonObject {
  const asked = readAsked(required(textOf(input, 'Name'), 'name'), store)
  const found = findVersion(store, asked)
  return { Parameter: toParameter(found, flagOf(input, 'WithDecryption'), asked.selector) }
}

const MOST_NAMES = 10

export function getParameters({ store }: Room, input: JsonObject): JsonObject {
  const names = required(textsOf(input, 'Names'), 'names')
  if (names.length > MOST_NAMES)
    throw constraint(`[${names.join(', ')}]`, 'names', `Member must have length less than or equal to ${MOST_NAMES}`)
  const Parameters: JsonObject[] = []
  const InvalidParameters: string[] = []
  for (const name of new Set(names)) {
    try {
      const asked = readAsked(name, store)
      Parameters.push(toParameter(findVersion(store, asked), flagOf(input, 'WithDecryption'), asked.selector))
    } catch (problem) {
      if (!(problem instanceof ServiceError)) throw problem
      InvalidParameters.push(name)
    }
  }
  return { Parameters, InvalidParameters }
}

export function getByPath({ store }: Room, input: JsonObject): JsonObject {
  const path = required(textOf(input, 'Path'), 'path')
  if (!/^\/([a-zA-Z0-9_.-]+\/?)*$/.test(path))
    throw invalid(
      'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.',
    )
  const prefix = path.endsWith('/') ? path : `${path}/`
  const isWanted = toMatcher(objectsOf(input, 'ParameterFilters') ?? [], store)
  const recursive = flagOf(input, 'Recursive')
  const decrypt = flagOf(input, 'WithDecryption')
  const { page, next } = toPage(store, input, {
    most: 10,
    prefix,
    wants: (one) => (recursive || !one.name.slice(prefix.length).includes('/')) && isWanted(one),
  })
  return { Parameters: page.map((one) => toParameter(one, decrypt)), ...next }
}

export function describeParameters({ store }: Room, input: JsonObject): JsonObject {
  // The older form of filters has `Values` too, and `Key` under the same name.
  const given = [...(objectsOf(input, 'ParameterFilters') ?? []), ...(objectsOf(input, 'Filters') ?? [])]
  const { page, next } = toPage(store, input, { most: 50, prefix: '', wants: toMatcher(given, store) })
  return { Parameters: page.map(toMetadata), ...next }
}

export function getHistory({ store }: Room, input: JsonObject): JsonObject {
  const { name } = readAsked(required(textOf(input, 'Name'), 'name'), store)
  if (readParameter(store, name) === undefined) throw notFound()
  const most = within(numberOf(input, 'MaxResults'), 'maxResults', { least: 1, most: 50, or: 50 })
  const from = Number(fromToken(textOf(input, 'NextToken')) ?? 0)
  const all = versionsOf(store, name).filter(({ number }) => number > from)
  const page = all.slice(0, most)
  const decrypt = flagOf(input, 'WithDecryption')
  const history = page.map((one) => ({ ...toMetadata(one), Value: shownValue(one, decrypt), Labels: one.labels }))
  const last = page.at(-1)?.number
  return { Parameters: history, ...(all.length > most ? { NextToken: toToken(String(last)) } : {}) }
}

interface Wanted {
  readonly most: number
  readonly prefix: string
  readonly wants: (one: Version) => boolean
}

function toPage(
  store: Room['store'],
  input: JsonObject,
  { most, prefix, wants }: Wanted,
): { page: Version[]; next: { NextToken?: string } } {
  const limit = within(numberOf(input, 'MaxResults'), 'maxResults', { least: 1, most, or: most })
  const page: Version[] = []
  for (const one of newest(store, prefix, fromToken(textOf(input, 'NextToken')))) {
    if (!wants(one)) continue
    if (page.length === limit) return { page, next: { NextToken: toToken(one.name) } }
    page.push(one)
  }
  return { page, next: {} }
}

function toParameter(one: Version, decrypt: boolean, selector?: string): JsonObject {
  return {
    Name: one.name,
    Type: one.type,
    Value: shownValue(one, decrypt),
    Version: one.number,
    ...(selector === undefined ? {} : { Selector: `:${selector}` }),
    LastModifiedDate: one.modified / 1000,
    ARN: arnOf(one.name),
    DataType: one.dataType,
  }
}

function toMetadata(one: Version): JsonObject {
  return {
    Name: one.name,
    ARN: arnOf(one.name),
    Type: one.type,
    ...(one.keyId === undefined ? {} : { KeyId: one.keyId }),
    LastModifiedDate: one.modified / 1000,
    LastModifiedUser: `arn:aws:iam::${ACCOUNT}:root`,
    ...(one.description === undefined ? {} : { Description: one.description }),
    ...(one.allowedPattern === undefined ? {} : { AllowedPattern: one.allowedPattern }),
    Version: one.number,
    Tier: one.tier,
    Policies: [],
    DataType: one.dataType,
  }
}

// There is no key to be kept secret here: what matters is that nobody takes the encrypted value for the value.
function shownValue({ name, number, value, type }: Version, decrypt: boolean): string {
  if (type !== 'SecureString' || decrypt) return value
  const seed = createHash('sha256').update(`${name}:${number}`).digest()
  const cipher = createCipheriv('aes-128-ctr', seed.subarray(0, 16), seed.subarray(16))
  return Buffer.concat([Buffer.from([1, 2, 2, 0]), cipher.update(value), cipher.final()]).toString('base64')
}
