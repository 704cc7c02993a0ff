// Functions that are woken by the clock, by buses, by tables and streams.
import { type CodeMap, raw } from '../code.ts'
import { isStaged, itemsOf, member, type Node, textOf } from '../node.ts'
import { openText, type Section } from '../section.ts'
import { handleOf } from './context.ts'
import { toDestination, toHandle } from './destinations.ts'
import type { Reading } from './function.ts'
import { declareTrigger, isOff, patterns, source, toData } from './messages.ts'

const SHAPED = {
  inputPath: 'is not known: the handler gets the whole event, so take the part there.',
  inputTransformer: 'is not known: the handler gets the whole event, so shape it there.',
}

/** Source: the Serverless Framework's `schedule` events: one expression or a list, of rules or of EventBridge Scheduler. */
export function readSchedule(reading: Reading, event: Section, value: Node | undefined): void {
  if (isOff(event)) return
  const plain = value?.kind === 'dict' ? undefined : value
  const rates = itemsOf(plain ?? event.take('rate')).flatMap((one) => textOf(one) ?? openText(one) ?? [])
  const input = event.take('input')
  const timezone = event.text('timezone')
  const options: CodeMap = {
    ...reading.options,
    description: reading.options.description ?? event.text('description'),
    timezone: timezone === 'UTC' ? undefined : timezone,
    input: input === undefined ? undefined : (parsed(textOf(input)) ?? toData(input)),
  }
  event.text('description')
  event.text('method')
  event.close({ hand: SHAPED, noted: { name: 'is made by Goblet.' } })
  if (rates.length === 0)
    event.report.hand(event.where, event.path, 'names no rate and no cron expression that is known beforehand.')
  for (const [index, rate] of rates.entries()) {
    if (!/^(?:rate|cron|at)\(.*\)$/.test(rate)) {
      event.report.hand(event.where, event.path, `\`${rate}\` is neither rate(…) nor cron(…).`)
      continue
    }
    const callee = 'schedule'
    declareTrigger({
      reading,
      event,
      callee,
      given: [rate, options],
      suffix: rates.length === 1 ? 'schedule' : `schedule${index + 1}`,
      says: `schedule('${rate}')`,
    })
  }
}

function parsed(text: string | undefined): CodeMap | undefined {
  if (text === undefined || !/^\s*\{/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `eventBridge` and `cloudwatchEvent`: a pattern on a bus, or a schedule. */
export function readBus(reading: Reading, event: Section, type: string): void {
  if (isOff(event)) return
  const rate = event.take('schedule')
  const pattern = event.take(type === 'eventBridge' ? 'pattern' : 'event')
  const given = event.take('eventBus')
  const { context } = reading
  const input = event.take('input')
  const letter = event.has('deadLetterQueueArn') ? toDestination(event, 'deadLetterQueueArn', context) : undefined
  const retry = event.section('retryPolicy')
  const [retries, maximumAge] = [retry.number('maximumRetryAttempts'), retry.number('maximumEventAge')]
  if (retries !== undefined || maximumAge !== undefined || letter !== undefined)
    event.report.hand(
      event.where,
      event.path,
      'says how EventBridge tries to reach the function. `retries`, `maximumAge` and `deadLetter` say how Lambda tries to run it.',
    )
  retry.close({})
  event.close({
    hand: SHAPED,
    noted: { name: 'is made by Goblet.', description: 'is not kept.', useCloudFormation: 'is not needed.' },
  })
  if (rate !== undefined) {
    const text = textOf(rate) ?? openText(rate)
    if (text === undefined) {
      event.report.hand(event.where, event.path, 'has a schedule that is not known beforehand.')
      return
    }
    const options = { ...reading.options, input: input === undefined ? undefined : toData(input) }
    declareTrigger({
      reading,
      event,
      callee: 'schedule',
      given: [text, options],
      suffix: 'schedule',
      says: `schedule('${text}')`,
    })
  }
  if (pattern === undefined) return
  if (input !== undefined)
    event.report.hand(event.where, event.path, '`input` of a pattern is not known: the handler gets the event.')
  const bus = busOf(reading, event, given)
  if (bus === undefined) {
    event.report.hand(event.where, event.path, 'names a bus that is not known beforehand.')
    return
  }
  declareTrigger({
    reading,
    event,
    callee: `${bus}.on`,
    given: [toData(pattern), reading.options],
    suffix: 'event',
    says: `${bus}.on`,
  })
}

function busOf({ context }: Reading, event: Section, given: Node | undefined): string | undefined {
  const at = { where: event.where, subject: event.path }
  const name = given === undefined ? 'default' : textOf(given)
  if (name === 'default') {
    const known = context.handles.get('bus default')
    if (known !== undefined) return known.name
    const made = { kind: 'bus', name: context.draft.name('events'), physical: 'default', staged: false } as const
    context.draft.declare(made.name, 'bus', [])
    context.handles.set('bus default', made)
    return made.name
  }
  if (name === undefined || name.startsWith('arn:')) return toHandle(given, ['bus'], context, at)?.name
  // The Serverless Framework makes a bus that is named, where no ARN says that it is there.
  return handleOf(context, { kind: 'bus', physical: name, staged: isStaged(given), ...at }).name
}

/** Source: the Serverless Framework's `stream` events: from the horizon on, ten records a batch. */
export function readStream(reading: Reading, event: Section, value: Node | undefined): void {
  if (isOff(event)) return
  const type = event.text('type')
  const found = source(
    reading,
    event,
    value,
    type === 'kinesis' ? ['stream'] : type === 'dynamodb' ? ['table'] : ['table', 'stream'],
  )
  const { retries: _, maximumAge: __, ...options } = reading.options
  const position = event.text('startingPosition') ?? 'TRIM_HORIZON'
  const from = { TRIM_HORIZON: 'horizon', LATEST: 'latest' }[position]
  if (from === undefined) event.hand('startingPosition', 'is a time: write `from: new Date(…)`.')
  event.text('startingPositionTimestamp')
  const ends = event.section('destinations')
  const batchSize = event.number('batchSize') ?? 10
  const given: CodeMap = {
    ...options,
    batchSize: batchSize === 100 ? undefined : batchSize,
    window: event.number('batchWindow'),
    from: from === 'latest' ? undefined : from,
    bisect: event.flag('bisectBatchOnFunctionError') === true ? true : undefined,
    retries: endless(event.number('maximumRetryAttempts')),
    maximumAge: endless(event.number('maximumRecordAgeInSeconds')),
    parallel: event.number('parallelizationFactor'),
    tumblingWindow: event.number('tumblingWindowInSeconds'),
    filter: patterns(event),
    onFailure: ends.has('onFailure') ? failureOf(ends, reading) : undefined,
  }
  ends.close({})
  event.text('functionResponseType')
  event.close({ hand: { consumer: 'is not known: records are read from the shards.' } })
  if (found === undefined) return
  declareTrigger({
    reading,
    event,
    callee: `${found}.onBatch`,
    given: [given],
    suffix: 'onBatch',
    says: `${found}.onBatch`,
  })
}

// -1 is AWS's word for no limit, which is the default.
const endless = (count: number | undefined): number | undefined => (count === -1 ? undefined : count)

function failureOf(ends: Section, { context }: Reading): CodeMap[string] {
  const node = ends.take('onFailure')
  const at = { where: ends.whereOf('onFailure'), subject: ends.pathOf('onFailure') }
  const found = toHandle(member(node, 'arn') ?? node, ['queue', 'topic', 'bucket'], context, at)
  if (found === undefined) ends.hand('onFailure', 'names something that the app has no handle for.')
  return found === undefined ? undefined : raw(found.name)
}
