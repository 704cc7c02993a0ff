// `goblet doctor`: whether this machine, this app and these credentials are fit to deploy, and what whoever deploys must be allowed.
import { APP_OPTIONS, AWS_OPTIONS, type Command, ENTRY_ARGUMENT, JSON_OPTION } from '../command.ts'

export const doctor: Command = {
  name: 'doctor',
  summary: 'check what deploying needs, and print the least that whoever deploys must be allowed',
  examples: ['goblet doctor', 'goblet doctor --stage prod --policy > deployer.json'],
  arguments: [ENTRY_ARGUMENT],
  options: [
    { flag: '--policy', summary: 'print that policy only, as IAM takes it' },
    { flag: '--data', summary: 'with what `goblet delete --data` takes besides' },
    ...APP_OPTIONS,
    ...AWS_OPTIONS,
    JSON_OPTION,
  ],
  run: async (input) => (await import('../deploying/doctor.ts')).runDoctor(input),
}
