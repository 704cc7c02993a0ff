// A message as it is kept for its subscribers, and the rules for what may be published.
import type { MessageAttribute } from '../../service.ts'
import { invalidParameter, invalidValue, missing } from './problems.ts'

export type Attributes = Readonly<Record<string, MessageAttribute>>

/** What is asked to be published. */
export interface Draft {
  readonly message: string
  readonly subject?: string | undefined
  readonly structure?: string | undefined
  readonly attributes: Attributes
  readonly group?: string | undefined
  readonly deduplication?: string | undefined
}

/** What is delivered. */
export interface Message {
  readonly id: string
  readonly topic: string
  /** By protocol, and `default`. */
  readonly texts: Readonly<Record<string, string>>
  readonly subject?: string
  readonly attributes: Attributes
  readonly time: number
  readonly group?: string
  readonly deduplication?: string
  readonly sequence?: string
  /** Where the client reached the AWS port, for the links. */
  readonly origin: string
}

export const LARGEST = 262_144

export const textFor = ({ texts }: Pick<Message, 'texts'>, protocol: string): string =>
  texts[protocol] ?? texts.default ?? ''

/** Bytes that count towards the largest size. Source: "Amazon SNS message attributes": names, types and values count. */
export function sizeOf({ message, attributes }: Draft): number {
  let bytes = Buffer.byteLength(message)
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    const value =
      BinaryValue === undefined ? Buffer.byteLength(StringValue ?? '') : Buffer.byteLength(BinaryValue, 'base64')
    bytes += Buffer.byteLength(name) + Buffer.byteLength(DataType) + value
  }
  return bytes
}

/** Refuses what SNS refuses of a message by itself. Source: recorded words. */
export function checkDraft(draft: Draft, position?: number): void {
  const { message, subject } = draft
  if (subject !== undefined && !isSubject(subject)) throw invalidParameter('Subject')
  if (message === '') throw invalidParameter('Empty message')
  for (const [name, attribute] of Object.entries(draft.attributes)) checkAttribute(name, attribute, position)
  if (sizeOf(draft) > LARGEST) throw invalidParameter('Message too long')
}

// Source: API reference of Publish: no line breaks or control characters, and not longer than 100 characters.
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is these that are refused.
const isSubject = (subject: string): boolean => /^[^\u0000-\u001f\u007f-\u009f]{1,100}$/u.test(subject)

/** The texts of a message, by protocol. */
export function readTexts({ message, structure }: Draft): Record<string, string> {
  if (structure === undefined || structure === '') return { default: message }
  if (structure !== 'json') throw invalidParameter('MessageStructure')
  const texts: Record<string, string> = Object.create(null)
  for (const [name, text] of Object.entries(readStructure(message))) if (typeof text === 'string') texts[name] = text
  if (texts.default === undefined) throw invalidParameter('Message Structure - No default entry in JSON message body')
  return texts
}

function readStructure(message: string): object {
  try {
    const value: unknown = JSON.parse(message)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Answered below.
  }
  throw invalidParameter('Message Structure - JSON message body failed to parse')
}

const TYPE = /^(?:String|Number|Binary)(?:\..+)?$/

function checkAttribute(name: string, attribute: MessageAttribute, position: number | undefined): void {
  checkName(name)
  const { DataType: type, StringValue: text, BinaryValue: binary } = attribute
  const place = position === undefined ? '' : `publishBatchRequestEntries.${position}.member.`
  if (type === '') throw missing(`${place}messageAttributes.${name}.member.dataType`)
  if (!TYPE.test(type))
    throw invalidValue(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    )
  const empty = `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${type}'.`
  if (text === undefined && binary === undefined) throw invalidValue(empty)
  const field = type.startsWith('Binary') ? 'Binary' : 'String'
  const value = field === 'Binary' ? binary : text
  if (value === undefined)
    throw invalidValue(`The message attribute '${name}' with type '${type}' must use field '${field}'.`)
  if (value === '') throw invalidValue(empty)
  if (type.startsWith('Number') && (value.trim() === '' || !Number.isFinite(Number(value))))
    throw invalidValue(`Could not cast message attribute '${name}' value to number.`)
}

function checkName(name: string): void {
  if (Buffer.byteLength(name) > 256) throw invalidValue('Length of message attribute name must be less than 256 bytes.')
  if (name.startsWith('.')) throw invalidValue("Invalid message attribute name starting with character '.' was found.")
  if (name.endsWith('.')) throw invalidValue("Invalid message attribute name ending with character '.' was found.")
  const stranger = /[^\w.-]/u.exec(name)?.[0]
  if (stranger !== undefined) {
    const code = `#x${stranger.codePointAt(0)?.toString(16).toUpperCase()}`
    throw invalidValue(
      `Invalid non-alphanumeric character '${code}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`,
    )
  }
  if (name.includes('..')) throw invalidValue("Message attribute name can not have successive '.' character.")
}
