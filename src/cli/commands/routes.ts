// `goblet routes`: which requests the app answers.
import { toPlace } from '../../errors.ts'
import type { HttpTriggerModel, TriggerModel, WebsocketTriggerModel } from '../../model/index.ts'
import { APP_OPTIONS, type Command, ENTRY_ARGUMENT, flagOption, JSON_OPTION } from '../command.ts'
import { openProject } from '../project.ts'
import { paint, print, printJson, toTable } from '../terminal.ts'

export const routes: Command = {
  name: 'routes',
  summary: 'list the routes of the app, those of WebSocket APIs too',
  examples: ['goblet routes', 'goblet routes --json'],
  arguments: [ENTRY_ARGUMENT],
  options: [...APP_OPTIONS, JSON_OPTION],
  run: async (input) => {
    const project = await openProject(input)
    const { triggers } = await project.describe().finally(() => project.close())
    const found = triggers.filter(isRoute)
    if (flagOption(input, 'json')) {
      printJson(found.map(toFacts))
    } else if (found.length === 0) {
      print("The app has no routes. Add one: export const index = route('GET /', () => ({ hello: 'world' }))")
    } else {
      const rows = found.map((one) => [...toWords(one), one.export, one.function, toPlace(one.where)])
      const [head = '', ...lines] = toTable([['METHOD', 'PATH', 'EXPORT', 'FUNCTION', 'WHERE'], ...rows]).split('\n')
      print([paint('dim', head), ...lines].join('\n'))
    }
    return 0
  },
}

type RouteTrigger = HttpTriggerModel | WebsocketTriggerModel

const isRoute = (one: TriggerModel): one is RouteTrigger =>
  one.kind === 'websocket' || (one.kind === 'http' && !one.synthetic)

function toFacts(one: RouteTrigger): object {
  const { export: name, function: made, where } = one
  if (one.kind === 'http') return { method: one.method, path: one.path, export: name, function: made, where }
  return { websocket: one.websocket, route: one.route, export: name, function: made, where }
}

const toWords = (one: RouteTrigger): [method: string, path: string] =>
  one.kind === 'http' ? [one.method, one.path] : ['WS', `${one.websocket} ${one.route}`]
