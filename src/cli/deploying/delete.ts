// Runs `goblet delete`.
import { createInterface } from 'node:readline/promises'
import { type Named, removalOf, remove, worded } from '../../deploy/index.ts'
import { problem } from '../../errors.ts'
import type { Model } from '../../model/index.ts'
import { flagOption, type Input } from '../command.ts'
import { paint, print, printJson, toTable, warn } from '../terminal.ts'
import { commandOf, type Session, toPlaceHead, withModel } from './deployment.ts'
import { interruptible } from './interrupt.ts'
import { openProgress } from './progress.ts'

export const runDelete = (input: Input): Promise<number> =>
  worded(() => withModel(input, (session, model) => run(input, session, model)))

async function run(input: Input, session: Session, model: Model): Promise<number> {
  const { clients, caller } = session
  const [isJson, data] = [flagOption(input, 'json'), flagOption(input, 'data')]
  const { app, stage } = model
  const stack = `${app}-${stage}`
  const found = await removalOf(clients, { stack, data })
  if (!isJson) {
    print(toPlaceHead(session, stack))
    print(`\n${found === undefined ? toNothing(stack, model, data) : toPreview(found)}`)
  }
  if (found !== undefined && !flagOption(input, 'yes')) await confirm(stack, data)
  const view = openProgress(isJson)
  const { signal, release } = interruptible(view)
  try {
    const by = { caller, command: commandOf(stage, 'delete'), report: view.report }
    const removal = { app, stage, stack, account: caller.account, data, signal }
    const done = await remove(clients, removal, by).finally(() => view.end())
    if (isJson) printJson({ event: 'done', stack, ...done })
    else if (done.found) {
      print(`${paint('green', '✓')} ${stack} is gone.`)
      const kept = done.kept.map(({ type }) => type)
      const secrets = kept.filter((type) => type === 'AWS::SecretsManager::Secret').length
      if (kept.length > secrets) print('The next `goblet deploy` takes back what stays, under its name.')
      // A secret is known to CloudFormation by its ARN, which ends with characters that nobody can tell beforehand.
      if (secrets > 0) print('But for secrets: delete them, or declare them `existing`, before you deploy again.')
    }
    return 0
  } finally {
    release()
  }
}

type Preview = NonNullable<Awaited<ReturnType<typeof removalOf>>>

const toPreview = ({ goes, stays }: Preview): string =>
  `${[...toSection('Goes', '-', goes), ...toSection('Stays', '=', stays)].join('\n')}\n`

function toNothing(stack: string, { resources }: Model, data: boolean): string {
  const nothing = `There is no stack ${stack}: nothing is to be removed.`
  const left =
    'What an earlier delete left stays: `goblet deploy` takes it back, then `goblet delete --data` removes it.'
  return data && resources.some(({ kind, existing }) => !existing && STAYS.has(kind)) ? `${nothing}\n${left}` : nothing
}

const STAYS: ReadonlySet<string> = new Set(['table', 'bucket', 'stream', 'secret'])

function toSection(title: string, sign: string, all: readonly Named[]): string[] {
  if (all.length === 0) return []
  const rows = toTable(all.map(({ type, name }) => [type, name])).split('\n')
  return [paint('bold', title), ...rows.map((row) => `  ${paint(sign === '-' ? 'red' : 'cyan', sign)} ${row}`)]
}

/** Somebody at a terminal writes the stack's name; nobody else can be asked. */
async function confirm(stack: string, data: boolean): Promise<void> {
  if (process.stdin.isTTY !== true || process.stdout.isTTY !== true)
    throw problem('GOBLET_USAGE', { problem: 'There is nobody to ask.', mend: 'Give --yes.' })
  if (data) warn(`${paint('red', '!')} What tables, buckets, streams and secrets hold is lost for good.`)
  const asking = createInterface({ input: process.stdin, output: process.stdout })
  try {
    const answer = await asking.question(`Write ${stack} to remove it: `)
    if (answer.trim() !== stack)
      throw problem('GOBLET_USAGE', { problem: 'Nothing was removed.', mend: `Write ${stack}, or give --yes.` })
  } finally {
    asking.close()
  }
}
