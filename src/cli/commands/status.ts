// `goblet status`: what is live on AWS, since when, by whom, and what another hand changed.
import { APP_OPTIONS, AWS_OPTIONS, type Command, ENTRY_ARGUMENT, JSON_OPTION } from '../command.ts'

export const status: Command = {
  name: 'status',
  summary: 'show what is live on AWS, since when, and by whom',
  examples: [
    'goblet status',
    'goblet status --stage prod --drift   # compares everything with the template',
    'goblet status --json',
  ],
  arguments: [ENTRY_ARGUMENT],
  options: [
    ...APP_OPTIONS,
    ...AWS_OPTIONS,
    { flag: '--drift', summary: 'have CloudFormation compare every resource with the template' },
    JSON_OPTION,
  ],
  run: async (input) => (await import('../deploying/status.ts')).runStatus(input),
}
