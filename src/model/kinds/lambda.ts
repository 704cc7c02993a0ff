// Functions that are called by name.
import type { Complaint } from '../../errors.ts'
import type { DescribedFunction } from '../describe.ts'
import { FUNCTION_RULES, ownFunction } from '../functions.ts'
import type { LambdaTriggerModel } from '../model.ts'

export const lambda = {
  rules: () => FUNCTION_RULES,
  owner: ownFunction,
  read: (described: DescribedFunction, name: string): { triggers: LambdaTriggerModel[]; complaints: Complaint[] } => ({
    triggers: [{ kind: 'lambda', function: name, where: described.where }],
    complaints: [],
  }),
}
