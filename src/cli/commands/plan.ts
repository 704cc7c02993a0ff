// `goblet plan`: what a deploy would do. Changes nothing.
import { APP_OPTIONS, AWS_OPTIONS, type Command, ENTRY_ARGUMENT, JSON_OPTION } from '../command.ts'

export const plan: Command = {
  name: 'plan',
  summary: 'show what `goblet deploy` would change on AWS, and who would be allowed what',
  examples: ['goblet plan', 'goblet plan --stage prod --profile production', 'goblet plan --json'],
  arguments: [ENTRY_ARGUMENT],
  options: [
    ...APP_OPTIONS,
    ...AWS_OPTIONS,
    { flag: '--allow-replace', summary: 'take it that what holds data may be replaced or removed' },
    { flag: '--drift', summary: 'have CloudFormation look for what another hand deleted, too' },
    { flag: '--check-permissions', summary: 'fail on permissions that iam.lock.json does not have' },
    JSON_OPTION,
  ],
  run: async (input) => (await import('../deploying/plan.ts')).runPlan(input),
}
