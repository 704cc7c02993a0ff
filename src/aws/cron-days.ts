// The two fields of a cron(…) that name days, and the calendar that turns them into the days of one month.
import { ascending, type Field, type Read, readField, toNumber } from './cron-field.ts'

/** The days of one month on which it fires, ascending. */
export type Days = (year: number, month: number) => readonly number[]

const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']

// Source: the field table of EventBridge's user guide. Sunday is 1.
const DAY: Field = { name: 'day-of-month', first: 1, last: 31, names: [], wraps: true }
const WEEKDAY: Field = { name: 'day-of-week', first: 1, last: 7, names: WEEKDAYS, wraps: true }

/** Reads a day-of-month: `L` the last, `L-3` the third before it, `LW` the last weekday, `15W` the weekday nearest to the 15th. */
export function readDays(text: string): Read<Days> {
  if (text === 'LW') return { value: (year, month) => only(nearestWeekday(year, month, lengthOf(year, month))) }
  const last = /^L(?:-(\d{1,2}))?$/.exec(text)
  if (last !== null) {
    const before = Number(last[1] ?? 0)
    if (before > 30) return { problem: `has the day-of-month \`${text}\`, which no month has` }
    return { value: (year, month) => only(lengthOf(year, month) - before) }
  }
  const near = /^(\d{1,2})W$/.exec(text)
  if (near !== null) {
    const day = toNumber(near[1] ?? '', DAY)
    if (day === undefined) return { problem: `has the day-of-month \`${text}\`, which no month has` }
    return { value: (year, month) => (day > lengthOf(year, month) ? [] : only(nearestWeekday(year, month, day))) }
  }
  if (/[LW]/.test(text)) return alone(text, DAY, '`L`, `LW`, `L-3` or `15W`')
  const set = readField(text, DAY)
  if ('problem' in set) return set
  const days = ascending(set.value)
  return { value: (year, month) => days.filter((day) => day <= lengthOf(year, month)) }
}

/** Reads a day-of-week: `L` the week's last day, `6L` the month's last Friday, `6#3` its third. */
export function readWeekdays(text: string): Read<Days> {
  const last = /^([1-7]|[A-Z]{3})L$/.exec(text)
  const weekday = toNumber(last?.[1] ?? '', WEEKDAY)
  if (weekday !== undefined) return { value: (year, month) => weekdays(year, month, new Set([weekday])).slice(-1) }
  const nth = /^([1-7]|[A-Z]{3})#([1-5])$/.exec(text)
  const day = toNumber(nth?.[1] ?? '', WEEKDAY)
  if (day !== undefined) {
    const index = Number(nth?.[2]) - 1
    return { value: (year, month) => weekdays(year, month, new Set([day])).slice(index, index + 1) }
  }
  if (text.includes('#') || /\dL/.test(text)) return alone(text, WEEKDAY, '`6L` or `6#3`')
  const set = readField(text === 'L' ? '7' : text, WEEKDAY)
  if ('problem' in set) return set
  return { value: (year, month) => weekdays(year, month, set.value) }
}

// Source: the user guide allows one expression beside `#`; Quartz refuses lists with `L`, and documents `W` for single days.
const alone = (text: string, { name }: Field, forms: string): Read<never> => ({
  problem: `has the ${name} \`${text}\`, where cron takes a single ${forms}`,
})

const only = (day: number): number[] => (day < 1 ? [] : [day])

const lengthOf = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate()

// 1 is Sunday.
const weekdayOf = (year: number, month: number, day: number): number =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1

function weekdays(year: number, month: number, wanted: ReadonlySet<number>): number[] {
  const first = weekdayOf(year, month, 1)
  const days: number[] = []
  for (let day = 1; day <= lengthOf(year, month); day++) if (wanted.has(((first + day - 2) % 7) + 1)) days.push(day)
  return days
}

// It never leaves the month: the 1st on a Saturday is the 3rd, the last on a Sunday is two days before.
function nearestWeekday(year: number, month: number, day: number): number {
  const weekday = weekdayOf(year, month, day)
  if (weekday === 7) return day === 1 ? 3 : day - 1
  if (weekday === 1) return day === lengthOf(year, month) ? day - 2 : day + 1
  return day
}
