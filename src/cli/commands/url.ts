// `goblet url`: where the deployed app is called.
import { APP_OPTIONS, AWS_OPTIONS, type Command, ENTRY_ARGUMENT, JSON_OPTION } from '../command.ts'

export const url: Command = {
  name: 'url',
  summary: 'print where the deployed app is called',
  examples: ['goblet url', 'goblet url --stage prod', 'curl "$(goblet url)/cities/oslo"'],
  arguments: [ENTRY_ARGUMENT],
  options: [...APP_OPTIONS, ...AWS_OPTIONS, JSON_OPTION],
  run: async (input) => (await import('../deploying/url.ts')).runUrl(input),
}
