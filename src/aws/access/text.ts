// Reads texts out of what is known of an input: names and ARNs with `*` for the parts that are not known.
import type { Place } from './need.ts'
import { UNKNOWN, type Value } from './value.ts'

/** What a call gives an operation, and where it is made. */
export interface Input {
  readonly value: Value
  readonly place: Place
}

/** A text that may have unknown parts. */
export interface Text {
  /** `*` stands for what is not known. */
  readonly pattern: string
  /** Whether any of it is known. */
  readonly told: boolean
}

export const UNTOLD: Text = { pattern: '*', told: false }

// What tells something: not the dashes and slashes that join unknown parts.
const SAYING = /[a-z0-9]/i

const NOTHING: Value = { kind: 'known', value: undefined }
const ABSENT: readonly Value[] = [NOTHING]

/** The values that it may be, none of them an `any`. */
export function alternatives(value: Value): readonly Value[] {
  return value.kind === 'any' ? value.values.flatMap(alternatives) : [value]
}

/** The values that a member may have; a known `undefined` where it may be left out. */
export function member(value: Value, name: string): readonly Value[] {
  // What most inputs are by far, at every request of the local cloud.
  if (value.kind === 'object') {
    const given = value.members.get(name)
    if (given === undefined) return value.open ? [UNKNOWN] : ABSENT
    if (given.kind !== 'any') return [given]
  }
  return alternatives(value).flatMap((one) => {
    if (one.kind === 'object') return alternatives(one.members.get(name) ?? (one.open ? UNKNOWN : NOTHING))
    return isAbsent(one) ? [NOTHING] : [UNKNOWN]
  })
}

/** The member of a member, and so on: `at(input, 'Delete', 'Objects')`. */
export function at(value: Value, ...names: readonly string[]): readonly Value[] {
  return names.reduce<readonly Value[]>((values, name) => values.flatMap((one) => member(one, name)), [value])
}

/** What a list holds; an unknown one for those that it may hold besides. Of a list that is absent, nothing. */
export function items(values: readonly Value[]): readonly Value[] {
  return values.flatMap((value) => {
    if (value.kind === 'list') return [...value.items.flatMap(alternatives), ...(value.open ? [UNKNOWN] : [])]
    return isAbsent(value) ? [] : [UNKNOWN]
  })
}

/** The names of an object's members, and whether it may have more. */
export function names(values: readonly Value[]): readonly Text[] {
  return values.flatMap((value) => {
    if (value.kind === 'object') {
      const known = [...value.members.keys()].map((name) => ({ pattern: name, told: true }))
      return value.open ? [...known, UNTOLD] : known
    }
    return isAbsent(value) ? [] : [UNTOLD]
  })
}

export function isAbsent(value: Value): boolean {
  return value.kind === 'known' && (value.value === undefined || value.value === null)
}

/** Whether the code names this member, if only sometimes. One that an open object may have besides is not named. */
export function isNamed(value: Value, name: string): boolean {
  if (value.kind === 'object' && !value.members.has(name)) return false
  return alternatives(value).some((one) => {
    if (one.kind !== 'object') return false
    const given = one.members.get(name)
    return given !== undefined && alternatives(given).some((each) => !isAbsent(each))
  })
}

/**
 * What those of these members say that the code names, of lists what their items say; nothing where it names none of them. One that
 * is named and not known is among them as `*`: what it says counts as much as what is known.
 */
export function said(value: Value, ...names: readonly string[]): readonly Text[] {
  const named = alternatives(value).flatMap((one) =>
    names.filter((name) => isNamed(one, name)).flatMap((name) => member(one, name)),
  )
  return texts(named.flatMap((one) => (one.kind === 'list' ? items([one]) : [one])))
}

/** How surely a member is given. A value that is not known may be `undefined`; see `isNamed` for what counts at all. */
export function given(value: Value, name: string): 'always' | 'sometimes' | 'never' {
  if (!isNamed(value, name)) return 'never'
  return member(value, name).every((one) => one.kind !== 'unknown' && !isAbsent(one)) ? 'always' : 'sometimes'
}

/** Whether the member is surely left out. */
export function isLeftOut(value: Value, name: string): boolean {
  return member(value, name).every(isAbsent)
}

/** The texts that these values may be. What is absent is no text. */
export function texts(values: readonly Value[]): readonly Text[] {
  const found = new Map<string, Text>()
  for (const value of values.flatMap(alternatives)) {
    const text = toText(value)
    if (text !== undefined) found.set(text.pattern, text)
  }
  return [...found.values()]
}

function toText(value: Value): Text | undefined {
  if (value.kind === 'known') return isAbsent(value) ? undefined : { pattern: String(value.value), told: true }
  if (value.kind !== 'text') return UNTOLD
  const pattern = value.parts.map((part) => part ?? '*').join('')
  return { pattern: pattern.replace(/\*{2,}/g, '*'), told: value.parts.some((part) => SAYING.test(part ?? '')) }
}

/** The texts of a member of the input; the untold one where it is left out. */
export function named(input: Input, ...path: readonly string[]): readonly Text[] {
  const found = texts(at(input.value, ...path))
  return orUntold(found)
}

// Two members that may be one of many each make many pairs; beyond these the second one counts as not known.
const MOST_PAIRS = 256

/** Of a second member, what is worth pairing with each of a first one's values. */
export function paired(first: readonly Text[], second: readonly Text[]): readonly Text[] {
  return first.length > 1 && first.length * second.length > MOST_PAIRS ? [UNTOLD] : second
}

/** The texts, or the one that is not told where there are none. */
export function orUntold(given: readonly Text[]): readonly Text[] {
  return given.length === 0 ? [UNTOLD] : given
}
