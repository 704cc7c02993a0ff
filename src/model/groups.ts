// Groups: a prefix, and defaults for the routes in it.
import { type Complaint, complaint } from '../errors.ts'
import type { DescribedGroup } from './describe.ts'
import { FUNCTION_RULES } from './functions.ts'
import { ROUTE_DEFAULTS, sharedRules } from './kinds/http.ts'
import { checkOptions, flagOf } from './options.ts'
import { prefixProblem } from './pattern.ts'

/** Complains of a group's prefix and options. */
export function checkGroup({ export: name, prefix, options, where }: DescribedGroup): Complaint[] {
  const functions = flagOf(options, 'isolate') ? FUNCTION_RULES : sharedRules('group')
  const complaints = checkOptions(`the group ${name}`, options, { ...functions, ...ROUTE_DEFAULTS }, where)
  const problem = prefixProblem(prefix)
  if (problem !== undefined) complaints.push(complaint('GOBLET_BAD_PREFIX', { prefix, problem }, where))
  return complaints
}
