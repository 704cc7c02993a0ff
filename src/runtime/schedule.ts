// `schedule(expression, handler)`: a function that wakes by the clock.

import type { Context } from '../aws/context.ts'
import type { ScheduleEvent, SchedulerEvent } from '../aws/events/schedule.ts'
import { type Declaration, declare } from './declare.ts'
import type { FunctionOptions } from './options.ts'

/** A function that wakes by the clock. */
export interface Schedule extends Declaration {
  readonly expression: string
}

/** Of a rule of EventBridge, or of EventBridge Scheduler: that one wakes what has a time, a zone, a span or a window. */
type EitherHandler = (event: ScheduleEvent | SchedulerEvent, context: Context) => unknown
type Handler = (event: ScheduleEvent, context: Context) => unknown

/** When a schedule of EventBridge Scheduler fires, and with what. */
export type ScheduleOptions<Input = unknown> = FunctionOptions & {
  /** The IANA name that `cron` and `at` are told in, daylight saving time included. Default `UTC`. */
  timezone?: string
  /** It does not fire before. */
  start?: Date | string
  /** It does not fire after. */
  end?: Date | string
  /** Minutes, 1 to 1,440, within which AWS may choose the moment. Default: at the minute. */
  window?: number
  /** JSON that the handler gets in place of the event. */
  input?: Input
}

/** Exactly one of the three. */
type When =
  /** Once: a `Date`, or a text without a zone, `2026-11-21T09:00:00`, told in the schedule's. */
  | { at: Date | string; rate?: never; cron?: never }
  /** `'5 minutes'`. */
  | { rate: string; at?: never; cron?: never }
  /** Six fields: `'0 3 * * ? *'`. */
  | { cron: string; at?: never; rate?: never }

/**
 * Declares a function that runs at a rate, by a cron expression (six fields, UTC unless `timezone` says otherwise), or once.
 *
 * @example
 * export const nightly = schedule('cron(0 3 * * ? *)', async () => { await sweep() })
 * export const report = schedule({ cron: '0 8 ? * MON-FRI *', timezone: 'Europe/Berlin', input: { kind: 'daily' } },
 *   async ({ kind }) => { … })
 */
export function schedule(expression: string, handler: Handler): Schedule
export function schedule<Input>(
  expression: string,
  options: ScheduleOptions<Input> & { input: Input },
  handler: (input: Input, context: Context) => unknown,
): Schedule
export function schedule(expression: string, options: FunctionOptions, handler: Handler): Schedule
export function schedule(expression: string, options: ScheduleOptions, handler: EitherHandler): Schedule
export function schedule<Input>(
  options: When & ScheduleOptions<Input> & { input: Input },
  handler: (input: Input, context: Context) => unknown,
): Schedule
export function schedule(options: When & ScheduleOptions, handler: EitherHandler): Schedule
export function schedule(when: string | (When & ScheduleOptions), first: unknown, second?: unknown): Schedule {
  const [given, handler] = typeof first === 'function' ? [{}, first] : [first as ScheduleOptions, second]
  if (typeof when === 'string') return made(when, given, handler)
  const { at, rate: every, cron: fields, ...options } = when
  if (at !== undefined) return made(`at(${toMoment(at)})`, options, handler)
  return made(every === undefined ? wrapped('cron', fields) : wrapped('rate', every), options, handler)
}

function made(expression: string, options: ScheduleOptions, handler: unknown): Schedule {
  const { start, end } = options
  const all = {
    ...options,
    ...(start === undefined ? {} : { start: toText(start) }),
    ...(end === undefined ? {} : { end: toText(end) }),
  }
  return declare({ expression }, { role: 'function', trigger: 'schedule', subject: expression, options: all, handler })
}

const wrapped = (kind: string, text = ''): string => (text.startsWith(`${kind}(`) ? text : `${kind}(${text})`)

const toText = (time: Date | string): string => (typeof time === 'string' ? time : time.toISOString())

// Scheduler takes whole seconds, without a zone.
const toMoment = (at: Date | string): string => toText(at).replace(/(?:\.\d+)?Z$/, '')

/**
 * A rate expression: `rate(5, 'minutes')`. The unit is singular exactly when the value is 1.
 *
 * @example
 * export const beat = schedule(rate(1, 'hour'), () => console.log('alive'))
 */
export function rate(value: number, unit: 'minute' | 'minutes' | 'hour' | 'hours' | 'day' | 'days'): string {
  return `rate(${value} ${unit})`
}

/** A cron expression of six fields, UTC: minute hour day-of-month month day-of-week year. `cron('0 3 * * ? *')`. */
export function cron(fields: string): string {
  return `cron(${fields})`
}
