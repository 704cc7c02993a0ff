// AWS's grammars in one table: what is wrong with something that a user wrote in one of them.
import { compilePattern, PatternError } from './pattern.ts'
import { scheduleProblem } from './schedule.ts'
import { planProblem } from './schedule-plan.ts'

/** For each grammar: what is wrong (`has 5 fields …`), or undefined. */
export const GRAMMAR = { schedule: timeProblem, pattern: patternProblem }

/** Says what is wrong with a schedule of EventBridge, or of EventBridge Scheduler where it is at(…), which only that one knows. */
function timeProblem(expression: string): string | undefined {
  return expression.startsWith('at(') ? planProblem(expression) : scheduleProblem(expression)
}

/** Says what is wrong with a filter of an event source, a rule's pattern, or SNS's filter policy of a scope. */
function patternProblem(
  pattern: Readonly<Record<string, unknown>>,
  dialect: 'source' | 'event' | 'MessageAttributes' | 'MessageBody',
): string | undefined {
  // Recorded: attributes have no inside, so SNS refuses a policy that looks into one.
  if (dialect === 'MessageAttributes' && Object.values(pattern).some(isInner))
    return 'Filter policy scope MessageAttributes does not support nested filter policy'
  try {
    compilePattern(pattern, DIALECTS[dialect])
    return undefined
  } catch (error) {
    if (error instanceof PatternError) return error.message
    throw error
  }
}

const DIALECTS = { source: 'source', event: 'events', MessageAttributes: 'sns', MessageBody: 'sns' } as const

const isInner = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
