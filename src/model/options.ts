// Reading options: which are known, what their values may be, what they are when nobody gave them.
import { type Complaint, complaint, nearest, type Where } from '../errors.ts'
import type { Opaque, Options, Plain } from './describe.ts'

/** Says what is wrong with a value, and how to mend it; undefined when it is fine. */
export type Rule = (value: Plain) => { problem: string; mend: string } | undefined

/** The options of one thing. */
export type Rules = { readonly [option: string]: Rule }

/** A whole number within limits. */
export const whole =
  (least: number, most: number, unit: string): Rule =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
      ? undefined
      : {
          problem: `is ${show(value)}`,
          mend: `It is a whole number from ${least} to ${most}${unit === '' ? '' : ` (${unit})`}.`,
        }

export const text: Rule = (value) =>
  typeof value === 'string' ? undefined : { problem: `is ${show(value)}`, mend: 'It is a text.' }

export const flag: Rule = (value) =>
  typeof value === 'boolean' ? undefined : { problem: `is ${show(value)}`, mend: 'It is true or false.' }

export const oneOf =
  (...choices: readonly string[]): Rule =>
  (value) =>
    typeof value === 'string' && choices.includes(value)
      ? undefined
      : { problem: `is ${show(value)}`, mend: `It is one of ${choices.join(', ')}.` }

/** A list whose items all obey a rule. */
export const listOf =
  (item: Rule, mend: string): Rule =>
  (value) => {
    if (!Array.isArray(value)) return { problem: `is ${show(value)}`, mend }
    const wrong = value.flatMap((one: Plain) => item(one) ?? [])[0]
    return wrong === undefined ? undefined : { problem: `holds something that ${wrong.problem}`, mend: wrong.mend }
  }

export const texts = listOf(text, "It is a list of texts: ['a', 'b'].")

/** What is code in the user's source, and a stand-in in a description. */
const standsFor =
  (kind: Opaque['$'], mend: string): Rule =>
  (value) =>
    isObject(value) && value.$ === kind ? undefined : { problem: `is ${show(value)}`, mend }

export const callable = standsFor('function', 'It is a function.')
export const callables = listOf(callable, 'It is a list of functions: [logged, timed].')
export const validator = standsFor('schema', 'It is a Standard Schema: one made by zod, valibot, arktype and others.')

/** Refuses an option here, whatever its value. */
export const refused =
  (problem: string, mend: string): Rule =>
  () => ({ problem, mend })

// Source: "Reserved environment variables" of Lambda's guide. Other keys that begin with AWS_ are the user's to set.
const RESERVED: ReadonlySet<string> = new Set([
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_MAX_CONCURRENCY',
  'AWS_LAMBDA_METADATA_API',
  'AWS_LAMBDA_METADATA_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
])

const isReserved = (name: string): boolean => RESERVED.has(name) || name.startsWith('GOBLET_')

// The handle of what keeps a value.
const isKept = (content: Plain): boolean =>
  isObject(content) && content.$ === 'reference' && (content.kind === 'param' || content.kind === 'secret')

/** Environment variables: texts, under names that Lambda accepts. What they take in all is for the function to check. */
export const environment: Rule = (value) => {
  if (!isObject(value)) return { problem: `is ${show(value)}`, mend: 'It is an object of texts: { LOG: "info" }.' }
  for (const [name, content] of Object.entries(value)) {
    if (typeof content !== 'string' && !isKept(content))
      return {
        problem: `holds ${show(content)} as ${name}`,
        mend: 'Environment variables are texts (write "1" for 1), or handles of parameters and secrets.',
      }
    // Source: CreateFunction's Environment.
    if (!/^[A-Za-z][A-Za-z0-9_]+$/.test(name))
      return {
        problem: `has the name ${show(name)}`,
        mend: 'Names are letters, digits and _, two or more, beginning with a letter.',
      }
    if (isReserved(name))
      return {
        problem: `sets ${name}, which is reserved`,
        mend: 'Choose another name: Lambda or Goblet sets this one.',
      }
  }
  return undefined
}

const UNDEFINED = {
  problem: 'is undefined, so perhaps what it names is declared further down',
  mend: 'Declare that above the line that names it, or leave the option out.',
}

/** Complains of unknown options and bad values. */
export function checkOptions(what: string, options: Options, rules: Rules, where: Where): Complaint[] {
  const known = Object.keys(rules)
  return Object.entries(options).flatMap(([option, value]) => {
    // As if it were not there, so that `{ memory: maybe }` works.
    if (value === undefined) return []
    const rule = Object.hasOwn(rules, option) ? rules[option] : undefined
    if (rule === undefined) {
      const details = {
        option,
        what: capitalized(what),
        suggestion: nearest(option, known),
        known: known.length === 0 ? 'none' : known.join(', '),
      }
      return [complaint('GOBLET_UNKNOWN_OPTION', details, where)]
    }
    const wrong = isObject(value) && value.$ === 'undefined' ? UNDEFINED : rule(value)
    return wrong === undefined ? [] : [complaint('GOBLET_BAD_OPTION', { option, what, ...wrong }, where)]
  })
}

/** An option's value where it is of the wanted type (checkOptions has complained of any other), else the default. */
export function numberOf<D extends number | undefined>(options: Options, name: string, otherwise: D): number | D {
  const value = options[name]
  return typeof value === 'number' ? value : otherwise
}

export function textOf(options: Options, name: string, otherwise: string): string {
  const value = options[name]
  return typeof value === 'string' ? value : otherwise
}

export function flagOf(options: Options, name: string, otherwise = false): boolean {
  const value = options[name]
  return typeof value === 'boolean' ? value : otherwise
}

export function objectOf(options: Options, name: string): Options {
  const value = options[name]
  return isObject(value) ? value : {}
}

/** The texts of a list; of one text, that. */
export function textsOf(options: Options, name: string): string[] {
  const value = options[name]
  const all: readonly Plain[] = Array.isArray(value) ? value : value === undefined ? [] : [value]
  return all.filter((one) => typeof one === 'string')
}

export function isObject(value: Plain | undefined): value is Options {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Words that begin a sentence. */
export const capitalized = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1)

/** A value in a message: short, and never the whole of a long one. */
export function show(value: Plain): string {
  if (isObject(value) && typeof value.$ === 'string') return `a ${value.$}`
  const written = JSON.stringify(value) ?? 'undefined'
  return written.length > 60 ? `${written.slice(0, 57)}…` : written
}

/** The options that have a value: `{ memory: undefined }` gives no memory, and takes none away. */
export const given = (options: Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
