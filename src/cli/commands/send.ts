// `goblet send QUEUE JSON`: puts a message on one of the app's queues.
import { nearest, problem } from '../../errors.ts'
import { ACCOUNT } from '../../local/index.ts'
import type { QueueModel } from '../../model/index.ts'
import { APP_OPTIONS, type Command, flagOption, type Input, JSON_OPTION, STATE_OPTION, textOption } from '../command.ts'
import { readPayload } from '../payload.ts'
import { needRunning } from '../running.ts'
import { print, printJson } from '../terminal.ts'

export const send: Command = {
  name: 'send',
  summary: 'send a message to a queue of the running app',
  examples: [
    `goblet send jobs '{"filename":"cat.webp","url":"http://localhost:9000/cat.jpg"}'`,
    'goblet send jobs message.json',
    'cat message.json | goblet send jobs -',
  ],
  arguments: [
    { name: 'queue', summary: "the queue's export or its name" },
    { name: 'message', summary: 'JSON, a file of JSON, or - for standard input' },
  ],
  options: [
    { flag: '--group <id>', summary: 'the message group of a FIFO queue', default: 'default' },
    { flag: '--delay <seconds>', summary: 'seconds before it can be received' },
    ...APP_OPTIONS,
    STATE_OPTION,
    JSON_OPTION,
  ],
  run: async (input) => {
    const [name = '', given = ''] = input.arguments
    const delay = readDelay(input)
    const body = await readPayload(given, 'The message')
    const { owner, model } = await needRunning(input, 'goblet send')
    const queue = findQueue(
      name,
      model.resources.filter((one): one is QueueModel => one.kind === 'queue'),
    )
    const answer = await fetch(owner.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
      body: JSON.stringify({
        QueueUrl: `${owner.endpoint}/${ACCOUNT}/${queue.physicalName}`,
        MessageBody: body,
        ...(queue.fifo ? { MessageGroupId: textOption(input, 'group', 'default') } : {}),
        ...(delay === undefined ? {} : { DelaySeconds: delay }),
      }),
    })
    const output = (await answer.json()) as { MessageId?: string; message?: string }
    if (!answer.ok)
      throw problem('GOBLET_AWS_REFUSED', {
        operation: 'SendMessage',
        problem: output.message ?? String(answer.status),
      })
    if (flagOption(input, 'json')) printJson({ queue: queue.physicalName, messageId: output.MessageId })
    else print(`Sent ${output.MessageId} to ${queue.physicalName}`)
    return 0
  },
}

function readDelay(input: Input): number | undefined {
  const text = textOption(input, 'delay')
  if (text === '') return undefined
  if (/^\d{1,3}$/.test(text) && Number(text) <= 900) return Number(text)
  throw problem('GOBLET_USAGE', {
    problem: `--delay ${text} is no number of seconds.`,
    mend: 'Give a whole number from 0 to 900.',
  })
}

function findQueue(name: string, queues: readonly QueueModel[]): QueueModel {
  const found = queues.find((one) => one.export === name || one.name === name || one.physicalName === name)
  if (found !== undefined) return found
  const known = queues.map((one) => one.export)
  throw problem('GOBLET_NO_QUEUE', {
    name,
    suggestion: nearest(name, [...known, ...queues.map((one) => one.name)]),
    known: known.join(', '),
  })
}
