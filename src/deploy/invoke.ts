// Runs a function that is deployed, as its callers do: by the alias that says what is live.
import type { Lambda } from '@aws-sdk/client-lambda'
import { problem } from '../errors.ts'
import { isRefused } from './calls/refused.ts'
import { ALIAS } from './ids.ts'

export interface Invocation {
  /** JSON. */
  readonly payload: string
  /** The function threw, or did not end in time. */
  readonly failed: boolean
  /** The last 4 KB of what it logged. */
  readonly log: string
  /** The version that ran, where AWS tells. */
  readonly version: string | undefined
}

// Lambda quotas: "Invocation payload (request and response): 6 MB each for request and response (synchronous)".
const MOST_BYTES = 6 * 1024 * 1024

/** Calls a function and waits. Throws GOBLET_NOT_DEPLOYED where it is not there, GOBLET_USAGE for an event that is too large. */
export async function invokeFunction(
  client: Pick<Lambda, 'invoke'>,
  physicalName: string,
  payload: string,
): Promise<Invocation> {
  const bytes = Buffer.from(payload)
  if (bytes.length > MOST_BYTES)
    throw problem('GOBLET_USAGE', {
      problem: `The event has ${bytes.length.toLocaleString('en')} bytes; Lambda takes ${MOST_BYTES.toLocaleString('en')} when somebody waits for the answer.`,
      mend: 'Put what is large into a bucket, and give the function its key.',
    })
  const input = { FunctionName: physicalName, Qualifier: ALIAS, LogType: 'Tail', Payload: bytes } as const
  try {
    const answer = await client.invoke(input)
    return {
      // A function that returns nothing answers with no bytes on some roads, with `null` on others.
      payload: Buffer.from(answer.Payload ?? []).toString('utf8') || 'null',
      failed: answer.FunctionError !== undefined,
      log: Buffer.from(answer.LogResult ?? '', 'base64').toString('utf8'),
      version: answer.ExecutedVersion,
    }
  } catch (error) {
    if (isRefused(error, 'ResourceNotFoundException'))
      throw problem('GOBLET_NOT_DEPLOYED', { what: `The function ${physicalName}` })
    throw error
  }
}
