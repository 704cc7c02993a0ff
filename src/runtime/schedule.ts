// `schedule(expression, handler)`: a function that wakes by the clock.

import type { Context } from '../aws/context.ts'
import type { ScheduleEvent } from '../aws/events/schedule.ts'
import { type Declaration, declare } from './declare.ts'
import type { FunctionOptions } from './options.ts'

export interface Schedule extends Declaration {
  readonly expression: string
}

type Handler = (event: ScheduleEvent, context: Context) => unknown

/**
 * Declares a function that runs at a rate or by a cron expression (six fields, UTC).
 *
 * @example
 * export const nightly = schedule('cron(0 3 * * ? *)', async () => { await sweep() })
 */
export function schedule(expression: string, handler: Handler): Schedule
export function schedule(expression: string, options: FunctionOptions, handler: Handler): Schedule
export function schedule(expression: string, first: FunctionOptions | Handler, second?: Handler): Schedule {
  const [options, handler] = typeof first === 'function' ? [{}, first] : [first, second]
  return declare({ expression }, { role: 'function', trigger: 'schedule', subject: expression, options, handler })
}

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
