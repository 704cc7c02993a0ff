// `goblet invoke FUNCTION`: runs one function, in the running local cloud, in one made for it, or on AWS.
import { problem } from '../../errors.ts'
import { startCloud, toLines } from '../../local/index.ts'
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
import { findFunction } from '../functions.ts'
import { readPayload } from '../payload.ts'
import { openProject, stateOf } from '../project.ts'
import { openRemoteServices, REMOTE_OPTION } from '../remote.ts'
import { findRunning, type Running } from '../running.ts'
import { complain, print, printJson, warn } from '../terminal.ts'

interface Result {
  readonly payload: string
  readonly failed: boolean
  readonly log: string
}

export const invoke: Command = {
  name: 'invoke',
  summary: 'run one function and print what it returns',
  examples: [
    'goblet invoke resize',
    `goblet invoke resize --event '{"key":"a.png"}'`,
    'goblet invoke resize --event event.json',
    'goblet invoke resize --remote --stage prod   # on AWS',
  ],
  arguments: [{ name: 'function', summary: "the function's export" }],
  options: [
    { flag: '--event <json>', summary: 'its event: JSON, a file of JSON, or - for standard input', default: '{}' },
    { flag: '--remote', summary: 'on AWS, where the app is deployed' },
    ...APP_OPTIONS,
    ...AWS_OPTIONS,
    STATE_OPTION,
    REMOTE_OPTION,
    JSON_OPTION,
  ],
  run: async (input) => {
    const [name = ''] = input.arguments
    const payload = await readPayload(textOption(input, 'event', '{}'), 'The event')
    const result = flagOption(input, 'remote')
      ? await (await import('../remote-invoke.ts')).invokeRemote(input, name, payload)
      : await invokeLocal(input, name, payload)
    if (flagOption(input, 'json'))
      printJson({ failed: result.failed, payload: JSON.parse(result.payload), log: result.log.split('\n') })
    else {
      warn(result.log)
      print(JSON.stringify(JSON.parse(result.payload), null, 2))
    }
    return result.failed ? 1 : 0
  },
}

async function invokeLocal(input: Input, name: string, payload: string): Promise<Result> {
  const running = await findRunning(input)
  if (running !== undefined && input.options.allowRemote !== undefined) {
    throw problem('GOBLET_USAGE', {
      problem: 'The function would run in the local cloud that is running, and --allow-remote is for one that starts.',
      mend: 'Start that one with it: goblet dev --allow-remote <services>.',
    })
  }
  return running === undefined ? await runAlone(input, name, payload) : await runThere(running, name, payload)
}

async function runThere({ owner, model }: Running, name: string, payload: string): Promise<Result> {
  const { physicalName } = findFunction(name, model.functions)
  const answer = await fetch(`${owner.endpoint}/2015-03-31/functions/${physicalName}/invocations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-amz-log-type': 'Tail' },
    body: payload,
  })
  const text = await answer.text()
  if (!answer.ok) throw problem('GOBLET_AWS_REFUSED', { operation: 'Invoke', problem: text })
  const log = Buffer.from(answer.headers.get('x-amz-log-result') ?? '', 'base64').toString('utf8')
  return { payload: text, failed: answer.headers.has('x-amz-function-error'), log }
}

async function runAlone(input: Input, name: string, payload: string): Promise<Result> {
  const remote = await openRemoteServices(input)
  const project = await openProject(input)
  const { model, code, permissions } = await project.read().finally(() => project.close())
  const found = findFunction(name, model.functions)
  const opened = remote === undefined ? {} : { remote }
  const cloud = await startCloud({ directory: stateOf(input), port: 0, awsPort: 0, ...opened })
  try {
    // Alone: what waits in the queues is left to `goblet dev`.
    await cloud.apply(model, code, { triggers: false, permissions })
    const { payload: result, failed, requestId } = await cloud.invoke(found.name, payload)
    const entries = cloud.journal.read({ function: found.name }).filter((entry) => entry.requestId === requestId)
    complain(entries.flatMap((entry) => (entry.kind === 'denied' ? [entry.complaint] : [])))
    return { payload: result, failed, log: entries.flatMap(toLines).join('\n') }
  } finally {
    await cloud.close()
  }
}
