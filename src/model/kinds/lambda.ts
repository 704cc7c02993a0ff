// Functions that are called by name.
import type { Complaint } from '../../errors.ts'
import type { DescribedFunction } from '../describe.ts'
import { FUNCTION_RULES } from '../functions.ts'
import type { LambdaTriggerModel } from '../model.ts'

export const lambda = {
  title: 'lambda',
  rules: () => FUNCTION_RULES,
  functionName: (described: DescribedFunction): string => described.export,
  read: (described: DescribedFunction, name: string): { triggers: LambdaTriggerModel[]; complaints: Complaint[] } => ({
    triggers: [{ kind: 'lambda', function: name, where: described.where }],
    complaints: [],
  }),
}
