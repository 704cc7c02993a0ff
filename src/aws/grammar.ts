// AWS's grammars in one table: what is wrong with something that a user wrote in one of them.
import { compilePattern, PatternError } from './pattern.ts'
import { scheduleProblem } from './schedule.ts'

/** For each grammar: what is wrong (`has 5 fields …`), or undefined. */
export const GRAMMAR = { schedule: scheduleProblem, pattern: patternProblem }

/** Says what is wrong with a filter of an event source, or with SNS's filter policy of a scope. */
function patternProblem(
  pattern: Readonly<Record<string, unknown>>,
  dialect: 'source' | 'MessageAttributes' | 'MessageBody',
): string | undefined {
  // Recorded: attributes have no inside, so SNS refuses a policy that looks into one.
  if (dialect === 'MessageAttributes' && Object.values(pattern).some(isInner))
    return 'Filter policy scope MessageAttributes does not support nested filter policy'
  try {
    compilePattern(pattern, dialect === 'source' ? 'source' : 'sns')
    return undefined
  } catch (error) {
    if (error instanceof PatternError) return error.message
    throw error
  }
}

const isInner = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
