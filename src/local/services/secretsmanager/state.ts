// What Secrets Manager keeps: a row for each secret, one for each version of its value.
import { randomInt } from 'node:crypto'
import { ACCOUNT, REGION } from '../../service.ts'
import { type Key, type Reader, under, type Writer } from '../../store.ts'
import { notFound } from './problems.ts'

export interface Secret {
  readonly name: string
  readonly arn: string
  readonly description: string | undefined
  readonly keyId: string | undefined
  readonly tags: Readonly<Record<string, string>>
  readonly policy: string | undefined
  /** Milliseconds since 1970. */
  readonly created: number
  readonly changed: number
  readonly accessed: number | undefined
  /** When somebody deleted it, and when it will be gone. */
  readonly deleted: { readonly at: number; readonly gone: number } | undefined
}

export interface SecretVersion {
  readonly id: string
  readonly text: string | undefined
  /** Base64. */
  readonly binary: string | undefined
  readonly stages: readonly string[]
  readonly created: number
  /** Counts up, as two may be made in one millisecond. */
  readonly order: number
}

export const CURRENT = 'AWSCURRENT'
export const PREVIOUS = 'AWSPREVIOUS'

const secretKey = (name: string): Key => ['secretsmanager', 'secret', name]
const versionKey = (name: string, id: string): Key => ['secretsmanager', 'version', name, id]

const SUFFIX = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** Six characters tell a secret from an earlier one of its name. */
export function newArn(name: string): string {
  const suffix = Array.from({ length: 6 }, () => SUFFIX[randomInt(SUFFIX.length)]).join('')
  return `${ARN}${name}-${suffix}`
}

const ARN = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:`

/** The secret of a name, an ARN, or an ARN without its six characters. One whose time is over is not there any more. */
export function findSecret(reader: Reader, id: string, now: number): Secret | undefined {
  const named = id.startsWith(ARN) ? id.slice(ARN.length) : id
  const found = readSecret(reader, named, now)
  if (found !== undefined || named === id) return found
  const whole = readSecret(reader, named.replace(/-[A-Za-z0-9]{6}$/, ''), now)
  return whole?.arn === id ? whole : undefined
}

function readSecret(reader: Reader, name: string, now: number): Secret | undefined {
  const kept = reader.get<Secret>(secretKey(name))
  return kept?.deleted !== undefined && kept.deleted.gone <= now ? undefined : kept
}

/** Whether there is a row of the name, even of a secret whose time is over. */
export const isKept = (reader: Reader, name: string): boolean => reader.get(secretKey(name)) !== undefined

/** Throws where there is none. */
export function needSecret(reader: Reader, id: string, now: number): Secret {
  const found = findSecret(reader, id, now)
  if (found === undefined) throw notFound()
  return found
}

/** All of them in the order of their names, those somebody has deleted included. */
export function* secrets(reader: Reader, now: number): Iterable<Secret> {
  for (const { value } of reader.range<Secret>(under('secretsmanager', 'secret')))
    if (value.deleted === undefined || value.deleted.gone > now) yield value
}

export const writeSecret = (writer: Writer, secret: Secret): void => writer.put(secretKey(secret.name), secret)

export function removeSecret(writer: Writer, name: string): void {
  for (const { key } of writer.range(under('secretsmanager', 'version', name))) writer.remove(key)
  writer.remove(secretKey(name))
}

/** Oldest first. */
export const versionsOf = (reader: Reader, name: string): SecretVersion[] =>
  [...reader.range<SecretVersion>(under('secretsmanager', 'version', name))]
    .map(({ value }) => value)
    .sort((left, right) => left.order - right.order)

export const readVersion = (reader: Reader, name: string, id: string): SecretVersion | undefined =>
  reader.get(versionKey(name, id))

export const writeVersion = (writer: Writer, name: string, version: SecretVersion): void =>
  writer.put(versionKey(name, version.id), version)

export const removeVersion = (writer: Writer, name: string, { id }: SecretVersion): void =>
  writer.remove(versionKey(name, id))
