// Attribute values as a client sends them: what is wrong with them in AWS's words, or the values as they are kept.
// The members of a set are put in order, as AWS answers them: texts and binaries by bytes, numbers by value.
// Source: recorded answers (dynamodb-conformance, October 2026; dynalite's tests).

import { isObject, type JsonObject } from '../../../aws/protocol/json.ts'
import type { ServiceError } from '../../../aws/protocol/service-error.ts'
import { compareBinaries, compareText } from './compare.ts'
import { checkNumber, compareNumbers, type Layer } from './decimal.ts'
import { invalid, invalidParameter } from './problems.ts'
import { type AttributeType, type AttributeValue, emptyItem, type Item } from './values.ts'

const TYPES: readonly AttributeType[] = ['S', 'N', 'B', 'SS', 'NS', 'BS', 'M', 'L', 'NULL', 'BOOL']
const DEEPEST = 32

export const tooDeep = (): ServiceError =>
  invalid(
    'Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit',
  )

/** Reads the attributes of an item or a key whose shape was checked. */
export function readItem(raw: unknown, layer: Layer): Item {
  return readAttributes(raw, layer, 1)
}

export function readValue(raw: unknown, layer: Layer): AttributeValue {
  return readNested(raw, layer, 1)
}

/** Throws when a value that was put together from others has become too deep. */
export function checkDepthOf(value: AttributeValue, depth = 1): void {
  if (depth > DEEPEST) throw tooDeep()
  if ('L' in value) for (const one of value.L) checkDepthOf(one, depth + 1)
  else if ('M' in value) for (const one of Object.values(value.M)) checkDepthOf(one, depth + 1)
}

function readAttributes(raw: unknown, layer: Layer, depth: number): Item {
  const item = emptyItem()
  if (!isObject(raw)) return item
  for (const name of Object.keys(raw)) {
    // AWS drops a null member of a map.
    if (raw[name] !== null) item[name] = readNested(raw[name], layer, depth)
  }
  return item
}

function readNested(raw: unknown, layer: Layer, depth: number): AttributeValue {
  if (depth > DEEPEST) throw tooDeep()
  const value = isObject(raw) ? raw : {}
  let read: AttributeValue | undefined
  let count = 0
  for (const name of Object.keys(value)) {
    const type = TYPES.find((one) => one === name)
    if (type === undefined || value[name] === null || value[name] === undefined) continue
    count++
    read = readTyped(type, value, layer, depth)
  }
  if (read === undefined)
    throw invalid('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes')
  if (count > 1)
    throw invalid(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    )
  return read
}

function readTyped(type: AttributeType, value: JsonObject, layer: Layer, depth: number): AttributeValue {
  const raw = value[type]
  switch (type) {
    case 'S':
      return { S: String(raw) }
    case 'N':
      return { N: readNumber(String(raw), layer) }
    case 'B':
      return { B: String(raw) }
    case 'BOOL':
      return { BOOL: isTrue(raw) }
    case 'NULL':
      if (!isTrue(raw)) throw invalidParameter('Null attribute value types must have the value of true')
      return { NULL: true }
    case 'SS':
      return { SS: readTexts(raw, layer) }
    case 'NS':
      return { NS: readNumbers(raw, layer) }
    case 'BS':
      return { BS: readBinaries(raw, layer) }
    case 'M':
      return { M: readAttributes(raw, layer, depth + 1) }
    case 'L':
      return { L: (Array.isArray(raw) ? raw : []).map((one: unknown) => readNested(one, layer, depth + 1)) }
  }
}

const isTrue = (raw: unknown): boolean => raw === true || (typeof raw === 'string' && /^(?:true|1|yes)$/i.test(raw))

function readNumber(text: string, layer: Layer): string {
  const checked = checkNumber(text, layer)
  if ('problem' in checked) throw invalid(checked.problem)
  return checked.text
}

const textsOf = (raw: unknown): string[] => (Array.isArray(raw) ? raw.map(String) : [])

function readTexts(raw: unknown, layer: Layer): string[] {
  const texts = textsOf(raw)
  if (texts.length === 0) throw invalidParameter('An string set  may not be empty')
  const at = firstRepeat(texts)
  if (at < 0) return texts.sort(compareText)
  const printed = layer === 'older' ? texts.join(', ') : inByteOrder(texts, at, compareText).join(', ')
  throw invalidParameter(`Input collection [${printed}] contains duplicates.`)
}

function readNumbers(raw: unknown, layer: Layer): string[] {
  const texts = textsOf(raw)
  if (texts.length === 0) throw invalidParameter('An number set  may not be empty')
  const numbers = texts.map((text) => readNumber(text, layer))
  if (firstRepeat(numbers) < 0) return numbers.sort(compareNumbers)
  throw layer === 'older'
    ? invalid('Input collection contains duplicates')
    : invalidParameter('Input collection contains duplicates.')
}

function readBinaries(raw: unknown, layer: Layer): string[] {
  const texts = textsOf(raw)
  if (texts.length === 0) throw invalidParameter('Binary sets should not be empty')
  const at = firstRepeat(texts)
  if (at < 0) return texts.sort(compareBinaries)
  const printed = layer === 'older' ? texts.join(', ') : inByteOrder(texts, at, compareBinaries).join(',')
  throw invalidParameter(`Input collection [${printed}]of type BS contains duplicates.`)
}

function firstRepeat(members: readonly string[]): number {
  const seen = new Set<string>()
  return members.findIndex((one) => seen.size === seen.add(one).size)
}

// The members up to the first repeat in byte order, then the rest as sent, in quotes.
function inByteOrder(
  members: readonly string[],
  repeat: number,
  compare: (left: string, right: string) => number,
): string[] {
  const sorted = members.slice(0, repeat).sort(compare)
  return [...sorted, ...members.slice(repeat)].map((one) => `"${one}"`)
}
