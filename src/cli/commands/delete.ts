// `goblet delete`: takes the app off AWS. What holds data stays, unless that is asked for.
import { APP_OPTIONS, AWS_OPTIONS, type Command, ENTRY_ARGUMENT, JSON_OPTION } from '../command.ts'

export const remover: Command = {
  name: 'delete',
  summary: 'take the app off AWS; tables, buckets, streams and secrets stay unless --data is given',
  examples: ['goblet delete', 'goblet delete --stage pr-7 --data --yes'],
  arguments: [ENTRY_ARGUMENT],
  options: [
    ...APP_OPTIONS,
    ...AWS_OPTIONS,
    { flag: '--data', summary: 'tables, buckets, streams and secrets go too, with all that they hold' },
    { flag: '--yes', summary: 'do not ask' },
    JSON_OPTION,
  ],
  run: async (input) => (await import('../deploying/delete.ts')).runDelete(input),
}
