// `goblet send QUEUE JSON`: puts a message on one of the app's queues, or publishes it to a topic.
import { nearest, problem } from '../../errors.ts'
import { sendText } from '../../local/index.ts'
import type { Model, QueueModel, TopicModel } from '../../model/index.ts'
import { APP_OPTIONS, type Command, flagOption, type Input, JSON_OPTION, STATE_OPTION, textOption } from '../command.ts'
import { readPayload } from '../payload.ts'
import { needRunning } from '../running.ts'
import { print, printJson } from '../terminal.ts'

export const send: Command = {
  name: 'send',
  summary: 'send a message to a queue or a topic of the running app',
  examples: [
    `goblet send jobs '{"filename":"cat.webp","url":"http://localhost:9000/cat.jpg"}'`,
    'goblet send jobs message.json',
    'cat message.json | goblet send jobs -',
    `goblet send orders '{"id":"a"}' --subject Hurry`,
  ],
  arguments: [
    { name: 'queue', summary: 'the export of a queue or a topic, or its name' },
    { name: 'message', summary: 'JSON, a file of JSON, or - for standard input' },
  ],
  options: [
    { flag: '--group <id>', summary: 'FIFO: the message group', default: 'default' },
    { flag: '--delay <seconds>', summary: 'queues: seconds before it can be received' },
    { flag: '--subject <text>', summary: 'topics: the subject' },
    ...APP_OPTIONS,
    STATE_OPTION,
    JSON_OPTION,
  ],
  run: async (input) => {
    const [name = '', given = ''] = input.arguments
    const delay = readDelay(input)
    const subject = textOption(input, 'subject')
    const body = await readPayload(given, 'The message')
    const { owner, model } = await needRunning(input, 'goblet send')
    const target = find(name, model)
    if (target.kind === 'topic' && delay !== undefined) throw noSuch('delay', 'topic')
    if (target.kind === 'queue' && subject !== '') throw noSuch('subject', 'queue')
    const { messageId } = await sendText(owner.endpoint, target, body, {
      group: textOption(input, 'group', 'default'),
      ...(delay === undefined ? {} : { delay }),
      ...(subject === '' ? {} : { subject }),
    })
    if (flagOption(input, 'json')) printJson({ [target.kind]: target.physicalName, messageId })
    else print(`Sent ${messageId} to ${target.physicalName}`)
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

const noSuch = (option: string, whose: string): Error =>
  problem('GOBLET_USAGE', { problem: `A ${whose} takes no --${option}.`, mend: 'Leave it out.' })

function find(name: string, { resources }: Model): QueueModel | TopicModel {
  const all = resources.filter((one) => one.kind === 'queue' || one.kind === 'topic')
  const found = all.find((one) => [one.export, one.name, one.physicalName].includes(name))
  if (found !== undefined) return found
  const known = all.map((one) => one.export)
  throw problem('GOBLET_NO_QUEUE', {
    name,
    suggestion: nearest(name, [...known, ...all.map((one) => one.name)]),
    known: known.join(', '),
  })
}
