// `goblet policy --unused`: what functions are granted, and have not needed so far in the local cloud that runs.
import type { Where } from '../errors.ts'
import { flagOption, type Input } from './command.ts'
import { needRunning } from './running.ts'
import { print, printJson, toTable } from './terminal.ts'

interface Unused {
  readonly function: string
  readonly action: string
  readonly resource: string
  readonly chain: readonly Where[]
}

/** Prints them. Nothing is taken away for not having been needed: a test may not have come by. Throws GOBLET_NOT_RUNNING. */
export async function showUnused(input: Input, name: string | undefined): Promise<number> {
  const { owner } = await needRunning(input, '--unused')
  const answer = await fetch(`${owner.endpoint}/_goblet/permissions`)
  const { unused }: { unused: readonly Unused[] } = JSON.parse(await answer.text())
  const shown = unused.filter((one) => name === undefined || one.function === name)
  const rows = shown.map(({ function: made, action, resource, chain }) => {
    const last = chain.at(-1)
    return [made, action, resource, last === undefined ? '' : `${last.file}:${last.line}`]
  })
  if (flagOption(input, 'json'))
    printJson(rows.map(([made, action, resource, from]) => ({ function: made, action, resource, from })))
  else if (rows.length === 0) print('Everything that is granted has been needed.')
  else print(toTable([['FUNCTION', 'ACTION', 'RESOURCE', 'FROM'], ...rows]))
  return 0
}
