// Schedules: a function and the expression it wakes by.
import { type Complaint, complaint } from '../../errors.ts'
import type { DescribedFunction } from '../describe.ts'
import { FUNCTION_RULES, ownFunction } from '../functions.ts'
import type { ScheduleTriggerModel } from '../model.ts'
import type { Reading } from '../reading.ts'

export const schedule = {
  rules: () => FUNCTION_RULES,
  owner: ownFunction,
  read: (
    described: DescribedFunction,
    name: string,
    { grammar }: Reading,
  ): { triggers: ScheduleTriggerModel[]; complaints: Complaint[] } => {
    const { subject: expression, where } = described
    const problem = grammar.schedule(expression)
    return {
      triggers: [{ kind: 'schedule', function: name, expression, where }],
      complaints: problem === undefined ? [] : [complaint('GOBLET_BAD_SCHEDULE', { expression, problem }, where)],
    }
  },
}
