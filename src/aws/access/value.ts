// What may be known of an operation's input: everything, when a request is at hand; parts of it, when only its code is read.

/**
 * A value as far as it is known.
 *
 * `text` has at least one part that is not known (`undefined` among its parts); a text that is known whole is `known`.
 * `object` is open when it may have members that are not listed. `any` is one of several, none of them an `any` itself.
 */
export type Value =
  | { readonly kind: 'known'; readonly value: string | number | boolean | null | undefined }
  | { readonly kind: 'text'; readonly parts: readonly (string | undefined)[] }
  | { readonly kind: 'list'; readonly items: readonly Value[]; readonly open: boolean }
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Value>; readonly open: boolean }
  | { readonly kind: 'any'; readonly values: readonly Value[] }
  | { readonly kind: 'unknown' }

export const UNKNOWN: Value = { kind: 'unknown' }

/** What JSON holds, as a value that is known whole. */
export function toValue(given: unknown): Value {
  if (Array.isArray(given)) return { kind: 'list', items: given.map(toValue), open: false }
  if (typeof given === 'object' && given !== null) {
    const members = new Map(Object.entries(given).map(([name, member]) => [name, toValue(member)]))
    return { kind: 'object', members, open: false }
  }
  if (typeof given === 'string' || typeof given === 'number' || typeof given === 'boolean' || given === null)
    return { kind: 'known', value: given }
  return UNKNOWN
}
