// `goblet policy`: what each function may do on AWS, and which line needs it.
import { nearest, problem } from '../../errors.ts'
import type { FunctionPermissions, Permissions } from '../../model/index.ts'
import { APP_OPTIONS, type Command, flagOption, type Input, JSON_OPTION, STATE_OPTION, textOption } from '../command.ts'
import { checkLock, LOCK, writeLock } from '../policy-check.ts'
import { isTooLong, toExplanation, toJson, toReport } from '../policy-report.ts'
import { showUnused } from '../policy-unused.ts'
import { openProject, placeOf } from '../project.ts'
import { print, printJson } from '../terminal.ts'

export const policy: Command = {
  name: 'policy',
  summary: 'show what each function may do on AWS, and which line needs it',
  examples: [
    'goblet policy',
    'goblet policy api --explain',
    'goblet policy --write   # accept: writes iam.lock.json',
    'goblet policy --check   # in CI: fails on what iam.lock.json does not have',
  ],
  arguments: [{ name: 'function', summary: 'one function only', optional: true }],
  options: [
    ...APP_OPTIONS,
    { flag: '--explain', summary: 'show the way from the handler to every call' },
    { flag: '--check', summary: `fail on permissions and warnings that ${LOCK} does not have` },
    { flag: '--write', summary: `write ${LOCK}, to be reviewed and committed` },
    { flag: '--unused', summary: 'show what was granted, and not needed so far in the local cloud that runs' },
    STATE_OPTION,
    JSON_OPTION,
  ],
  run,
}

async function run(input: Input): Promise<number> {
  const [name] = input.arguments
  const [check, write, json] = ['check', 'write', 'json'].map((flag) => flagOption(input, flag))
  if ((check || write) && name !== undefined)
    throw problem('GOBLET_USAGE', {
      problem: `${LOCK} holds every function, and ${name} is one.`,
      mend: 'Leave the name out.',
    })
  if (flagOption(input, 'unused')) return showUnused(input, name)
  const project = await openProject(input)
  const { model, permissions } = await project.permissions().finally(() => project.close())
  const shown = name === undefined ? permissions : new Map([pick(name, permissions)])
  const failed = [...shown.values()].some(({ grants, errors }) => errors.length > 0 || isTooLong(grants))
  const lock = { root: placeOf(input).root, stage: textOption(input, 'stage', 'dev'), permissions, json: json === true }
  // What cannot be deployed cannot be accepted either.
  if (write && !failed) tellWritten(writeLock(lock), lock.json)
  if (check) return checkLock(lock) ? 0 : 1
  if (write && !failed) return 0
  if (json) printJson(toJson(shown))
  else {
    const roles = new Map(model.functions.map((one) => [one.name, one.role]))
    const toText = flagOption(input, 'explain') ? toExplanation : toReport
    const texts = [...shown].map(([one, found]) => toText(one, roles.get(one), found))
    print(texts.length === 0 ? 'The app has no functions.' : texts.join('\n\n'))
  }
  return failed ? 1 : 0
}

function tellWritten(changed: boolean, json: boolean): void {
  if (json) printJson({ written: LOCK, changed })
  else print(changed ? `Wrote ${LOCK}. Look at it, and commit it.` : `${LOCK} is as it should be.`)
}

function pick(name: string, permissions: Permissions): [string, FunctionPermissions] {
  const found = permissions.get(name)
  if (found !== undefined) return [name, found]
  const known = [...permissions.keys()]
  throw problem('GOBLET_NO_FUNCTION', { name, suggestion: nearest(name, known), known: known.join(', ') })
}
