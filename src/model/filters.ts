// Filters: patterns that say which messages are delivered.
import { type Complaint, complaint } from '../errors.ts'
import type { Options, Plain } from './describe.ts'
import type { FilterScope, JsonObject } from './model.ts'
import { isObject, oneOf, type Rule, show, textOf } from './options.ts'
import type { Grammar } from './reading.ts'

/** Data all through: what is code in the user's source cannot go to AWS. */
function isData(value: Plain): boolean {
  if (Array.isArray(value)) return value.every(isData)
  return !isObject(value) || (value.$ === undefined && Object.values(value).every(isData))
}

/** Whether a value is an object of nothing but data. */
export const isPattern = (value: Plain): value is JsonObject => isObject(value) && isData(value)

/** One pattern. */
export const policy: Rule = (value) =>
  isPattern(value)
    ? undefined
    : { problem: `is ${show(value)}`, mend: "It is a pattern: { kind: ['order'], amount: [{ numeric: ['>', 100] }] }." }

/** One pattern or several. Source: FilterCriteria of CreateEventSourceMapping takes five; more need a quota. */
export const patterns: Rule = (value) => {
  const all: readonly Plain[] = Array.isArray(value) ? value : [value]
  const wrong = all.find((one) => !isPattern(one))
  const mend = "It is a pattern over the record, or a list of up to ten: { body: { kind: ['order'] } }."
  if (wrong !== undefined) return { problem: `holds ${show(wrong)}`, mend }
  return all.length > 0 && all.length <= 10 ? undefined : { problem: `has ${all.length} patterns`, mend }
}

export const scope = oneOf('MessageAttributes', 'MessageBody')

export const scopeOf = (options: Options): FilterScope =>
  textOf(options, 'filterScope', '') === 'MessageBody' ? 'MessageBody' : 'MessageAttributes'

/** The patterns of an option. What is none has been complained of already. */
export function patternsOf({ filter }: Options): readonly JsonObject[] {
  if (filter === undefined) return []
  const all: readonly Plain[] = Array.isArray(filter) ? filter : [filter]
  return all.filter(isPattern)
}

/** Complains of patterns that AWS would refuse. */
export function checkPatterns(
  all: readonly JsonObject[],
  dialect: Parameters<Grammar['pattern']>[1],
  grammar: Grammar,
  told: Pick<Complaint, 'where'> & { readonly what: string },
): Complaint[] {
  const { what, where } = told
  return all.flatMap((pattern) => {
    const problem = grammar.pattern(pattern, dialect)
    if (problem === undefined) return []
    return [complaint('GOBLET_BAD_FILTER', { what, pattern: show(pattern), problem }, where)]
  })
}
