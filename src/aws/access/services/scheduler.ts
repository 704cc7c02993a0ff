// EventBridge Scheduler: schedules lie in groups, and call their targets as a role that is handed to them.
// Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/security_iam_service-with-iam.html
import { arnOf, type Resource, type Rule, type Service } from '../resource.ts'
import { at, type Input, named, type Text, texts } from '../text.ts'
import { passRoles } from './pass-role.ts'

const DEFAULT: readonly Text[] = [{ pattern: 'default', told: true }]

function toSchedules(input: Input): readonly Resource[] {
  const groups = texts(at(input.value, 'GroupName'))
  return named(input, 'Name').flatMap(({ pattern, told }) =>
    (groups.length === 0 ? DEFAULT : groups).map((group) => ({
      arn: arnOf(input.place, 'scheduler', `schedule/${group.pattern}/${pattern}`),
      exact: told || group.told,
    })),
  )
}

const withRole: Rule = (input) => passRoles(input, 'scheduler.amazonaws.com', at(input.value, 'Target', 'RoleArn'))

export const scheduler: Service = {
  finders: { schedule: toSchedules },
  besides: { CreateSchedule: withRole, UpdateSchedule: withRole },
}
