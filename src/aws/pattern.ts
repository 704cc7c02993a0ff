// The pattern language of EventBridge, SNS filter policies and Lambda's event filters: one engine, three dialects.
import { checkComplexity } from './pattern/complexity.ts'
import type { Dialect } from './pattern/leaf.ts'
import { matches } from './pattern/match.ts'
import { compileTree } from './pattern/tree.ts'

export { PatternError } from './pattern/error.ts'
export type { Dialect } from './pattern/leaf.ts'

/** Whether an event, as JSON has it, matches. */
export type Matcher = (event: unknown) => boolean

/** Compiles a pattern, as JSON has it. Throws a `PatternError` with AWS's reason. */
export function compilePattern(pattern: unknown, dialect: Dialect): Matcher {
  if (dialect === 'sns') checkComplexity(pattern)
  const tree = compileTree(pattern, dialect)
  return (event) => matches(tree, event)
}
