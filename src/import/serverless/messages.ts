// Functions that are woken by buckets, topics and queues.
import { type Code, type CodeMap, raw } from '../code.ts'
import { isStaged, itemsOf, member, type Node, textOf, toPlain } from '../node.ts'
import { openText, type Section } from '../section.ts'
import { type HandleKind, handleOf } from './context.ts'
import { toHandle } from './destinations.ts'
import type { Reading } from './function.ts'
import { handleIn } from './references.ts'

/** Any value of a configuration as code. */
export function toData(node: Node): Code {
  const plain = (value: unknown): Code => {
    if (Array.isArray(value)) return value.map(plain)
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]))
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null
  }
  return plain(toPlain(node))
}

interface Declaring {
  readonly reading: Reading
  readonly event: Section
  readonly callee: string
  readonly given: readonly (Code | undefined)[]
  readonly suffix: string
  readonly says: string
}

/** Declares a trigger, and says so. */
export function declareTrigger({ reading, event, callee, given, suffix, says }: Declaring): string {
  const name = reading.constName(suffix)
  reading.context.draft.declare(name, callee, [...given, reading.handler])
  event.report.mapped(event.where, event.path, `\`${name}\`: ${says}`)
  return name
}

/** An event that is switched off has no twin; a function that nothing else wakes is declared to be called by name. */
export function isOff(event: Section): boolean {
  if (event.flag('enabled') !== false) return false
  for (const key of event.keys) event.take(key)
  event.hand('enabled', 'is false, and triggers of Goblet are on: it was left out.')
  return true
}

// Sources: the Serverless Framework's `s3` events, whose bucket may also be configured at `provider.s3`.
export function readS3(reading: Reading, event: Section, value: Node | undefined): void {
  const { context } = reading
  const node = textOf(value) === undefined ? event.take('bucket') : value
  const given = textOf(node) ?? openText(node)
  const configured = member(context.root, 'provider', 's3', given ?? '')
  const physical = textOf(member(configured, 'name')) ?? textOf(member(configured, 'bucketName')) ?? given
  const own = handleIn(node, context)
  const existing = event.flag('existing') === true
  const what = event.text('event') ?? 's3:ObjectCreated:*'
  const rules = itemsOf(event.take('rules'))
  event.close({ noted: { forceDeploy: 'is not needed.' } })
  if (own === undefined && physical === undefined) {
    event.report.hand(event.where, event.path, 'names a bucket that is not known beforehand.')
    return
  }
  const handle =
    own ??
    handleOf(context, {
      kind: 'bucket',
      physical: physical ?? '',
      staged: isStaged(node) || isStaged(configured),
      where: event.where,
      subject: event.path,
      existing,
    })
  const part = (name: string): string | undefined =>
    rules.map((rule) => textOf(member(rule, name))).find((one) => one !== undefined)
  const options: CodeMap = { ...reading.options, prefix: part('prefix'), suffix: part('suffix') }
  const kind = what.replace(/^s3:/, '')
  const method = kind === 'ObjectCreated:*' ? 'onCreated' : kind === 'ObjectRemoved:*' ? 'onRemoved' : 'on'
  const callee = `${handle.name}.${method}`
  declareTrigger({
    reading,
    event,
    callee,
    given: method === 'on' ? [kind, options] : [options],
    suffix: method === 'on' ? kind : method,
    says: `${callee} (${kind})`,
  })
}

/** Source: the Serverless Framework's `sns` events: a name, or the ARN of a topic that is there. */
export function readSns(reading: Reading, event: Section, value: Node | undefined): void {
  const { context } = reading
  const short = textOf(value) === undefined ? undefined : value
  const [arn, topicName] = [event.take('arn'), event.text('topicName')]
  const filter = event.take('filterPolicy')
  const scope = event.text('filterPolicyScope')
  const redrive = event.section('redrivePolicy')
  const target = redrive.take('deadLetterTargetArn') ?? redrive.take('deadLetterTargetRef')
  const at = { where: event.where, subject: event.path }
  const deadLetter =
    target === undefined
      ? undefined
      : (toHandle(target, ['queue'], context, at) ?? context.resources.get(textOf(target) ?? ''))
  if (target !== undefined && deadLetter === undefined)
    redrive.hand('deadLetterTargetArn', 'names no queue that is known here.')
  redrive.close({
    mapped: ['deadLetterTargetRef'],
    hand: { deadLetterTargetImport: 'is in another stack: name the queue by its ARN.' },
  })
  event.close({ noted: { displayName: 'is shown in e-mails only, and not kept.' } })
  const text = textOf(short) ?? (arn === undefined ? topicName : undefined)
  const found =
    text !== undefined && !text.startsWith('arn:')
      ? handleOf(context, { kind: 'topic', physical: text, staged: isStaged(short ?? value), ...at })
      : toHandle(short ?? arn, ['topic'], context, at)
  if (found === undefined) {
    event.report.hand(event.where, event.path, 'names a topic that is not known beforehand.')
    return
  }
  const options: CodeMap = {
    ...withoutDeadLetter(reading, event),
    filter: filter === undefined ? undefined : toData(filter),
    filterScope: scope,
    deadLetter: deadLetter === undefined ? undefined : raw(deadLetter.name),
  }
  const callee = `${found.name}.onMessage`
  declareTrigger({ reading, event, callee, given: [options], suffix: 'onMessage', says: callee })
}

// A subscriber's `deadLetter` is SNS's own; what the function gives up goes to its destination.
function withoutDeadLetter({ options }: Reading, event: Section): CodeMap {
  const { deadLetter, destinations, ...rest } = options
  if (deadLetter === undefined) return options
  if (destinations === undefined) return { ...rest, destinations: { failure: deadLetter } }
  event.report.hand(
    event.where,
    event.path,
    'has `destinations` besides `onError`, which was left out: `failure` of its destinations gets what was given up.',
  )
  return { ...rest, destinations }
}

/** Source: the Serverless Framework's `sqs` events, ten messages a batch. */
export function readSqs(reading: Reading, event: Section, value: Node | undefined): void {
  if (isOff(event)) return
  const found = source(reading, event, value, ['queue'])
  const [batchSize, window] = [event.number('batchSize'), event.number('maximumBatchingWindow')]
  const concurrency = event.number('maximumConcurrency')
  const filter = patterns(event)
  event.text('functionResponseType')
  event.close({})
  if (found === undefined) return
  const { concurrency: reserved, ...options } = reading.options
  if (reserved !== undefined)
    event.report.hand(
      event.where,
      event.path,
      '`reservedConcurrency` is not an option of a queue’s consumer: `concurrency` says how many invocations the queue makes at once.',
    )
  const own: CodeMap = {
    ...options,
    batchSize: batchSize === 10 ? undefined : batchSize,
    window: window === 0 ? undefined : window,
    concurrency,
    filter,
  }
  const callee = `${found}.onBatch`
  declareTrigger({ reading, event, callee, given: [own], suffix: 'onBatch', says: callee })
}

/** The handle of a source that is named by ARN or reference. */
export function source(
  reading: Reading,
  event: Section,
  value: Node | undefined,
  kinds: readonly HandleKind[],
): string | undefined {
  const node = textOf(value) === undefined ? event.take('arn') : value
  const at = { where: event.where, subject: event.path }
  // A map may itself be the reference: `- sqs: !GetAtt Queue.Arn`.
  const found = toHandle(node ?? value, kinds, reading.context, at)
  if (found === undefined)
    event.report.hand(
      event.where,
      event.path,
      `names a ${kinds.join(' or ')} that is not known beforehand: declare a handle, and hang the function on it.`,
    )
  if (node === undefined && value?.kind === 'dict') for (const key of event.keys) event.take(key)
  return found?.name
}

/** `filterPatterns` as `filter`. */
export function patterns(event: Section): Code | undefined {
  const all = itemsOf(event.take('filterPatterns')).map(toData)
  return all.length === 0 ? undefined : all.length === 1 ? all[0] : all
}
