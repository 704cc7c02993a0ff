// Runs `goblet rollback`.
import { rollback as goBack, type RolledBack, worded } from '../../deploy/index.ts'
import { nearest, problem } from '../../errors.ts'
import type { Model } from '../../model/index.ts'
import { flagOption, type Input, textOption } from '../command.ts'
import { paint, print, printJson, toTable } from '../terminal.ts'
import { commandOf, type Session, toPlaceHead, withModel } from './deployment.ts'
import { openProgress } from './progress.ts'

export const runRollback = (input: Input): Promise<number> =>
  worded(() => withModel(input, (session, model) => run(input, session, model)))

async function run(input: Input, session: Session, model: Model): Promise<number> {
  const { clients, caller } = session
  const [only] = input.arguments
  expectFunction(only, model)
  const isJson = flagOption(input, 'json')
  const to = textOption(input, 'to')
  const stack = `${model.app}-${model.stage}`
  if (!isJson) print(toPlaceHead(session, stack))
  const view = openProgress(isJson)
  const asked = {
    ...{ stack, account: caller.account, functions: model.functions, only },
    to: to === '' ? undefined : to,
  }
  const by = { caller, command: commandOf(model.stage, 'rollback'), report: view.report }
  const done = await goBack(clients, asked, by).finally(() => view.end())
  if (isJson) printJson(done)
  else print(toText(done))
  return 0
}

function expectFunction(name: string | undefined, { functions }: Model): void {
  if (name === undefined || functions.some((one) => one.name === name)) return
  const known = functions.map((one) => one.name)
  throw problem('GOBLET_NO_FUNCTION', { name, suggestion: nearest(name, known), known: known.join(', ') })
}

function toText({ moved, new: fresh, canary }: RolledBack): string {
  const lines = [
    ...(canary.length === 0 ? [] : [`${paint('green', '✓')} The canary is taken back: ${canary.join(', ')}.`]),
    ...(moved.length === 0
      ? []
      : toTable(moved.map((one) => [one.name, `version ${one.to}, was ${one.from}`]))
          .split('\n')
          .map((line) => `${paint('green', '✓')} ${line}`)),
    ...fresh.map((name) => `${paint('yellow', '!')} ${name} has no version before: it stays as it is.`),
  ]
  return lines.length === 0 ? 'There is nothing to take back.' : lines.join('\n')
}
