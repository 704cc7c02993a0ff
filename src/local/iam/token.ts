// The session tokens of functions: whose it is stands in it, so that what a function has signed is its own when its sandbox is gone.
import { randomUUID } from 'node:crypto'
import type { WireRequest } from '../service.ts'

/** A token of its own for one sandbox of a function. It keeps nobody out: the key pair beside it is known to all. */
export const makeToken = (name: string): string => `${randomUUID()}.${Buffer.from(name).toString('base64url')}`

/** The function whose credentials these are; undefined for those of people and tools. */
export function functionOf(token: string): string | undefined {
  if (token[MARK] !== '.') return undefined
  const encoded = /^[\da-f-]{36}\.([\w-]{1,400})$/.exec(token)?.[1]
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64url').toString()
}

const MARK = 36

const IN_QUERY = /(?:^|&)x-amz-security-token=([^&]*)/i

/** The session token of a request: in a header, or in the query of a URL that was signed before. */
export function tokenOf({ headers, query }: Pick<WireRequest, 'headers' | 'query'>): string {
  const sent = headers['x-amz-security-token']
  if (sent !== undefined) return sent
  const signed = query === '' ? undefined : IN_QUERY.exec(query)?.[1]
  // A token that was ever made has nothing to decode.
  return signed?.replaceAll('%2E', '.') ?? ''
}
