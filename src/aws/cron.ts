// EventBridge's cron(…): six fields read into sets of numbers, and the next minute that is in all of them. UTC.
import { type Days, readDays, readWeekdays } from './cron-days.ts'
import { ascending, type Field, type Read, readField } from './cron-field.ts'

/** What a `cron(…)` says. */
export interface Cron {
  readonly minutes: readonly number[]
  readonly hours: readonly number[]
  readonly months: ReadonlySet<number>
  readonly years: ReadonlySet<number>
  readonly days: Days
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']

// Source: the field table of EventBridge's user guide.
const MINUTE: Field = { name: 'minute', first: 0, last: 59, names: [], wraps: true }
const HOUR: Field = { name: 'hour', first: 0, last: 23, names: [], wraps: true }
const MONTH: Field = { name: 'month', first: 1, last: 12, names: MONTHS, wraps: true }
const YEAR: Field = { name: 'year', first: 1970, last: 2199, names: [], wraps: false }

const FIELDS = 'minute hour day-of-month month day-of-week year'

/** Reads what stands between the brackets of `cron(…)`. A problem is worded to follow "The schedule `x` …". */
export function readCron(text: string): Read<Cron> {
  // Quartz, whose dialect this is, reads names in any case.
  const fields = text.toUpperCase().split(/\s+/)
  const [minute = '', hour = '', day = '', month = '', weekday = '', year = ''] = fields
  if (text === '' || fields.length !== 6) {
    const count = text === '' ? 0 : fields.length
    return { problem: `has ${count} field${count === 1 ? '' : 's'} where cron(…) takes 6: ${FIELDS}` }
  }
  if ((day === '?') === (weekday === '?')) {
    const many = day === '?' ? 'both' : 'neither'
    return { problem: `has \`?\` in ${many} of day-of-month and day-of-week, where exactly one of them takes it` }
  }
  const minutes = readField(minute, MINUTE)
  if ('problem' in minutes) return minutes
  const hours = readField(hour, HOUR)
  if ('problem' in hours) return hours
  const days = day === '?' ? readWeekdays(weekday) : readDays(day)
  if ('problem' in days) return days
  const months = readField(month, MONTH)
  if ('problem' in months) return months
  const years = readField(year, YEAR)
  if ('problem' in years) return years
  return {
    value: {
      minutes: ascending(minutes.value),
      hours: ascending(hours.value),
      months: months.value,
      years: years.value,
      days: days.value,
    },
  }
}

const DAY_LENGTH = 86_400_000

/** The first moment after `after` (milliseconds since 1970) at which it fires, or undefined when there is none. */
export function nextCron(cron: Cron, after: number): number | undefined {
  const start = new Date(after)
  // Ends by itself: at most the days of 230 years are looked at, and hours and minutes only on one day that may be over.
  for (let year = Math.max(YEAR.first, start.getUTCFullYear()); year <= YEAR.last; year++) {
    if (!cron.years.has(year)) continue
    for (let month = 1; month <= 12; month++) {
      if (!cron.months.has(month) || Date.UTC(year, month) <= after) continue
      for (const day of cron.days(year, month)) {
        const midnight = Date.UTC(year, month - 1, day)
        const found = midnight + DAY_LENGTH <= after ? undefined : nextOfDay(cron, midnight, after)
        if (found !== undefined) return found
      }
    }
  }
  return undefined
}

function nextOfDay({ hours, minutes }: Cron, midnight: number, after: number): number | undefined {
  for (const hour of hours) {
    for (const minute of minutes) {
      const time = midnight + (hour * 60 + minute) * 60_000
      if (time > after) return time
    }
  }
  return undefined
}
