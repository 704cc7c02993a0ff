// EventBridge Scheduler's schedules: at(…), rate(…) and cron(…) in a time zone, between a start and an end.
import { type Cron, nextCron, readCron } from './cron.ts'
import { fromWall, toWall } from './zone.ts'

/** A schedule. Times are milliseconds since 1970. */
export interface Plan {
  readonly expression: string
  /** Default: UTC. */
  readonly timezone?: string
  /** Not before; ignored by at(…). */
  readonly start?: number
  /** Not after; ignored by at(…). */
  readonly end?: number
  /** When it was made: without a start, a rate counts from here. */
  readonly created: number
}

type Expression = { readonly at: number } | { readonly period: number } | { readonly cron: Cron }

// Source: CreateSchedule's ScheduleExpression.
const LONGEST = 256
const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }
// A clock goes forward over at most an hour or so of its minutes, every one of which a cron may name.
const MOST_TRIES = 10_000

/** What is wrong with an expression, worded to follow "The schedule `x` …"; undefined when nothing is. */
export function planProblem(expression: string): string | undefined {
  const read = readPlan(expression)
  return 'problem' in read ? read.problem : undefined
}

/**
 * The moment after which the first firing of a plan lies, as `nextPlanned` takes it: a rate begins with the plan itself,
 * what names moments begins with the first one after it.
 */
export const beforeFirst = ({ expression, created }: Pick<Plan, 'expression' | 'created'>): number =>
  expression.startsWith('rate(') ? created - 1 : created

/** When it fires for the first time after `after`; undefined when it never does again, or is not valid. */
export function nextPlanned(plan: Plan, after: number): number | undefined {
  const read = readPlan(plan.expression)
  if ('problem' in read) return undefined
  const { timezone = 'UTC', start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY } = plan
  if ('at' in read) {
    const time = toMoment(read.at, timezone)
    return time > after ? time : undefined
  }
  const from = Math.max(after, start - 1)
  const next = 'cron' in read ? nextInZone(read.cron, timezone, from) : nextOfRate(read.period, plan, from)
  return next !== undefined && next <= end ? next : undefined
}

// Source: Scheduler's user guide: a rate begins with its start, or else at once.
function nextOfRate(period: number, { start, created }: Plan, after: number): number {
  const first = start ?? created
  return first > after ? first : first + (Math.floor((after - first) / period) + 1) * period
}

// Source: Scheduler's user guide: what the clocks go forward over is skipped; what they show twice happens once.
function nextInZone(cron: Cron, zone: string, after: number): number | undefined {
  let wall: number | undefined = toWall(after, zone)
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    wall = nextCron(cron, wall)
    if (wall === undefined) return undefined
    const time = fromWall(wall, zone)
    if (time !== undefined && time > after) return time
  }
  return undefined
}

// A moment that the clocks go forward over is the one an hour or so later.
function toMoment(wall: number, zone: string): number {
  const hour = 3_600_000
  return fromWall(wall, zone) ?? fromWall(wall + hour, zone) ?? fromWall(wall + hour / 2, zone) ?? wall
}

function readPlan(expression: string): Expression | { readonly problem: string } {
  if (expression.length > LONGEST)
    return { problem: `has ${expression.length} characters, where AWS allows ${LONGEST}` }
  const [, kind, inside = ''] = /^(at|rate|cron)\((.*)\)$/.exec(expression) ?? []
  if (kind === 'at') return readMoment(inside)
  if (kind === 'rate') return readPeriod(inside)
  if (kind === undefined) return { problem: 'is none of at(…), rate(…) and cron(…)' }
  const cron = readCron(inside)
  return 'problem' in cron ? cron : { cron: cron.value }
}

function readMoment(text: string): Expression | { readonly problem: string } {
  const problem = 'is not a moment like at(2030-12-31T23:59:59), without a zone behind it'
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(text)) return { problem }
  const at = Date.parse(`${text}Z`)
  // JavaScript takes the 31st of February for the 3rd of March.
  return Number.isNaN(at) || !new Date(at).toISOString().startsWith(text) ? { problem } : { at }
}

// Source: recorded: `rate(2 minute)` is taken here, unlike by EventBridge's rules.
function readPeriod(text: string): Expression | { readonly problem: string } {
  const [, digits = '', unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(text) ?? []
  const period = Number(digits) * (UNITS[unit] ?? 0)
  return period > 0 && Number.isSafeInteger(period)
    ? { period }
    : { problem: 'is not a number from 1, a space and minutes, hours or days, like rate(5 minutes)' }
}

/** How many milliseconds into its flexible window of `minutes` a firing of `schedule` is: the same at every look. */
export function flexibleDelay(schedule: string, time: number, minutes: number): number {
  // FNV-1a: it need only spread.
  let hash = 0x811c9dc5
  for (const char of `${schedule} ${time}`) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193)
  return Math.floor(((hash >>> 0) / 2 ** 32) * minutes * 60_000)
}
