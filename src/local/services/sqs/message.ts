// A message as it is kept, and the rules for what may be sent.
import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import { entriesOf, integerOf, textOf } from './input.ts'
import { invalidContents, invalidParameter, invalidValue, missingParameter, unsupported } from './problems.ts'

/** A message attribute. `binary` is base64. */
export interface Attribute {
  readonly name: string
  readonly type: string
  readonly text?: string
  readonly binary?: string
}

/** What is asked to be sent, checked apart from what depends on the queue. */
export interface Draft {
  readonly body: string
  readonly bytes: number
  readonly attributes: readonly Attribute[]
  readonly system: readonly Attribute[]
  readonly delay?: number
  readonly group?: string
  readonly deduplication?: string
}

/** A message as it lies in the store; nothing of it changes until it is deleted. */
export interface Message {
  readonly id: string
  readonly body: string
  readonly md5: string
  /** When it was sent, and when it came into this queue: a FIFO dead-letter queue starts the retention anew. */
  readonly sent: number
  readonly entered: number
  readonly sender: string
  readonly attributes: readonly Attribute[]
  readonly trace?: string
  readonly group?: string
  readonly deduplication?: string
  readonly number?: string
  /** The ARN of the queue whose redrive policy brought it here. */
  readonly source?: string
  /** Times it was received, and when first, before it came here. */
  readonly carried?: number
  readonly first?: number
}

/** What changes while a message lies in its queue. */
export interface State {
  readonly at: number
  readonly count: number
  readonly first: number
  readonly last: number
}

/** Reads the message of SendMessage, or of one entry of a batch. */
export function readDraft(input: JsonObject): Draft {
  const body = textOf(input, 'MessageBody')
  if (body === undefined || body === '') throw missingParameter('MessageBody')
  const attributes = readAttributes(input, 'MessageAttributes')
  const system = readSystemAttributes(input)
  const delay = integerOf(input, 'DelaySeconds', 0, 900)
  const group = readIdentifier(input, 'MessageGroupId')
  const deduplication = readIdentifier(input, 'MessageDeduplicationId')
  const bytes = attributes.reduce((sum, one) => sum + sizeOf(one), Buffer.byteLength(body))
  return {
    body,
    bytes,
    attributes,
    system,
    ...(delay === undefined ? {} : { delay }),
    ...(group === undefined ? {} : { group }),
    ...(deduplication === undefined ? {} : { deduplication }),
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: SQS names the control characters it refuses.
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/u

/** Refuses what SQS refuses by content and size: checked after the queue is known, for its own limit. */
export function checkDraft(draft: Draft, limit: number): void {
  if (draft.bytes > limit)
    throw invalidParameter(`One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`)
  if (FORBIDDEN.test(draft.body)) throw invalidContents()
}

// A binary value counts with its bytes, not with its base64 text.
const sizeOf = ({ name, type, text, binary }: Attribute): number =>
  Buffer.byteLength(name) +
  Buffer.byteLength(type) +
  (binary === undefined ? Buffer.byteLength(text ?? '') : Buffer.byteLength(binary, 'base64'))

/** Group ids, deduplication ids, attempt ids. */
export const IDENTIFIER = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/

function readIdentifier(input: JsonObject, name: string): string | undefined {
  const value = textOf(input, name)
  if (value !== undefined && !IDENTIFIER.test(value))
    throw invalidValue(
      name,
      value,
      `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    )
  return value
}

function readAttributes(input: JsonObject, member: string): Attribute[] {
  const attributes = entriesOf(input, member).map(([name, value]) => readAttribute(name, value))
  if (attributes.length > 10)
    throw invalidParameter(`Number of message attributes [${attributes.length}] exceeds the allowed maximum [10].`)
  return attributes
}

// Source: API reference of SendMessage: this one attribute, and no other, and only as text.
function readSystemAttributes(input: JsonObject): Attribute[] {
  if (input.MessageSystemAttributes === undefined) return []
  const attributes = readAttributes(input, 'MessageSystemAttributes')
  for (const { name, type } of attributes)
    if (name !== 'AWSTraceHeader' || type !== 'String')
      throw invalidParameter(`Message system attribute ${name} of type ${type} is not supported.`)
  return attributes
}

const said = (name: string): string => `Message (user) attribute '${name}'`

const isFilled = (value: unknown): boolean => Array.isArray(value) && value.length > 0

// Sources: SQS Developer Guide, "Message metadata"; recorded answers for the empty and the untyped value.
function readAttribute(name: string, value: unknown): Attribute {
  if (!/^[\u00c0-\u017f\w.-]{1,256}$/.test(name) || /^(?:aws\.|amazon\.|\.)|\.$|\.\./i.test(name))
    throw invalidParameter(`Invalid message attribute name: ${name}`)
  if (!isObject(value)) throw invalidParameter(`${said(name)} must contain a value.`)
  if (isFilled(value.StringListValues) || isFilled(value.BinaryListValues))
    throw unsupported(`${said(name)} has a list of values, which is not supported.`)
  const type = textOf(value, 'DataType') ?? ''
  if (type === '') throw invalidParameter(`${said(name)} must contain a non-empty attribute type.`)
  const kind = /^(String|Number|Binary)(?:\..*)?$/.exec(type)?.[1]
  if (kind === undefined || type.length > 256)
    throw invalidParameter(
      `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    )
  const text = textOf(value, 'StringValue')
  const binary = textOf(value, 'BinaryValue')
  const given = kind === 'Binary' ? binary : text
  if (given === undefined || given === '')
    throw invalidParameter(`${said(name)} must contain a non-empty value of type '${kind}'.`)
  if (kind !== 'Binary' && FORBIDDEN.test(given)) throw invalidContents()
  if (kind === 'Number' && !Number.isFinite(Number(given)))
    throw invalidParameter(`Can't cast the value of message (user) attribute '${name}' to a number.`)
  return kind === 'Binary' ? { name, type, binary: given } : { name, type, text: given }
}
