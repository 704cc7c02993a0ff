// `goblet logs [FUNCTION]`: what functions logged, from the running local cloud, from what it left behind, or from AWS.
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { nearest, problem } from '../../errors.ts'
import { type JournalEntry, readJournal, toLines } from '../../local/index.ts'
import {
  APP_OPTIONS,
  AWS_OPTIONS,
  type Command,
  flagOption,
  type Input,
  JSON_OPTION,
  STATE_OPTION,
  textOption,
} from '../command.ts'
import { stateOf } from '../project.ts'
import type { Logged } from '../remote-logs.ts'
import { findRunning } from '../running.ts'
import { paint, print, printJson, toHue } from '../terminal.ts'

export const logs: Command = {
  name: 'logs',
  summary: 'show what functions logged',
  examples: [
    'goblet logs',
    'goblet logs build --follow',
    'goblet logs build --since 10m --filter Error',
    'goblet logs --http --follow                  # requests: method, path, status, time',
    'goblet logs --remote --stage prod --follow   # from AWS',
  ],
  arguments: [{ name: 'function', summary: "the function's export; all functions without it", optional: true }],
  options: [
    { flag: '--follow', summary: 'keep showing new lines' },
    { flag: '--since <time>', summary: 'how far back: 30s, 10m, 2h, 1d', default: '1h' },
    { flag: '--filter <text>', summary: 'only lines that hold this text' },
    { flag: '--http', summary: 'the requests and their answers instead, a line each; of the local cloud' },
    { flag: '--remote', summary: 'from AWS, where the app is deployed' },
    ...APP_OPTIONS,
    ...AWS_OPTIONS,
    STATE_OPTION,
    JSON_OPTION,
  ],
  run: async (input) => {
    const filter = textOption(input, 'filter')
    const since = Date.now() - readSpan(textOption(input, 'since', '1h'))
    refuseRemoteRequests(input)
    const source = flagOption(input, 'remote')
      ? (await import('../remote-logs.ts')).readRemoteLogs(input, since)
      : readLocalLogs(input, since)
    for await (const { time, function: name, requestId, lines } of source) {
      for (const line of lines) {
        if (!line.includes(filter)) continue
        if (flagOption(input, 'json')) printJson({ time, function: name, requestId, line })
        else print(`${paint(toHue(name), name)}  ${line}`)
      }
    }
    return 0
  },
}

async function* readLocalLogs(input: Input, since: number): AsyncGenerator<Logged> {
  const toShown = flagOption(input, 'http') ? toAccess : toLines
  for await (const entry of entriesOf(input, since)) yield { ...entry, lines: toShown(entry) }
}

// As a server's access log has them.
function toAccess(entry: JournalEntry): string[] {
  if (entry.kind !== 'request') return []
  const { time, method, path, status, duration } = entry
  return [`${new Date(time).toISOString()} ${method} ${path} ${status} ${duration.toFixed(1)} ms`]
}

// Of requests Lambda logs nothing, and the stack has no access log: they cost by the line.
function refuseRemoteRequests(input: Input): void {
  if (!flagOption(input, 'http') || !flagOption(input, 'remote')) return
  throw problem('GOBLET_USAGE', {
    problem: 'There are no requests in the logs of functions on AWS: --http is of the local cloud.',
    mend: 'Log what you want to find there, or let the app do so (morgan, the logger of Fastify or Hono).',
  })
}

async function* entriesOf(input: Input, since: number): AsyncGenerator<JournalEntry> {
  const [name] = input.arguments
  const running = await findRunning(input)
  if (running === undefined) {
    yield* readState(input, name, since)
    return
  }
  const known = running.model.functions.map((one) => one.name)
  if (name !== undefined && !known.includes(name)) {
    throw problem('GOBLET_NO_FUNCTION', { name, suggestion: nearest(name, known), known: known.join(', ') })
  }
  const query = new URLSearchParams({ since: String(since), ...(name === undefined ? {} : { function: name }) })
  if (flagOption(input, 'follow')) query.set('follow', '1')
  const answer = await fetch(`${running.owner.endpoint}/_goblet/journal?${query}`)
  if (answer.body === null) return
  try {
    for await (const line of createInterface({ input: Readable.fromWeb(answer.body) })) yield JSON.parse(line)
  } catch (error) {
    // The local cloud has ended, and what it had to tell with it.
    if (!flagOption(input, 'follow')) throw error
  }
}

async function* readState(input: Input, name: string | undefined, since: number): AsyncGenerator<JournalEntry> {
  if (flagOption(input, 'follow')) throw problem('GOBLET_NOT_RUNNING', { what: 'goblet logs --follow' })
  yield* await readJournal(stateOf(input), { since, ...(name === undefined ? {} : { function: name }) })
}

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

function readSpan(text: string): number {
  const [, count, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const milliseconds = UNITS[unit]
  if (count !== undefined && milliseconds !== undefined) return Number(count) * milliseconds
  throw problem('GOBLET_USAGE', { problem: `--since ${text} is no span of time.`, mend: 'Write 30s, 10m, 2h or 1d.' })
}
