// Conditional requests (RFC 9110 §13) as S3 evaluates them, for reads, copies and writes.
import { S3Error } from './errors.ts'
import type { Headers } from './receive.ts'
import type { StoredObject } from './state.ts'

type Outcome = 'ok' | { readonly failed: string; readonly unchanged?: true }

/** Checks a read; throws 304 or 412. */
export function checkRead(headers: Headers, object: StoredObject): void {
  if (!asks(headers)) return
  const outcome = evaluate(headers, '', object)
  if (outcome === 'ok') return
  const validators = { etag: `"${object.etag}"`, 'last-modified': new Date(object.modified).toUTCString() }
  if (outcome.unchanged) throw new S3Error('NotModified', {}, undefined, validators)
  throw new S3Error('PreconditionFailed', { Condition: outcome.failed })
}

// Most reads ask for nothing: the names as they are cost less than the names made up.
const asks = (headers: Headers): boolean =>
  headers['if-none-match'] !== undefined ||
  headers['if-match'] !== undefined ||
  headers['if-modified-since'] !== undefined ||
  headers['if-unmodified-since'] !== undefined

/** Checks the source of a copy; a copy has no 304, and takes no date to come for a condition. Recorded. */
export function checkCopySource(headers: Headers, source: StoredObject, now: number): void {
  const name = 'x-amz-copy-source-if-modified-since'
  const isToCome = (readDate(headers[name]) ?? 0) > now
  const outcome = evaluate(isToCome ? { ...headers, [name]: undefined } : headers, 'x-amz-copy-source-', source)
  if (outcome !== 'ok') throw new S3Error('PreconditionFailed', { Condition: outcome.failed })
}

/** Whether a write depends on what is there. */
export function isConditional(headers: Headers): boolean {
  return headers['if-match'] !== undefined || headers['if-none-match'] !== undefined
}

/** Checks a write or a delete against what is there: docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html. */
export function checkWrite(headers: Headers, key: string, existing: StoredObject | undefined): void {
  const match = headers['if-match']
  const none = headers['if-none-match']
  if (none !== undefined && none !== '*') throw new S3Error('NotImplemented', { Header: 'If-None-Match' })
  if (none !== undefined && match !== undefined) throw new S3Error('NotImplemented', { Header: 'If-Match' })
  if (none !== undefined && existing !== undefined)
    throw new S3Error('PreconditionFailed', { Condition: 'If-None-Match' })
  if (match === undefined) return
  if (existing === undefined) throw new S3Error('NoSuchKey', { Key: key })
  if (!matches(match, existing.etag)) throw new S3Error('PreconditionFailed', { Condition: 'If-Match' })
}

function evaluate(headers: Headers, prefix: string, { etag, modified }: StoredObject): Outcome {
  const match = headers[`${prefix}if-match`]
  const none = headers[`${prefix}if-none-match`]
  const since = readDate(headers[`${prefix}if-modified-since`])
  const unmodified = readDate(headers[`${prefix}if-unmodified-since`])
  const second = Math.floor(modified / 1000) * 1000
  if (match !== undefined && !matches(match, etag)) return { failed: `${prefix}If-Match` }
  if (match === undefined && unmodified !== undefined && second > unmodified)
    return { failed: `${prefix}If-Unmodified-Since` }
  if (none !== undefined) return matches(none, etag) ? { failed: `${prefix}If-None-Match`, unchanged: true } : 'ok'
  if (since === undefined || second > since) return 'ok'
  return { failed: `${prefix}If-Modified-Since`, unchanged: true }
}

function matches(header: string, etag: string): boolean {
  return header.split(',').some((one) => {
    const bare = one.trim().replace(/^W\//, '')
    return bare === '*' || bare === etag || bare === `"${etag}"`
  })
}

function readDate(text: string | undefined): number | undefined {
  const date = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(date) ? undefined : date
}
