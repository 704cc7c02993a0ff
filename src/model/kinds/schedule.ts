// Schedules: a function and the expression it wakes by.
import { type Complaint, complaint } from '../../errors.ts'
import type { DescribedFunction } from '../describe.ts'
import { FUNCTION_RULES, ownFunction } from '../functions.ts'
import type { ScheduleTriggerModel } from '../model.ts'
import { numberOf, type Rules, textOf, whole } from '../options.ts'
import { called, type Reading } from '../reading.ts'
import { moment, timeOf, zone } from '../times.ts'

// Source: CreateSchedule. What a rule of EventBridge cannot do.
const SCHEDULER_RULES = {
  timezone: zone,
  start: moment,
  end: moment,
  window: whole(1, 1440, 'minutes'),
  input: () => undefined,
} satisfies Rules
const RULES = { ...FUNCTION_RULES, ...SCHEDULER_RULES } satisfies Rules

export const schedule = {
  rules: () => RULES,
  owner: ownFunction,
  read: (
    described: DescribedFunction,
    name: string,
    { grammar }: Reading,
  ): { triggers: ScheduleTriggerModel[]; complaints: Complaint[] } => {
    const { subject: expression, options, where } = described
    const needsScheduler = Object.keys(SCHEDULER_RULES).some((option) => options[option] !== undefined)
    const trigger: ScheduleTriggerModel = {
      kind: 'schedule',
      function: name,
      expression,
      service: needsScheduler || expression.startsWith('at(') ? 'scheduler' : 'rule',
      timezone: textOf(options, 'timezone', 'UTC'),
      start: timeOf(options.start),
      end: timeOf(options.end),
      window: numberOf(options, 'window', 0),
      input: options.input,
      where,
    }
    const problem = grammar.schedule(expression)
    const complaints = problem === undefined ? [] : [complaint('GOBLET_BAD_SCHEDULE', { expression, problem }, where)]
    return { triggers: [trigger], complaints: [...complaints, ...checkSpan(trigger, called(described))] }
  },
}

function checkSpan({ start, end, where }: ScheduleTriggerModel, what: string): Complaint[] {
  if (start === undefined || end === undefined || start < end) return []
  const mend = 'A schedule ends after it began.'
  return [complaint('GOBLET_BAD_OPTION', { option: 'end', what, problem: 'is not after `start`', mend }, where)]
}
