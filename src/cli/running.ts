// The local cloud that runs for this project, as other commands reach it.
import { problem } from '../errors.ts'
import { LOCAL_CREDENTIALS, type Owner, REGION, readOwner } from '../local/index.ts'
import type { Model } from '../model/index.ts'
import type { Input } from './command.ts'
import { stateOf } from './project.ts'

export interface Running {
  readonly owner: Owner
  readonly model: Model
}

/** The running local cloud, or undefined. */
export async function findRunning(input: Input): Promise<Running | undefined> {
  const owner = readOwner(stateOf(input))
  if (owner === undefined || owner.endpoint === '') return undefined
  // One that is just ending, or whose app has never built, runs nothing.
  const answer = await fetch(`${owner.endpoint}/_goblet/model`).catch(() => undefined)
  return answer?.ok === true ? { owner, model: (await answer.json()) as Model } : undefined
}

/** The running local cloud; `what` needs it. Throws GOBLET_NOT_RUNNING. */
export async function needRunning(input: Input, what: string): Promise<Running> {
  const running = await findRunning(input)
  if (running === undefined) throw problem('GOBLET_NOT_RUNNING', { what })
  return running
}

/** What the aws command and every SDK need to speak to the local cloud. */
export const awsEnvironment = (endpoint: string): Record<string, string> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
})
