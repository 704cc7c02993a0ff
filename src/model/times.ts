// Moments and time zones, as users write them.
import type { Plain } from './describe.ts'
import { type Rule, show } from './options.ts'

/** Milliseconds since 1970 of an ISO text that says its zone, or a date alone; undefined for anything else. */
export function timeOf(value: Plain | undefined): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d(T.*(Z|[+-]\d\d:\d\d))?$/.test(value)) return undefined
  const time = Date.parse(value)
  return Number.isNaN(time) ? undefined : time
}

export const moment: Rule = (value) =>
  timeOf(value) === undefined
    ? { problem: `is ${show(value)}`, mend: "It is a Date, or an ISO text: '2026-11-21T09:00:00Z'." }
    : undefined

export const zone: Rule = (value) => {
  const mend = "It is the name of a time zone: 'Europe/Berlin', 'America/New_York' or 'UTC'."
  if (typeof value !== 'string') return { problem: `is ${show(value)}`, mend }
  try {
    new Intl.DateTimeFormat('en', { timeZone: value })
    return undefined
  } catch {
    return { problem: `is ${show(value)}, which is no time zone`, mend }
  }
}
