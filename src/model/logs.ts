// `logs`: how long CloudWatch keeps what a function writes, and in which form Lambda writes it.
import { type Complaint, complaint, type Where } from '../errors.ts'
import type { Options } from './describe.ts'
import { isObject, numberOf, objectOf, oneOf, type Rule, show } from './options.ts'

/** Where Lambda's ApplicationLogLevel and SystemLogLevel begin to write, in lower case. */
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'
export type SystemLogLevel = 'debug' | 'info' | 'warn'

export interface LogsModel {
  /** Days; undefined: for ever. */
  readonly retention: number | undefined
  readonly format: 'text' | 'json'
  /** What is below is not written; undefined: everything, as always in text. */
  readonly level: LogLevel | undefined
  /** The same for what Lambda itself writes (START, REPORT); undefined: everything, as always in text. */
  readonly systemLevel: SystemLogLevel | undefined
}

/** Source: PutRetentionPolicy. */
export const RETENTIONS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]

// CloudWatch's own default is for ever, at a price that only grows; a month is enough to look after what went wrong.
const RETENTION = 30
const FOREVER = 'forever'

const LEVELS: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal']
const SYSTEM_LEVELS: readonly SystemLogLevel[] = ['debug', 'info', 'warn']

const MEMBERS: Readonly<Record<string, Rule>> = {
  retention: (value) =>
    value === FOREVER || (typeof value === 'number' && RETENTIONS.includes(value))
      ? undefined
      : {
          problem: `is ${show(value)}`,
          mend: `CloudWatch keeps logs for these days: ${RETENTIONS.join(', ')}, or '${FOREVER}'.`,
        },
  format: oneOf('text', 'json'),
  level: oneOf(...LEVELS),
  systemLevel: oneOf(...SYSTEM_LEVELS),
}

export const logs: Rule = (value) => {
  const mend = "Write { retention: 14, format: 'json', level: 'info' }; each part may be left out."
  if (!isObject(value) || value.$ !== undefined) return { problem: `is ${show(value)}`, mend }
  for (const [name, part] of Object.entries(value)) {
    const rule = Object.hasOwn(MEMBERS, name) ? MEMBERS[name] : undefined
    if (rule === undefined)
      return { problem: `has no part \`${name}\``, mend: `${mend} There is \`systemLevel\`, too.` }
    const wrong = rule(part)
    if (wrong !== undefined) return { problem: `has \`${name}\`, which ${wrong.problem}`, mend: wrong.mend }
  }
  return undefined
}

/** What a declaration says of its logs laid over what its app says. */
export function toLogs(app: Options, own: Options): LogsModel {
  const all: Options = { ...objectOf(app, 'logs'), ...objectOf(own, 'logs') }
  const isJson = all.format === 'json'
  return {
    retention: all.retention === FOREVER ? undefined : numberOf(all, 'retention', RETENTION),
    format: isJson ? 'json' : 'text',
    // Source: "Using Lambda advanced logging controls": both are INFO unless told, and text knows none.
    level: isJson ? (LEVELS.find((one) => one === all.level) ?? 'info') : undefined,
    systemLevel: isJson ? (SYSTEM_LEVELS.find((one) => one === all.systemLevel) ?? 'info') : undefined,
  }
}

/** Complains of a level where Lambda writes text, which has none. */
export function checkLogs(what: string, app: Options, own: Options, where: Where): Complaint[] {
  const { level, systemLevel } = objectOf(own, 'logs')
  if ((level === undefined && systemLevel === undefined) || toLogs(app, own).format === 'json') return []
  const problem = 'names a level, and Lambda tells levels apart only in JSON'
  const mend = "Add `format: 'json'`, or remove the level."
  return [complaint('GOBLET_BAD_OPTION', { option: 'logs', what, problem, mend }, where)]
}
