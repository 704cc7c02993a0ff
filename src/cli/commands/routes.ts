// `goblet routes`: which requests the app answers.
import { toPlace } from '../../errors.ts'
import type { HttpTriggerModel } from '../../model/index.ts'
import { APP_OPTIONS, type Command, flagOption, JSON_OPTION } from '../command.ts'
import { openProject } from '../project.ts'
import { paint, print, printJson, toTable } from '../terminal.ts'

export const routes: Command = {
  name: 'routes',
  summary: 'list the routes of the app',
  examples: ['goblet routes', 'goblet routes --json'],
  arguments: [],
  options: [...APP_OPTIONS, JSON_OPTION],
  run: async (input) => {
    const project = await openProject(input)
    const { triggers } = await project.describe().finally(() => project.close())
    const found = triggers.filter((one): one is HttpTriggerModel => one.kind === 'http' && !one.synthetic)
    if (flagOption(input, 'json')) {
      printJson(
        found.map(({ method, path, export: name, function: made, where }) => ({
          method,
          path,
          export: name,
          function: made,
          where,
        })),
      )
    } else if (found.length === 0) {
      print("The app has no routes. Add one: export const index = route('GET /', () => ({ hello: 'world' }))")
    } else {
      const rows = found.map(({ method, path, export: name, function: made, where }) => [
        method,
        path,
        name,
        made,
        toPlace(where),
      ])
      const [head = '', ...lines] = toTable([['METHOD', 'PATH', 'EXPORT', 'FUNCTION', 'WHERE'], ...rows]).split('\n')
      print([paint('dim', head), ...lines].join('\n'))
    }
    return 0
  },
}
