// `goblet clock`: shows the clock of the running local cloud, and moves it forward with everything that hangs on it.
import { problem } from '../../errors.ts'
import { readSpan } from '../../local/index.ts'
import { APP_OPTIONS, type Command, flagOption, type Input, JSON_OPTION, STATE_OPTION } from '../command.ts'
import { needRunning } from '../running.ts'
import { print, printJson } from '../terminal.ts'

interface Time {
  /** Milliseconds since 1970. */
  readonly now: number
  /** Milliseconds before the machine's. */
  readonly ahead: number
}

export const clock: Command = {
  name: 'clock',
  summary: "show the local cloud's clock, or move it forward",
  examples: ['goblet clock', 'goblet clock advance 24h', 'goblet clock advance 90s --json'],
  arguments: [
    { name: 'action', summary: '`advance`; nothing shows the clock', optional: true },
    { name: 'span', summary: 'how far: 30s, 15m, 24h, 7d', optional: true },
  ],
  options: [...APP_OPTIONS, STATE_OPTION, JSON_OPTION],
  run: async (input) => {
    const milliseconds = readAction(input)
    const { owner } = await needRunning(input, 'goblet clock')
    const time = await ask(`${owner.endpoint}/_goblet/clock`, milliseconds)
    if (flagOption(input, 'json')) printJson({ now: new Date(time.now).toISOString(), ahead: Math.round(time.ahead) })
    else print(`${new Date(time.now).toISOString()}  ${toWords(time.ahead)}`)
    return 0
  },
}

function readAction({ arguments: [action, span] }: Input): number | undefined {
  if (action === undefined) return undefined
  if (action === 'advance' && span !== undefined) return readSpan(span)
  throw problem('GOBLET_USAGE', {
    problem: action === 'advance' ? 'goblet clock advance needs a span of time.' : `The clock cannot ${action}.`,
    mend: 'Write `goblet clock`, or `goblet clock advance 24h`.',
  })
}

async function ask(url: string, milliseconds: number | undefined): Promise<Time> {
  const moved = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ advance: milliseconds }),
  }
  const answer = await fetch(url, milliseconds === undefined ? {} : moved)
  const text = await answer.text()
  if (!answer.ok) throw problem('GOBLET_AWS_REFUSED', { operation: 'goblet clock', problem: text })
  return JSON.parse(text)
}

const UNITS: readonly (readonly [name: string, milliseconds: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
]

function toWords(ahead: number): string {
  let left = Math.round(ahead / 1000) * 1000
  if (left === 0) return "with the machine's clock"
  const parts = UNITS.flatMap(([name, size]) => {
    const count = Math.floor(left / size)
    left -= count * size
    return count === 0 ? [] : [`${count}${name}`]
  })
  return `${parts.join(' ')} ahead of the machine's clock`
}
