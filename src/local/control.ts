// What other goblet commands ask a running local cloud: what it is, and what happened in it.
import { PassThrough } from 'node:stream'
import type { Model } from '../model/index.ts'
import type { Journal, JournalEntry } from './journal.ts'
import type { Service, WireRequest, WireResponse } from './service.ts'

export interface ControlGround {
  readonly journal: Journal
  /** Undefined until an app has been read. */
  model(): Model | undefined
}

/** `GET /_goblet/model`, `GET /_goblet/journal?function=&since=&follow=`. */
export function openControl(ground: ControlGround): Service {
  return { handle: async (request) => handle(request, ground) }
}

function handle({ method, path, query }: WireRequest, { journal, model }: ControlGround): WireResponse {
  if (method !== 'GET') return { status: 405, headers: { allow: 'GET' } }
  const known = model()
  if (path === '/_goblet/model' && known === undefined) return { status: 503, headers: { 'retry-after': '1' } }
  if (path === '/_goblet/model')
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(known) }
  if (path === '/_goblet/journal') return toJournal(new URLSearchParams(query), journal)
  return { status: 404, headers: {} }
}

function toJournal(query: URLSearchParams, journal: Journal): WireResponse {
  const name = query.get('function') ?? undefined
  const headers = { 'content-type': 'application/x-ndjson' }
  const past = journal.read({
    since: Number(query.get('since') ?? 0),
    ...(name === undefined ? {} : { function: name }),
  })
  const text = past.map((entry) => `${JSON.stringify(entry)}\n`).join('')
  if (query.get('follow') !== '1') return { status: 200, headers, body: text }
  const body = new PassThrough()
  body.write(text)
  const leave = journal.follow((entry: JournalEntry) => {
    if (name === undefined || entry.function === name) body.write(`${JSON.stringify(entry)}\n`)
  })
  body.on('close', leave)
  return { status: 200, headers, body }
}
