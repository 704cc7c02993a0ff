// EventBridge's schedule expressions, rate(…) and cron(…): what is wrong with one, and when it fires next.
import { type Cron, nextCron, readCron } from './cron.ts'

type Schedule = { readonly period: number } | { readonly cron: Cron } | { readonly problem: string }

// Source: PutRule's ScheduleExpression.
const LONGEST = 256

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 }

/** What is wrong with a schedule, worded to follow "The schedule `x` …"; undefined when nothing is. */
export function scheduleProblem(expression: string): string | undefined {
  const schedule = readSchedule(expression)
  return 'problem' in schedule ? schedule.problem : undefined
}

/**
 * When a schedule fires for the first time after `after` (both in milliseconds since 1970); undefined when it never does
 * again, or is not valid. A rate counts from `start`, the moment the rule was made.
 */
export function nextFire(expression: string, after: number, start = after): number | undefined {
  const schedule = readSchedule(expression)
  if ('problem' in schedule) return undefined
  if ('cron' in schedule) return nextCron(schedule.cron, after)
  const periods = Math.floor((after - start) / schedule.period) + 1
  return start + Math.max(periods, 1) * schedule.period
}

function readSchedule(expression: string): Schedule {
  if (expression.length > LONGEST) {
    return { problem: `has ${expression.length} characters, where AWS allows ${LONGEST}` }
  }
  const [, kind, inside = ''] = /^(rate|cron)\((.*)\)$/.exec(expression) ?? []
  if (kind === 'rate') return readRate(inside)
  if (kind === undefined) return { problem: 'is neither rate(…) nor cron(…)' }
  const cron = readCron(inside)
  return 'problem' in cron ? cron : { cron: cron.value }
}

// Source: recorded on AWS: one space, lower case, and the singular for 1 only.
function readRate(text: string): Schedule {
  const [, digits, word] = /^(\d+) ([a-z]+)$/.exec(text) ?? []
  if (digits === undefined || word === undefined)
    return { problem: 'is not a number, a space and a unit, like rate(5 minutes)' }
  const value = Number(digits)
  const name = word.replace(/s$/, '')
  const unit = Object.hasOwn(UNITS, name) ? UNITS[name] : undefined
  if (unit === undefined) return { problem: `has the unit \`${word}\`, where rate(…) takes minutes, hours or days` }
  if (digits.startsWith('0')) return { problem: `has the value ${digits}, where rate(…) takes 1 or more` }
  if (!Number.isSafeInteger(value * unit)) return { problem: `has the value ${digits}, which is too large` }
  const right = value === 1 ? name : `${name}s`
  return word === right
    ? { period: value * unit }
    : { problem: `says \`${text}\`, where AWS takes \`${digits} ${right}\`` }
}
