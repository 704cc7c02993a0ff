// The conditions of a statement: every one has to hold; of one key's values, any.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
import type { Context } from './context.ts'
import { OPERATORS, type Operator, type Test } from './operators.ts'

/** Undefined: an operator that nobody knows, of which nobody can say. */
export type Condition = (context: Context) => boolean | undefined

/** Reads a `Condition` block; undefined for what is none. */
export function compileConditions(given: unknown, variables: boolean): readonly Condition[] | undefined {
  if (!isRecord(given)) return undefined
  const conditions: Condition[] = []
  for (const [operator, keys] of Object.entries(given)) {
    if (!isRecord(keys)) return undefined
    for (const [key, values] of Object.entries(keys)) {
      const wanted = toTexts(values)
      if (wanted === undefined) return undefined
      conditions.push(compileCondition(operator.toLowerCase(), key.toLowerCase(), wanted, variables))
    }
  }
  return conditions
}

function compileCondition(given: string, key: string, wanted: readonly string[], variables: boolean): Condition {
  const [, quantifier, named = '', ifExists] = /^(forallvalues:|foranyvalue:)?(.*?)(ifexists)?$/.exec(given) ?? []
  if (named === 'null') {
    const absent = wanted.includes('true')
    return (context) => isEmpty(context(key)) === absent
  }
  const operator = OPERATORS.get(named)
  if (operator === undefined) return () => undefined
  const tests = wanted.map((one) => operator.compile(one, variables))
  const holds = toHolds(operator, tests)
  if (quantifier === 'forallvalues:') return (context) => (context(key) ?? []).every((value) => holds(value, context))
  if (quantifier === 'foranyvalue:')
    return (context) => {
      const values = context(key) ?? []
      return ifExists !== undefined && values.length === 0 ? true : values.some((value) => holds(value, context))
    }
  return (context) => {
    const values = context(key)
    if (values === undefined || values.length === 0) return ifExists !== undefined || operator.negated
    // A key of one value. Where there are several all the same, `Not` must not be passed by one of them alone.
    return operator.negated
      ? values.every((value) => holds(value, context))
      : values.some((value) => holds(value, context))
  }
}

const toHolds =
  ({ negated }: Operator, tests: readonly Test[]): Test =>
  (value, context) =>
    tests.some((test) => test(value, context)) !== negated

const isEmpty = (values: readonly string[] | undefined): boolean => values === undefined || values.length === 0

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** One or several texts; numbers and booleans may come without quotes. */
function toTexts(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  const texts = list.flatMap((one) =>
    typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean' ? [String(one)] : [],
  )
  return texts.length === list.length ? texts : undefined
}
