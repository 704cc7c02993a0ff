// Runs `goblet url`.
import { readStack, worded } from '../../deploy/index.ts'
import { problem } from '../../errors.ts'
import { flagOption, type Input } from '../command.ts'
import { print, printJson } from '../terminal.ts'
import { withModel } from './deployment.ts'
import { toUrlFacts, toUrlLines, urlsFrom } from './report.ts'

export const runUrl = (input: Input): Promise<number> =>
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
  )
