// Who is working on a stack: an object in the artifact bucket that only one can put there, and that ends with whoever put it.
import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { problem } from '../errors.ts'
import type { Clients } from './clients.ts'
import { isRefused, statusOf } from './refused.ts'
import type { Report } from './report.ts'
import { field } from './watch.ts'

export interface Holder {
  readonly who: string
  readonly host: string
  readonly pid: number
  /** ISO 8601. */
  readonly since: string
  readonly command: string
}

export interface LockPlace {
  readonly bucket: string
  readonly account: string
  readonly stack: string
}

export interface Held {
  /** Throws GOBLET_DEPLOY_LOST when somebody else took it over: asked before every change. */
  check(): void
  release(): Promise<void>
}

// A holder that has not told for a minute that it lives is dead: it tells four times in that time.
const BEAT = 15_000
const DEAD_AFTER = 60_000

const lockKey = (stack: string): string => `locks/${stack}.json`

/** Takes it, or throws GOBLET_DEPLOY_HELD. */
export async function hold(
  clients: Clients,
  place: LockPlace,
  { who, command }: { readonly who: string; readonly command: string },
  report: Report,
): Promise<Held> {
  const own = { id: randomUUID(), who, host: hostname(), pid: process.pid, since: new Date().toISOString(), command }
  for (let tries = 0; tries < 5; tries++) {
    const etag = await put(clients, place, own, undefined)
    if (etag !== undefined) return keep(clients, place, own, etag)
    const found = await read(clients, place)
    if (found === undefined) continue
    // The answer to the first try was lost.
    if (found.id === own.id) return keep(clients, place, own, found.etag)
    const dead = whyDead(found, clients.now())
    if (dead === undefined) throw problem('GOBLET_DEPLOY_HELD', { stack: place.stack, ...found.holder })
    const taken = await put(clients, place, own, found.etag)
    if (taken === undefined) continue
    const { who: before, host, pid } = found.holder
    report({ what: 'note', message: `Took over from ${before} (process ${pid} on ${host}): ${dead}.` })
    return keep(clients, place, own, taken)
  }
  throw problem('GOBLET_DEPLOY_LOST', { stack: place.stack })
}

/** Who holds it now, and lives. */
export async function holderOf(clients: Clients, place: LockPlace): Promise<Holder | undefined> {
  const found = await read(clients, place)
  return found === undefined || whyDead(found, clients.now()) !== undefined ? undefined : found.holder
}

/** Clears away what a process left that died when all but this was done. */
export async function sweep(clients: Clients, place: LockPlace): Promise<void> {
  const found = await read(clients, place)
  if (found !== undefined && whyDead(found, clients.now()) !== undefined) await take(clients, place, found.etag)
}

// Only the one that was read: somebody else's must not be ended.
async function take({ s3 }: Clients, { bucket, account, stack }: LockPlace, etag: string): Promise<void> {
  try {
    await s3.deleteObject({ Bucket: bucket, Key: lockKey(stack), ExpectedBucketOwner: account, IfMatch: etag })
  } catch (error) {
    if (![404, 409, 412].includes(statusOf(error))) throw error
  }
}

interface Own extends Holder {
  readonly id: string
}

// Puts it where there is none, or in the place of the one that was read; undefined: another one is there.
async function put(
  { s3 }: Clients,
  { bucket, account, stack }: LockPlace,
  own: Own,
  instead: string | undefined,
): Promise<string | undefined> {
  try {
    const { ETag = '' } = await s3.putObject({
      Bucket: bucket,
      Key: lockKey(stack),
      ExpectedBucketOwner: account,
      ContentType: 'application/json',
      // So that every beat has an ETag of its own.
      Body: JSON.stringify({ ...own, beat: randomUUID() }),
      ...(instead === undefined ? { IfNoneMatch: '*' } : { IfMatch: instead }),
    })
    return ETag
  } catch (error) {
    // S3 User Guide, "Conditional writes": 412 where another one is there, 409 where two came at once, 404 where it is gone.
    if ([404, 409, 412].includes(statusOf(error))) return undefined
    throw error
  }
}

interface Found {
  readonly id: string
  readonly etag: string
  readonly holder: Holder
  /** Milliseconds since 1970, by AWS's clock. */
  readonly told: number
}

async function read({ s3, now }: Clients, { bucket, account, stack }: LockPlace): Promise<Found | undefined> {
  try {
    const answer = await s3.getObject({ Bucket: bucket, Key: lockKey(stack), ExpectedBucketOwner: account })
    const value = parsed((await answer.Body?.transformToString()) ?? '')
    const text = (name: string): string => String(field(value, name) ?? 'unknown')
    const { ETag: etag = '', LastModified } = answer
    const holder = {
      who: text('who'),
      host: text('host'),
      pid: Number(field(value, 'pid') ?? 0),
      since: text('since'),
      command: text('command'),
    }
    return { id: text('id'), etag, holder, told: LastModified?.getTime() ?? now() }
  } catch (error) {
    if (isRefused(error, 'NoSuchKey', 'NoSuchBucket', 'NotFound')) return undefined
    throw error
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function whyDead({ holder, told }: Found, now: number): string | undefined {
  if (holder.host === hostname() && !lives(holder.pid)) return 'that process has died'
  return now - told > DEAD_AFTER ? 'it has not told for more than a minute that it works' : undefined
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process: it lives.
    return field(error, 'code') === 'EPERM'
  }
}

function keep(clients: Clients, place: LockPlace, own: Own, first: string): Held {
  let etag = first
  let told = Date.now()
  let isLost = false
  let beating: Promise<void> = Promise.resolve()
  const beat = async () => {
    try {
      const next = await put(clients, place, own, etag)
      if (next !== undefined) etag = next
      // An own beat whose answer was lost looks like somebody else's.
      else {
        const found = await read(clients, place)
        isLost = found?.id !== own.id
        if (found !== undefined && !isLost) etag = found.etag
      }
      if (!isLost) told = Date.now()
    } catch {
      // Tried again at the next beat; who is silent for too long is taken for dead.
    }
  }
  const timer = setInterval(() => {
    beating = beating.then(beat)
  }, BEAT)
  timer.unref()
  return {
    check: () => {
      if (isLost || Date.now() - told > DEAD_AFTER) throw problem('GOBLET_DEPLOY_LOST', { stack: place.stack })
    },
    release: async () => {
      clearInterval(timer)
      await beating
      if (isLost || Date.now() - told > DEAD_AFTER) return
      await take(clients, place, etag)
    },
  }
}
