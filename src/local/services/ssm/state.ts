// What Parameter Store keeps: a row for each parameter, one for each of its versions.
import { ACCOUNT, REGION } from '../../service.ts'
import { type Key, type Reader, under, type Writer } from '../../store.ts'

export type ParameterType = 'String' | 'StringList' | 'SecureString'
export type Tier = 'Standard' | 'Advanced'

/** What is the same for all versions. */
export interface Parameter {
  readonly name: string
  /** Of the newest version. */
  readonly version: number
  readonly tags: Readonly<Record<string, string>>
}

export interface Version {
  readonly name: string
  readonly number: number
  readonly value: string
  readonly type: ParameterType
  readonly tier: Tier
  readonly dataType: string
  readonly description: string | undefined
  readonly allowedPattern: string | undefined
  readonly keyId: string | undefined
  readonly labels: readonly string[]
  /** Milliseconds since 1970. */
  readonly modified: number
}

export const parameterKey = (name: string): Key => ['ssm', 'parameter', name]
const versionKey = (name: string, number: number): Key => ['ssm', 'version', name, number]

export const arnOf = (name: string): string =>
  `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter${name.startsWith('/') ? '' : '/'}${name}`

export const readParameter = (reader: Reader, name: string): Parameter | undefined => reader.get(parameterKey(name))

export const readVersion = (reader: Reader, name: string, number: number): Version | undefined =>
  reader.get(versionKey(name, number))

/** All versions, oldest first. */
export const versionsOf = (reader: Reader, name: string): Version[] =>
  [...reader.range<Version>(under('ssm', 'version', name))].map(({ value }) => value)

export const writeVersion = (writer: Writer, version: Version): void =>
  writer.put(versionKey(version.name, version.number), version)

export const removeVersion = (writer: Writer, { name, number }: Version): void =>
  writer.remove(versionKey(name, number))

/** Removes a parameter with its versions; answers whether it was there. */
export function removeParameter(writer: Writer, name: string): boolean {
  if (readParameter(writer, name) === undefined) return false
  for (const version of versionsOf(writer, name)) removeVersion(writer, version)
  writer.remove(parameterKey(name))
  return true
}

/** The newest versions of the parameters whose names begin so, in order, from one name on. */
export function* newest(reader: Reader, prefix = '', from = prefix): Iterable<Version> {
  const range = { ...under('ssm', 'parameter'), start: parameterKey(from) }
  for (const { value } of reader.range<Parameter>(range)) {
    if (!value.name.startsWith(prefix)) return
    const version = readVersion(reader, value.name, value.version)
    if (version !== undefined) yield version
  }
}
