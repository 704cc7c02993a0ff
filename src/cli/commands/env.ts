// `goblet env`: makes the aws command and every SDK in this shell speak to the local cloud.
import { APP_OPTIONS, type Command, ENTRY_ARGUMENT, flagOption, JSON_OPTION, STATE_OPTION } from '../command.ts'
import { awsEnvironment, needRunning } from '../running.ts'
import { print, printJson } from '../terminal.ts'

export const env: Command = {
  name: 'env',
  summary: 'print shell exports that point the aws CLI and SDKs at the local cloud',
  examples: ['eval "$(goblet env)"', 'goblet env --json'],
  arguments: [ENTRY_ARGUMENT],
  options: [...APP_OPTIONS, STATE_OPTION, JSON_OPTION],
  run: async (input) => {
    const { owner } = await needRunning(input, 'goblet env')
    const variables = awsEnvironment(owner.endpoint)
    if (flagOption(input, 'json')) printJson(variables)
    else for (const [name, value] of Object.entries(variables)) print(`export ${name}=${value}`)
    return 0
  },
}
