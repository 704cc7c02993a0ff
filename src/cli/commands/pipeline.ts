// `goblet pipeline github|codepipeline`: what deploys the app whenever its branch changes.
import { type Command, JSON_OPTION } from '../command.ts'

export const pipeline: Command = {
  name: 'pipeline',
  summary: 'write a pipeline that plans pull requests and deploys the branch',
  examples: [
    'goblet pipeline github --region eu-central-1 --write',
    'goblet pipeline codepipeline --stage prod --region eu-central-1 --write',
  ],
  arguments: [{ name: 'kind', summary: 'github or codepipeline' }],
  options: [
    { flag: '--write', summary: 'write the files instead of showing them' },
    { flag: '--branch <name>', summary: 'what is deployed', default: 'main' },
    { flag: '--region <name>', summary: 'the AWS region it is deployed to' },
    { flag: '--entry <file>', summary: 'the file whose exports are the app', default: 'app.ts' },
    { flag: '--stage <name>', summary: 'what the branch is deployed as', default: 'prod' },
    JSON_OPTION,
  ],
  run: async (input) => (await import('../deploying/pipeline.ts')).runPipeline(input),
}
