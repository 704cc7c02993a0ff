// Reads the members of a request in the query protocol.
import { type Form, membersOf } from '../../../aws/protocol/query.ts'
import type { XmlNodes } from '../../../aws/protocol/xml.ts'
import { missing } from './problems.ts'

export function textOf(form: Form, name: string): string | undefined {
  const value = form[name]
  return typeof value === 'string' ? value : undefined
}

export function requiredText(form: Form, name: string): string {
  const value = textOf(form, name)
  if (value === undefined) throw missing(name.charAt(0).toLowerCase() + name.slice(1))
  return value
}

/** The texts of a list. */
export const textsOf = (form: Form, name: string): string[] =>
  membersOf(form[name]).flatMap((member) => (typeof member === 'string' ? [member] : []))

/** The structures of a list. */
export const formsOf = (form: Form, name: string): Form[] =>
  membersOf(form[name]).flatMap((member) => (typeof member === 'string' ? [] : [member]))

/** The pairs of a map of texts, `Attributes.entry.1.key`. */
export function pairsOf(form: Form, name: string): Record<string, string> {
  const pairs: Record<string, string> = Object.create(null)
  for (const entry of entriesOf(form, name)) {
    const key = textOf(entry, 'key')
    if (key !== undefined) pairs[key] = textOf(entry, 'value') ?? ''
  }
  return pairs
}

export function entriesOf(form: Form, name: string): Form[] {
  const map = form[name]
  return typeof map === 'object' ? formsOf(map, 'entry') : []
}

/** A map as the query protocol writes it. */
export const toEntries = (pairs: Readonly<Record<string, string>>): XmlNodes =>
  Object.entries(pairs).map(
    ([key, value]) =>
      [
        'entry',
        [
          ['key', key],
          ['value', value],
        ],
      ] as const,
  )

export const toMembers = (members: readonly XmlNodes[]): XmlNodes =>
  members.map((member) => ['member', member] as const)
