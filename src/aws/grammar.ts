// AWS's grammars in one table: what is wrong with something that a user wrote in one of them.
import { scheduleProblem } from './schedule.ts'

/** For each grammar: what is wrong (`has 5 fields …`), or undefined. */
export const GRAMMAR = {
  schedule: scheduleProblem,
  pattern: (_pattern: object, _dialect: 'source' | 'MessageAttributes' | 'MessageBody'): string | undefined =>
    undefined,
}
