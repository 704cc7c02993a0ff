// `goblet url`: where the deployed app is called.
import { readStack, worded } from '../../deploy/index.ts'
import { problem } from '../../errors.ts'
import { APP_OPTIONS, AWS_OPTIONS, type Command, flagOption, JSON_OPTION } from '../command.ts'
import { toUrlFacts, toUrlLines, urlsFrom } from '../deploy-report.ts'
import { withModel } from '../deployment.ts'
import { print, printJson } from '../terminal.ts'

export const url: Command = {
  name: 'url',
  summary: 'print where the deployed app is called',
  examples: ['goblet url', 'goblet url --stage prod', 'curl "$(goblet url)/cities/oslo"'],
  arguments: [],
  options: [...APP_OPTIONS, ...AWS_OPTIONS, JSON_OPTION],
  run: (input) =>
    worded(() =>
      withModel(input, async ({ clients }, model) => {
        const stack = `${model.app}-${model.stage}`
        const state = await readStack(clients, stack)
        if (state === undefined) throw problem('GOBLET_NOT_DEPLOYED', { what: `The stack ${stack}` })
        const urls = urlsFrom(state.outputs, model, clients.endpoint)
        const lines = toUrlLines(urls)
        if (flagOption(input, 'json')) printJson(toUrlFacts(urls))
        // Alone, it is for other programs.
        else if (lines.length === 1 && urls.api !== undefined) print(urls.api)
        else
          print(lines.length === 0 ? 'The app has no URL: it has neither routes nor WebSocket APIs.' : lines.join('\n'))
        return 0
      }),
    ),
}
