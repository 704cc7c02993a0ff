// `goblet send QUEUE JSON`: puts a message on one of the app's queues or streams, publishes it to a topic, or emits it on a bus.
import { nearest, problem } from '../../errors.ts'
import { type Mailbox, mailboxesOf, sendText } from '../../local/index.ts'
import type { Model } from '../../model/index.ts'
import { APP_OPTIONS, type Command, flagOption, type Input, JSON_OPTION, STATE_OPTION, textOption } from '../command.ts'
import { readPayload } from '../payload.ts'
import { needRunning } from '../running.ts'
import { print, printJson } from '../terminal.ts'

export const send: Command = {
  name: 'send',
  summary: 'send a message to a queue, a topic, a stream or a bus of the running app',
  examples: [
    `goblet send jobs '{"filename":"cat.webp","url":"http://localhost:9000/cat.jpg"}'`,
    'goblet send jobs message.json',
    'cat message.json | goblet send jobs -',
    `goblet send orders '{"id":"a"}' --subject Hurry`,
    `goblet send clicks '{"page":"/"}' --key user-1`,
    `goblet send shop '{"type":"OrderPlaced","detail":{"id":"a"}}'`,
  ],
  arguments: [
    { name: 'queue', summary: 'the export of a queue, topic, stream or bus, or its name' },
    { name: 'message', summary: 'JSON, a file of JSON, or - for standard input' },
  ],
  options: [
    { flag: '--group <id>', summary: 'FIFO: the message group', default: 'default' },
    { flag: '--delay <seconds>', summary: 'queues: seconds before it can be received' },
    { flag: '--subject <text>', summary: 'topics: the subject' },
    { flag: '--key <text>', summary: 'streams: the partition key' },
    ...APP_OPTIONS,
    STATE_OPTION,
    JSON_OPTION,
  ],
  run: async (input) => {
    const [name = '', given = ''] = input.arguments
    const delay = readDelay(input)
    const subject = textOption(input, 'subject')
    const key = textOption(input, 'key')
    const body = await readPayload(given, 'The message')
    const { owner, model } = await needRunning(input, 'goblet send')
    const target = find(name, model)
    if (target.kind !== 'queue' && delay !== undefined) throw noSuch('delay', target.kind)
    if (target.kind !== 'topic' && subject !== '') throw noSuch('subject', target.kind)
    if (target.kind !== 'stream' && key !== '') throw noSuch('key', target.kind)
    const { messageId } = await sendText(owner.endpoint, target, body, {
      group: textOption(input, 'group', 'default'),
      ...(delay === undefined ? {} : { delay }),
      ...(subject === '' ? {} : { subject }),
      ...(key === '' ? {} : { key }),
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

function find(name: string, model: Model): Mailbox {
  const all = mailboxesOf(model)
  const found = all.find((one) => [one.export, one.name, one.physicalName].includes(name))
  if (found !== undefined) return found
  const known = all.map((one) => one.export)
  throw problem('GOBLET_NO_QUEUE', {
    name,
    suggestion: nearest(name, [...known, ...all.map((one) => one.name)]),
    known: known.join(', '),
  })
}
