// Schedules: a function and the expression it wakes by. The grammar is AWS's, so it is handed in.
import { type Complaint, complaint } from '../../errors.ts'
import type { DescribedFunction } from '../describe.ts'
import { FUNCTION_RULES } from '../functions.ts'
import type { ScheduleTriggerModel } from '../model.ts'

export const schedule = {
  title: 'schedule',
  rules: () => FUNCTION_RULES,
  functionName: (described: DescribedFunction): string => described.export,
  read: (
    described: DescribedFunction,
    name: string,
    grammar: Grammar,
  ): { triggers: ScheduleTriggerModel[]; complaints: Complaint[] } => {
    const { subject: expression, where } = described
    const problem = grammar.schedule(expression)
    return {
      triggers: [{ kind: 'schedule', function: name, expression, where }],
      complaints: problem === undefined ? [] : [complaint('GOBLET_BAD_SCHEDULE', { expression, problem }, where)],
    }
  },
}

/** AWS's own grammars, which this room may not know. */
export interface Grammar {
  /** What is wrong with a schedule expression (`has 5 fields …`), or undefined. */
  schedule(expression: string): string | undefined
}
