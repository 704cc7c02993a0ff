// Drives the list against an endpoint by the SDK: a line of JSON for each check. Arguments: the endpoint, then ids (default: all).
import { type It, open } from './check.ts'
import { dynamodb } from './dynamodb.ts'
import { events } from './events.ts'
import { functions } from './functions.ts'
import list from './list.json' with { type: 'json' }
import { s3 } from './s3.ts'
import { sns } from './sns.ts'
import { sqs } from './sqs.ts'
import { tables } from './tables.ts'

/** What each check does, by its id. */
export const runs = { ...s3, ...sqs, ...sns, ...dynamodb, ...tables, ...events, ...functions }

// A check that hangs is one that failed.
const LIMIT = 20_000

async function verdict(it: It, id: string): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`not within ${LIMIT / 1000} s`), LIMIT)
  })
  const run = runs[id]?.(it) ?? Promise.reject(new Error('There is no such check.'))
  const done = run.then(
    () => undefined,
    (error: unknown) => (error instanceof Error && error.message) || String(error),
  )
  return Promise.race([done, late]).finally(() => clearTimeout(timer))
}

/** Runs checks, four at a time, and tells each result. */
export async function drive(
  endpoint: string,
  ids: readonly string[],
  tell: (id: string, fault?: string) => void,
): Promise<void> {
  using it = open(endpoint)
  const waiting = [...ids]
  const work = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) tell(id, await verdict(it, id))
  }
  await Promise.all(Array.from({ length: 4 }, work))
}

const [, script, endpoint, ...ids] = process.argv
if (endpoint !== undefined && script === import.meta.filename) {
  const asked = ids.length > 0 ? ids : list.map(({ id }) => id)
  await drive(endpoint, asked, (id, fault) => console.log(JSON.stringify({ id, fault: fault ?? null })))
  // What hung is not waited for.
  process.exit()
}
