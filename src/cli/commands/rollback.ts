// `goblet rollback`: callers get the versions before again. No code is needed, and nothing else changes.
import { APP_OPTIONS, AWS_OPTIONS, type Command, JSON_OPTION } from '../command.ts'

export const rollback: Command = {
  name: 'rollback',
  summary: 'give callers the versions before the last deploy again',
  examples: ['goblet rollback --stage prod', 'goblet rollback api', 'goblet rollback api --to 12'],
  arguments: [{ name: 'function', summary: 'one function only', optional: true }],
  options: [
    { flag: '--to <version>', summary: 'this version, not the one before the last deploy' },
    ...APP_OPTIONS,
    ...AWS_OPTIONS,
    JSON_OPTION,
  ],
  run: async (input) => (await import('../deploying/rollback.ts')).runRollback(input),
}
