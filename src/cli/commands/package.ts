// `goblet package`: everything that a team needs to go on without Goblet, in the form it likes best.
import { APP_OPTIONS, type Command, ENTRY_ARGUMENT, JSON_OPTION } from '../command.ts'

export const packaging: Command = {
  name: 'package',
  summary: 'write the app out for CloudFormation, SAM, Terraform or the CDK',
  examples: [
    'goblet package --format cloudformation',
    'goblet package --format terraform --stage prod --out infrastructure',
  ],
  arguments: [ENTRY_ARGUMENT],
  options: [
    { flag: '--format <name>', summary: 'cloudformation, sam, terraform or cdk', default: 'cloudformation' },
    { flag: '--out <folder>', summary: 'where to (default: package/<format>)' },
    ...APP_OPTIONS,
    JSON_OPTION,
  ],
  run: async (input) => (await import('../deploying/package.ts')).runPackage(input),
}
