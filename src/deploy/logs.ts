// What functions log on AWS: read by FilterLogEvents, several log groups in order of time, followed without gap or double.
import type { CloudWatchLogs } from '@aws-sdk/client-cloudwatch-logs'
import { isRefused } from './refused.ts'

export interface LogEvent {
  /** The function's name in the app. */
  readonly function: string
  /** Milliseconds since 1970. */
  readonly time: number
  /** CloudWatch's own, by which what is read twice is known. */
  readonly id: string
  readonly message: string
}

export interface PageQuery {
  readonly group: string
  readonly start: number
  readonly end: number
  readonly token: string | undefined
}

export interface LogPage {
  readonly events: readonly Omit<LogEvent, 'function'>[]
  /** There may be more, even where a page holds nothing. */
  readonly next: string | undefined
}

/** Reads one page of a log group; undefined where there is no such group. */
export type ReadPage = (query: PageQuery) => Promise<LogPage | undefined>

export interface LogsQuery {
  /** The log group of each function, by its name in the app. */
  readonly groups: ReadonlyMap<string, string>
  /** Milliseconds since 1970. */
  readonly since: number
  readonly follow: boolean
  /** Ends it. */
  readonly signal: AbortSignal
  /** Told once of each function that has no log group. */
  onMissing?(name: string): void
}

/** How events are waited for: tests give their own. Milliseconds. */
export interface Pace {
  readonly now: () => number
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /**
   * How far each reading goes back behind the one before. CloudWatch Logs shows events seconds after their time, and not
   * in the order of it: one that came late is found as long as it is not later than this.
   */
  readonly overlap: number
}

const PACE: Pace = {
  now: Date.now,
  pause: (milliseconds, signal) =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, milliseconds)
      signal.addEventListener('abort', done)
    }),
  overlap: 60_000,
}

// FilterLogEvents may be called 5 to 25 times a second, by account and region ("CloudWatch Logs service quotas").
const AT_ONCE = 4
const SOON = 1000
const IDLE = 5000
const THROTTLED = 30_000

/** Reads pages by an SDK client. */
export function openLogReader(client: Pick<CloudWatchLogs, 'filterLogEvents'>, signal: AbortSignal): ReadPage {
  return async ({ group, start, end, token }) => {
    const input = {
      logGroupName: group,
      startTime: start,
      endTime: end,
      ...(token === undefined ? {} : { nextToken: token }),
    }
    try {
      const { events = [], nextToken } = await client.filterLogEvents(input, { abortSignal: signal })
      const read = events.map(({ timestamp: time = start, eventId, message = '', logStreamName = '' }) => ({
        time,
        // Other clouds have no ids.
        id: eventId ?? `${logStreamName} ${time} ${message}`,
        message,
      }))
      return { events: read, next: nextToken }
    } catch (error) {
      if (isRefused(error, 'ResourceNotFoundException')) return undefined
      throw error
    }
  }
}

/** What functions logged since a time, and with `follow` what they log from now on. */
export async function* readLogs(query: LogsQuery, read: ReadPage, pace: Pace = PACE): AsyncGenerator<LogEvent> {
  const seen = new Map<string, number>()
  const missing = new Set<string>()
  const tell = (name: string): void => {
    if (!missing.has(name)) query.onMissing?.(name)
    missing.add(name)
  }
  // An end, or a group that logs faster than it is read would be read for ever.
  let end = pace.now()
  for await (const event of merge(query, { start: query.since, end }, readPatiently(read, query, pace), tell)) {
    if (query.signal.aborted) return
    if (seen.has(event.id)) continue
    if (event.time >= end - pace.overlap) seen.set(event.id, event.time)
    yield event
  }
  let wait = SOON
  while (query.follow && !query.signal.aborted) {
    await pace.pause(wait, query.signal)
    const start = Math.max(query.since, end - pace.overlap)
    for (const [id, time] of seen) if (time < start) seen.delete(id)
    const next = pace.now()
    let news = 0
    for await (const event of merge(query, { start, end: next }, readPatiently(read, query, pace), tell)) {
      if (query.signal.aborted) return
      if (seen.has(event.id)) continue
      seen.set(event.id, event.time)
      news++
      yield event
    }
    end = next
    wait = news > 0 ? SOON : Math.min(IDLE, wait * 1.5)
  }
}

// Throttled, or the network is gone for a while: it waits, twice as long each time, and asks the same again.
function readPatiently(read: ReadPage, { follow, signal }: LogsQuery, pace: Pace): ReadPage {
  return async (query) => {
    for (let wait = SOON; ; wait = Math.min(THROTTLED, wait * 2)) {
      try {
        return await read(query)
      } catch (error) {
        if (signal.aborted) return undefined
        if (!isThrottled(error) && !(follow && isUnreachable(error))) throw error
        await pace.pause(wait, signal)
        if (signal.aborted) return undefined
      }
    }
  }
}

const isThrottled = (error: unknown): boolean =>
  isRefused(
    error,
    'ThrottlingException',
    'TooManyRequestsException',
    'LimitExceededException',
    'ServiceUnavailableException',
  )

const isUnreachable = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'TimeoutError' ||
    ('code' in error && /^E(?:CONNRESET|CONNREFUSED|PIPE|TIMEDOUT|AI_AGAIN|NOTFOUND)$/.test(String(error.code))))

interface Span {
  readonly start: number
  readonly end: number
}

interface Head {
  readonly rest: AsyncGenerator<LogEvent>
  next: LogEvent
}

// Each group's events come in the order of time (FilterLogEvents: "sorted by event timestamp"), a page at a time.
async function* merge(
  { groups }: LogsQuery,
  span: Span,
  read: ReadPage,
  onMissing: (name: string) => void,
): AsyncGenerator<LogEvent> {
  const waiting = [...groups].map(([name, group]) => eventsOf(name, { group, ...span }, read, onMissing))
  const heads: Head[] = []
  const open = async (): Promise<void> => {
    for (let rest = waiting.shift(); rest !== undefined; rest = waiting.shift()) {
      const first = await rest.next()
      if (first.done !== true) heads.push({ rest, next: first.value })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, open))
  while (heads.length > 0) {
    const head = heads.reduce((least, one) => (one.next.time < least.next.time ? one : least))
    yield head.next
    const following = await head.rest.next()
    if (following.done === true) heads.splice(heads.indexOf(head), 1)
    else head.next = following.value
  }
}

async function* eventsOf(
  name: string,
  query: Omit<PageQuery, 'token'>,
  read: ReadPage,
  onMissing: (name: string) => void,
): AsyncGenerator<LogEvent> {
  let token: string | undefined
  do {
    const page = await read({ ...query, token })
    if (page === undefined) return onMissing(name)
    for (const event of page.events) yield { function: name, ...event }
    token = page.next
  } while (token !== undefined)
}
