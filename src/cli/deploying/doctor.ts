// Runs `goblet doctor`.
import type { DeployRights } from '../../deploy/index.ts'
import { flagOption, type Input } from '../command.ts'
import { complain, paint, print, printJson } from '../terminal.ts'
import { type Check, diagnose } from './diagnosis.ts'

export async function runDoctor(input: Input): Promise<number> {
  const { checks, rights } = await diagnose(input)
  show(input, checks, rights)
  return checks.every(({ ok }) => ok) ? 0 : 1
}

function show(input: Input, checks: readonly Check[], rights: DeployRights | undefined): void {
  if (flagOption(input, 'json')) {
    printJson({ checks, ...rights })
    return
  }
  const wrong = checks.flatMap(({ complaints }) => complaints)
  if (flagOption(input, 'policy')) {
    if (rights === undefined) complain(wrong)
    else print(JSON.stringify(rights.policy, null, 2))
    return
  }
  const wide = Math.max(...checks.map(({ name }) => name.length))
  for (const { name, ok, says } of checks)
    print(`${ok ? paint('green', '✓') : paint('red', '✗')} ${name.padEnd(wide)}  ${says}`)
  complain(wrong)
  if (rights === undefined) return
  print(`\nThe least that whoever deploys this app must be allowed (\`goblet doctor --policy\` prints it alone):\n`)
  print(JSON.stringify(rights.policy, null, 2))
  for (const type of rights.unknown)
    print(
      `${paint('yellow', '!')} What ${type} needs is not known: add what CloudFormation calls to make, change and remove it.`,
    )
}
