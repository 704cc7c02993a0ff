// Runs the calls of a plan against one target, and makes each answer a line of text that can be compared.
import { open } from '../../checks/check.ts'
import type { Call, Scenario } from './plan.ts'
import { type Place, STEPS } from './steps.ts'

/** A status, a code where it was refused, and the fields that count. */
export type Answer = string

/** The answers, call by call, scenario by scenario. */
export async function run(endpoint: string, scenarios: readonly Scenario[]): Promise<Answer[][]> {
  using it = open(endpoint)
  const answers: Answer[][] = []
  for (const { service, fifo, calls } of scenarios) {
    const place: Place = {
      it,
      bucket: service === 's3' ? await it.bucket() : '',
      queue: service === 's3' ? { QueueUrl: '', arn: '' } : await (fifo ? it.fifo() : it.queue()),
      topic: service === 'sns' ? await it.topic() : '',
      uploadId: 'none',
      parts: new Map(),
      versions: [],
      handles: [],
      subscriptions: [],
    }
    const own: Answer[] = []
    for (const call of calls) own.push(await answer(place, call))
    answers.push(own)
  }
  return answers
}

async function answer(place: Place, { step, input }: Call): Promise<Answer> {
  try {
    return `200 ${JSON.stringify(await STEPS[step]?.(place, input))}`
  } catch (error) {
    return refusal(error)
  }
}

function refusal(error: unknown): Answer {
  if (!(error instanceof Error)) return String(error)
  const { $metadata, Code } = { $metadata: undefined, Code: undefined, ...error } as {
    $metadata: { httpStatusCode?: number } | undefined
    Code: string | undefined
  }
  // One refusal has a name of the shape, and on SQS a code of the query protocol; both spellings are one.
  const name = [Code, error.name].find((one) => one !== undefined && one !== 'Error') ?? error.message
  const code = name.replace('AWS.SimpleQueueService.', '').replace(/Exception$/, '')
  return `${$metadata?.httpStatusCode ?? 0} ${code}`
}
