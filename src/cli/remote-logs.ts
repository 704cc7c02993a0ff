// `goblet logs --remote`: what the deployed functions logged, as CloudWatch Logs has it.

import { openLogReader, readLogs, toComplaint } from '../deploy/index.ts'
import { problem } from '../errors.ts'
import type { Model } from '../model/index.ts'
import { openAws } from './aws.ts'
import { flagOption, type Input } from './command.ts'
import { findFunction } from './functions.ts'
import { openProject } from './project.ts'
import { paint, toVisible, warn } from './terminal.ts'

/** What a function logged at once. */
export interface Logged {
  readonly time: number
  readonly function: string
  readonly requestId: string
  readonly lines: readonly string[]
}

/** The lines since a time; with `--follow` those that come, until it is interrupted. */
export async function* readRemoteLogs(input: Input, since: number): AsyncGenerator<Logged> {
  const model = await readModel(input)
  const [name] = input.arguments
  const asked = name === undefined ? model.functions : [findFunction(name, model.functions)]
  const clients = await openAws(input)
  const end = new AbortController()
  const interrupt = (): void => end.abort()
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  const missing = new Set<string>()
  const stack = `${model.app}-${model.stage}`
  try {
    const query = {
      groups: new Map(asked.map((one) => [one.name, `/aws/lambda/${one.physicalName}`])),
      since,
      follow: flagOption(input, 'follow'),
      signal: end.signal,
      onMissing: (name: string): void => {
        missing.add(name)
        if (missing.size === asked.length) throw problem('GOBLET_NOT_DEPLOYED', { what: stack })
      },
    }
    const read = openLogReader(await clients.logs(), end.signal)
    for await (const { time, function: name, message } of readLogs(query, read)) {
      // Lambda puts a line end behind every line; what the app logged may hold what a terminal obeys.
      const lines = message.replace(/\n$/, '').split(/\r?\n/).map(toVisible)
      yield { time, function: name, requestId: requestIdOf(message), lines }
    }
    for (const name of missing) warn(`${paint('yellow', '!')} ${name} is not deployed in ${stack}.`)
  } catch (error) {
    if (!end.signal.aborted) throw toComplaint(error)
  } finally {
    process.removeListener('SIGINT', interrupt)
    process.removeListener('SIGTERM', interrupt)
    clients.close()
  }
}

async function readModel(input: Input): Promise<Model> {
  const project = await openProject(input)
  return project.describe().finally(() => project.close())
}

const ID = '([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})'
// START, END and REPORT; a line of the console; a line of JSON.
const REQUEST_ID = new RegExp(`^(?:[A-Z_]+ RequestId: |\\S+\\t|\\{.*?"requestId": ?")${ID}`)

const requestIdOf = (message: string): string => REQUEST_ID.exec(message)?.[1] ?? ''
