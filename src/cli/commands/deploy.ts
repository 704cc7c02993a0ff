// `goblet deploy`: brings the app to AWS.
import { APP_OPTIONS, AWS_OPTIONS, type Command, ENTRY_ARGUMENT, JSON_OPTION } from '../command.ts'

export const deploy: Command = {
  name: 'deploy',
  summary: 'bring the app to AWS: what changed, and nothing else',
  examples: [
    'goblet deploy',
    'goblet deploy --stage prod --profile production',
    'goblet deploy --stage prod --canary 10%/5m   # new code gets a tenth of the calls first',
  ],
  arguments: [ENTRY_ARGUMENT],
  options: [
    ...APP_OPTIONS,
    ...AWS_OPTIONS,
    { flag: '--allow-replace', summary: 'take it that what holds data is replaced or removed' },
    { flag: '--drift', summary: 'have CloudFormation look for what another hand deleted, and make that again, too' },
    { flag: '--check-permissions', summary: 'fail on permissions that iam.lock.json does not have' },
    { flag: '--canary <share/time>', summary: 'give new code a share of the calls for a while: 10%/5m' },
    {
      flag: '--smoke <path>',
      summary: 'what is asked when all is live; a 5xx takes it back (GET / where there is one)',
    },
    { flag: '--no-smoke', summary: 'ask nothing' },
    JSON_OPTION,
  ],
  run: async (input) => (await import('../deploying/deploy.ts')).runDeploy(input),
}
