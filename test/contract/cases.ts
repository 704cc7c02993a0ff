// The recorded cases of other frameworks that go over HTTP: where each is asked here, and how an answer is compared.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'

export interface Case {
  readonly id: string
  readonly area?: string
  readonly service?: string
  readonly kind?: string
  readonly app?: string
  readonly request?: {
    readonly type?: string
    readonly method?: string
    readonly path?: string
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
  }
  readonly expect?: Expected
}

export interface Expected {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly bodySubset?: Readonly<Record<string, unknown>>
  readonly bodyText?: string
  readonly bodyBase64?: string
  readonly headersAbsent?: readonly string[]
}

export interface Got {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly bytes: Uint8Array
}

/** The cases of a file below test/cases. */
export function readCases(name: string): Case[] {
  return JSON.parse(readFileSync(new URL(`../cases/${name}.json`, import.meta.url), 'utf8')).cases
}

/** Where a case stands when its own path is taken: many cases ask for `/`, each of another app. */
export const MOVED: Readonly<Record<string, string>> = {
  'mw-003': '/mw',
  'mw-006': '/mw201/hello',
  'mw-008': '/mw/c',
  'auth-001': '/guarded',
  'auth-002': '/secret',
  'auth-026': '/guarded',
  'bp-008': '/gb/r',
}

/** What a case says in words that its request sends. */
export const SENT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'bin-029': { 'accept-encoding': 'gzip' },
}

/** The cases that only a REST API has: its authorizers, its API keys, its words for what it does not know. */
export const ON_REST: ReadonlySet<string> = new Set(
  'route-021 route-022 route-031 auth-001 auth-002 auth-007 auth-009 auth-012 auth-020 auth-021 auth-022 auth-025 auth-026 bp-008'.split(
    ' ',
  ),
)

/** What the gateway itself answers; the handler never sees it. */
export const GATEWAY: ReadonlySet<string> = new Set(['body-009'])

/** Compares an answer with what a case expects. Names and texts of headers are compared as HTTP does. */
export function check(got: Got, expect: Expected): void {
  const text = Buffer.from(got.bytes).toString('utf8')
  if (expect.status !== undefined) assert.equal(got.status, expect.status, text)
  for (const [name, value] of Object.entries(expect.headers ?? {})) assert.equal(got.headers[name.toLowerCase()], value)
  for (const name of expect.headersAbsent ?? []) assert.equal(got.headers[name.toLowerCase()], undefined)
  if (expect.bodyText !== undefined) assert.equal(text, expect.bodyText)
  if (expect.bodyBase64 !== undefined) assert.equal(Buffer.from(got.bytes).toString('base64'), expect.bodyBase64)
  if (expect.body !== undefined) assert.deepEqual(JSON.parse(text), expect.body)
  for (const [name, value] of Object.entries(expect.bodySubset ?? {})) assert.deepEqual(JSON.parse(text)[name], value)
}
