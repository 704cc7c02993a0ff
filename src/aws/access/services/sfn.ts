// Step Functions: versions and aliases are allowed by their state machine's ARN.
// Source: https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
import { arnOf, isArn, need, type Resource, type Rule, type Service } from '../resource.ts'
import { type Input, isNamed, orUntold, said } from '../text.ts'

const MACHINES = ['stateMachineArn', 'stateMachineAliasArn', 'stateMachineVersionArn']

/** `…:stateMachine:<name>`, and of a new one the name alone. What comes after the name is a version or an alias. */
function toMachines(input: Input): readonly Resource[] {
  const given = said(input.value, ...MACHINES)
  const names = given.length > 0 ? given : said(input.value, 'name')
  return orUntold(names).map(({ pattern, told }) => ({
    arn: isArn(pattern)
      ? pattern.split(':').slice(0, 7).join(':')
      : arnOf(input.place, 'states', `stateMachine:${given.length > 0 ? '*' : pattern}`),
    exact: told,
    whole: isArn(pattern),
  }))
}

const publishing: Rule = (input) =>
  isNamed(input.value, 'publish') ? [need('states:PublishStateMachineVersion', toMachines(input))] : []

/** A state machine, where the call is of nothing else that has an ARN of its own. */
const onMachine =
  (action: string): Rule =>
  (input) => [need(`states:${action}`, toMachines(input))]

export const sfn: Service = {
  finders: { statemachine: (input) => (isAboutMachine(input) ? toMachines(input) : []) },
  besides: { CreateStateMachine: publishing, UpdateStateMachine: publishing },
  rules: { StartExecution: onMachine('StartExecution'), StartSyncExecution: onMachine('StartSyncExecution') },
}

function isAboutMachine({ value }: Input): boolean {
  return [...MACHINES, 'name'].some((name) => isNamed(value, name))
}
