// The `numeric` operator: one comparison, or a range from below to above.
// Source: RuleCompiler.java of aws/event-ruler (processNumericMatchExpression), words included.
import { fail } from './error.ts'

type Compare = (value: number) => boolean

const COMPARISONS: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  '=': (value, bound) => value === bound,
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
}

export function compileNumeric(terms: unknown): Compare {
  if (!Array.isArray(terms)) fail('Value of numeric must be an array.')
  const [operator, bound, second, top, ...rest]: unknown[] = terms
  if (typeof operator !== 'string') fail(`Invalid member in numeric match: ${toToken(operator)}`)
  const compare = comparison(operator) ?? fail(`Unrecognized numeric range operator: ${operator}`)
  if (typeof bound !== 'number') fail(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`)
  if (terms.length === 2) return (value) => compare(value, bound)
  if (!operator.startsWith('>')) fail('Too many elements in numeric expression')
  if (typeof second !== 'string') fail(`Bad value in numeric range: ${toToken(second)}`)
  if (!second.startsWith('<')) fail(`Bad numeric range operator: ${second}`)
  const compareTop = comparison(second) ?? fail(`Bad numeric range operator: ${second}`)
  if (typeof top !== 'number') fail(`Value of ${second} must be numeric`)
  if (rest.length > 0) fail('Too many terms in numeric range expression')
  if (bound >= top) fail('Bottom must be less than top')
  return (value) => compare(value, bound) && compareTop(value, top)
}

const comparison = (operator: string): ((value: number, bound: number) => boolean) | undefined =>
  Object.hasOwn(COMPARISONS, operator) ? COMPARISONS[operator] : undefined

// The ruler prints the token it stumbled over.
function toToken(value: unknown): string {
  if (value === undefined) return ']'
  if (Array.isArray(value)) return '['
  return typeof value === 'object' && value !== null ? '{' : String(value)
}
