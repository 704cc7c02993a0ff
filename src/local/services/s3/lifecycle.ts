// A bucket's lifecycle rules: when an object expires by them.
import type { WireResponse } from '../../service.ts'
import type { Reader } from '../../store.ts'
import type { Call } from './dispatch.ts'
import { readSetting } from './settings.ts'
import { objectAt, type StoredObject, type StoredVersion } from './state.ts'
import { readTags } from './tags.ts'
import { isMarker } from './versions.ts'

export const DAY = 24 * 3600_000

export interface LifecycleRule {
  readonly id: string
  readonly enabled: boolean
  readonly filter: LifecycleFilter
  readonly expiration?: Expiration
  readonly noncurrent?: { readonly days: number; readonly keep?: number }
  /** Days after which an upload that nobody completed is given up. */
  readonly abort?: number
  /** Kept and given back; nothing moves here. */
  readonly transitions?: readonly Transition[]
}

export interface LifecycleFilter {
  /** How the prefix was given: as the rule's own (before 2016), alone in a filter, or with others. */
  readonly form: 'rule' | 'filter' | 'and'
  readonly prefix?: string
  readonly tags: readonly (readonly [key: string, value: string])[]
  /** Bytes: only objects that are larger, smaller. */
  readonly larger?: number
  readonly smaller?: number
}

export interface Expiration {
  readonly days?: number
  /** Milliseconds since 1970, a midnight. */
  readonly date?: number
  /** Delete markers with nothing behind them go, too. */
  readonly markers?: boolean
}

export interface Transition {
  readonly kind: 'Transition' | 'NoncurrentVersionTransition'
  readonly fields: readonly (readonly [name: string, value: string])[]
}

/** What a bucket keeps. */
export interface Lifecycle {
  readonly rules: readonly LifecycleRule[]
  /** As given in `x-amz-transition-default-minimum-object-size`. */
  readonly minimum?: string
}

export const readLifecycle = (reader: Reader, bucket: string): Lifecycle | undefined =>
  readSetting<Lifecycle>(reader, bucket, 'lifecycle')

/**
 * Days are added to a time, and the next midnight UTC is when it happens:
 * docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html#intro-lifecycle-rules-number-of-days
 */
export function dueAfter(time: number, days: number): number {
  return (Math.floor(time / DAY) + days + 1) * DAY
}

export function matchesFilter(filter: LifecycleFilter, key: string, { size, headers }: StoredObject): boolean {
  const { prefix = '', tags, larger, smaller } = filter
  if (!key.startsWith(prefix) || (larger !== undefined && size <= larger)) return false
  if (smaller !== undefined && size >= smaller) return false
  if (tags.length === 0) return true
  const given = readTags(headers['x-amz-tagging']) ?? []
  return tags.every(([name, value]) => given.some((one) => one[0] === name && one[1] === value))
}

/** When an object expires first, and by which rule. */
export function expiryOf(
  rules: readonly LifecycleRule[],
  key: string,
  object: StoredObject,
): { at: number; rule: LifecycleRule } | undefined {
  let first: { at: number; rule: LifecycleRule } | undefined
  for (const rule of rules) {
    const { days, date } = rule.expiration ?? {}
    if (!rule.enabled || !matchesFilter(rule.filter, key, object)) continue
    const at = date ?? (days === undefined ? undefined : dueAfter(object.modified, days))
    if (at !== undefined && (first === undefined || at < first.at)) first = { at, rule }
  }
  return first
}

// docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html: the header of these answers.
const SHOWN = new Set(['PutObject', 'CopyObject', 'CompleteMultipartUpload', 'GetObject', 'HeadObject', 'PostObject'])

/** An answer with `x-amz-expiration`, where the object will expire by a rule. */
export function withExpiration({ bucket, key, query, store }: Call, name: string, answer: WireResponse): WireResponse {
  if (!SHOWN.has(name) || answer.status >= 300 || query.has('versionId')) return answer
  const kept = readLifecycle(store, bucket)
  if (kept === undefined) return answer
  const stored = store.get<StoredVersion>(objectAt(bucket, key))
  if (stored === undefined || isMarker(stored)) return answer
  const expiry = expiryOf(kept.rules, key, stored)
  if (expiry === undefined) return answer
  const date = new Date(expiry.at).toUTCString()
  const header = `expiry-date="${date}", rule-id="${encodeURIComponent(expiry.rule.id)}"`
  return { ...answer, headers: { ...answer.headers, 'x-amz-expiration': header } }
}
