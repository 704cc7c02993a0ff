// What other goblet commands ask a running local cloud: what it is, and what happened in it.
import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Model } from '../model/index.ts'
import type { Clock } from './clock.ts'
import type { JournalEntry } from './entries.ts'
import type { AccessReport } from './iam/access.ts'
import type { Journal } from './journal.ts'
import type { Service, WireRequest, WireResponse } from './service.ts'
import type { Store } from './store.ts'

export interface ControlGround {
  readonly store: Store
  readonly clock: Clock
  readonly journal: Journal
  /** Undefined until an app has been read. */
  model(): Model | undefined
  /** What functions did, and what they may do. */
  permissions(): AccessReport
}

/** `GET /_goblet/model`, `GET /_goblet/journal?function=&since=&follow=`, `GET /_goblet/permissions`, `GET /_goblet/clock`, `POST /_goblet/clock`. */
export function openControl(ground: ControlGround): Service {
  let last: Promise<unknown> = Promise.resolve()
  // One after the other: each begins where the last has ended.
  const inTurn = (task: () => Promise<WireResponse>): Promise<WireResponse> => {
    const next = last.then(task, task)
    last = next
    return next
  }
  return {
    handle: async (request) => {
      if (request.path !== '/_goblet/clock' || request.method !== 'POST') return handle(request, ground)
      const milliseconds = await readAdvance(request)
      if (typeof milliseconds !== 'number') return milliseconds
      return inTurn(() => advance(milliseconds, ground))
    },
  }
}

/** How far ahead of the machine's the clock of a state was when it was last moved, in milliseconds. */
export const keptOffset = (store: Store): number => store.get<number>(OFFSET) ?? 0

const OFFSET = ['goblet', 'clock', 'offset']
// A hundred years: beyond it dates stop being dates somewhere.
const FURTHEST = 100 * 365 * 86_400_000

// A page cannot send this content type without asking first, and is refused when it asks.
async function readAdvance({ headers, body }: WireRequest): Promise<number | WireResponse> {
  const refuse = (status: number, message: string): WireResponse => ({ ...toJson({ message }), status })
  if (headers['content-type'] !== 'application/json') return refuse(415, 'The clock takes application/json.')
  if (Number(headers['content-length'] ?? 1000) > 100)
    return refuse(413, 'The clock takes { "advance": milliseconds }.')
  try {
    const { advance: milliseconds }: { advance?: unknown } = JSON.parse(String(await buffer(body)))
    if (typeof milliseconds === 'number' && milliseconds >= 0 && milliseconds <= FURTHEST) return milliseconds
  } catch {
    // Told below.
  }
  return refuse(400, 'The clock takes { "advance": milliseconds }, and goes forward only.')
}

// Kept before it is done: whatever ends this process, time must not lie behind what is written with it.
async function advance(milliseconds: number, { clock, store }: ControlGround): Promise<WireResponse> {
  const offset = clock.now() - Date.now() + milliseconds
  await store.commit((writer) => writer.put(OFFSET, offset))
  await clock.advance(milliseconds)
  return toTime(clock)
}

const toJson = (value: unknown): WireResponse => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

/** In milliseconds: the time of the local cloud, and how far it is ahead of the machine's. */
const toTime = (clock: Clock): WireResponse => {
  const now = clock.now()
  return toJson({ now, ahead: now - Date.now() })
}

function handle(
  { method, path, query }: WireRequest,
  { clock, journal, model, permissions }: ControlGround,
): WireResponse {
  if (method !== 'GET') return { status: 405, headers: { allow: 'GET' } }
  const known = model()
  if (path === '/_goblet/model' && known === undefined) return { status: 503, headers: { 'retry-after': '1' } }
  if (path === '/_goblet/model') return toJson(known)
  if (path === '/_goblet/clock') return toTime(clock)
  if (path === '/_goblet/permissions') return toJson(permissions())
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
