// Chalice's decorators as declarations whose handlers are still to be written. Source: Chalice 1.33, `chalice.app`.

import { type Code, type CodeMap, call, raw } from '../code.ts'
import type { Draft } from '../draft.ts'
import { ownOf } from '../node.ts'
import type { Report } from '../report.ts'
import { Arguments, environmentOf, toCode } from './arguments.ts'
import type { Statement, Value } from './python.ts'

export interface Reading {
  readonly draft: Draft
  readonly report: Report
  /** What the module assigns to plain names. */
  readonly constants: ReadonlyMap<string, Value>
  /** The options that config.json has for a function. */
  options(name: string): CodeMap
  readonly handles: Map<string, string>
}

type Reader = (
  given: Arguments,
  name: string,
  reading: Reading,
) => readonly [callee: string, given: readonly (Code | undefined)[]] | undefined

interface Decorator {
  readonly names: readonly string[]
  readonly read: Reader
}

const BATCH = ['batch_size', 'starting_position', 'name', 'maximum_batching_window_in_seconds']

export const DECORATORS: Readonly<Record<string, Decorator>> = {
  route: { names: ['path'], read: readRoute },
  authorizer: { names: ['ttl_seconds', 'execution_role', 'name', 'header'], read: readAuthorizer },
  lambda_function: { names: ['name'], read: (_given, name, { options }) => ['lambda', [options(name)]] },
  schedule: { names: ['expression', 'name', 'description'], read: readSchedule },
  on_cw_event: { names: ['event_pattern', 'name'], read: readBus },
  on_s3_event: { names: ['bucket', 'events', 'prefix', 'suffix', 'name'], read: readBucket },
  on_sns_message: { names: ['topic', 'name'], read: readTopic },
  on_sqs_message: {
    names: ['queue', 'batch_size', 'name', 'queue_arn', 'maximum_batching_window_in_seconds', 'maximum_concurrency'],
    read: readQueue,
  },
  on_kinesis_record: { names: ['stream', ...BATCH], read: readStream },
  on_dynamodb_record: { names: ['stream_arn', ...BATCH], read: readTable },
  on_ws_connect: {
    names: ['name'],
    read: (_given, name, reading) => [`${socketsOf(reading)}.onConnect`, [reading.options(name)]],
  },
  on_ws_message: {
    names: ['name'],
    read: (_given, name, reading) => [`${socketsOf(reading)}.onDefault`, [reading.options(name)]],
  },
  on_ws_disconnect: {
    names: ['name'],
    read: (_given, name, reading) => [`${socketsOf(reading)}.onDisconnect`, [reading.options(name)]],
  },
}

/** Declares what a decorator says of the function below it. */
export function declare(statement: Statement, reading: Reading, taken: Map<string, string>): void {
  const { draft, report } = reading
  const kind = statement.subject.split('.')[1] ?? ''
  const decorator = ownOf(DECORATORS, kind)
  const handler = statement.function ?? kind
  if (decorator === undefined) return
  const given = new Arguments(statement, decorator.names, reading.constants, report)
  // A route's name has no effect, everywhere else it is the function's.
  const own = kind === 'route' ? undefined : given.text('name')
  const name = own ?? handler
  const made = decorator.read(given, name, reading)
  given.value('name')
  given.close()
  if (made === undefined) return
  const local = taken.get(`${kind} ${handler}`) ?? draft.name(name)
  draft.declare(local, made[0], [...made[1], draft.stub(`${handler} (app.py:${statement.line})`)])
  report.mapped(given.where, given.subject, `\`${local}\`: ${made[0]}`)
}

function readRoute(given: Arguments, _name: string, reading: Reading): ReturnType<Reader> {
  const path = given.text('path')
  const methods = given.texts('methods') ?? ['GET']
  const cors = given.value('cors')
  const types = given.texts('content_types')
  const options: CodeMap = {
    auth: authOf(given, reading),
    apiKey: given.value('api_key_required')?.kind === 'flag' ? true : undefined,
    cors: cors === undefined ? undefined : corsOf(cors),
    contentTypes: types,
  }
  if (path === undefined) return undefined
  return ['route', [`${methods.map((one) => one.toUpperCase()).join('|')} ${path}`, options]]
}

/** `CORSConfig(…)`, or True. */
export function corsOf(value: Value): Code | undefined {
  if (value.kind === 'flag') return value.value
  if (value.kind !== 'call') return undefined
  const member = (name: string): Code | undefined => {
    const found = value.named.get(name)
    return found === undefined ? undefined : toCode(found)
  }
  return {
    origins: member('allow_origin'),
    headers: member('allow_headers'),
    expose: member('expose_headers'),
    maxAge: member('max_age'),
    credentials: member('allow_credentials') === true ? true : undefined,
  }
}

function authOf(given: Arguments, { handles }: Reading): Code | undefined {
  const value = given.value('authorizer')
  if (value === undefined) return undefined
  if (value.kind === 'name' && handles.has(value.name)) return raw(handles.get(value.name) ?? '')
  if (value.kind === 'call' && value.name.endsWith('IAMAuthorizer')) return raw('iam()')
  const pools =
    value.kind === 'call' && value.name.endsWith('CognitoUserPoolAuthorizer')
      ? value.named.get('provider_arns')
      : undefined
  const arns = pools === undefined ? undefined : toCode(pools)
  if (Array.isArray(arns) && arns.length > 0) return call('cognito', [{ userPools: arns }])
  given.report.hand(
    given.where,
    given.subject,
    'asks an authorizer that is not known here: until there is one, callers sign with AWS credentials (`iam()`).',
  )
  return raw('iam()')
}

function readAuthorizer(given: Arguments, name: string, { options }: Reading): ReturnType<Reader> {
  const [ttl, header] = [given.number('ttl_seconds'), given.text('header')]
  if (given.value('execution_role') !== undefined)
    given.report.hand(
      given.where,
      given.subject,
      '`execution_role` is not known: the gateway may call the authorizer without one.',
    )
  return [
    'authorizer',
    [{ ...options(name), ttl, header: header?.toLowerCase() === 'authorization' ? undefined : header }],
  ]
}

const UNITS: Readonly<Record<string, string>> = { MINUTES: 'minutes', HOURS: 'hours', DAYS: 'days' }

function readSchedule(given: Arguments, name: string, { options }: Reading): ReturnType<Reader> {
  const value = given.value('expression')
  const description = given.text('description')
  const expression = value?.kind === 'text' ? value.value : value?.kind === 'call' ? toExpression(value) : undefined
  if (expression === undefined) {
    given.report.hand(given.where, given.subject, 'has an expression that is not written out: declare it by hand.')
    return undefined
  }
  return ['schedule', [expression, { ...options(name), description }]]
}

function toExpression(value: Extract<Value, { kind: 'call' }>): string | undefined {
  const parts = value.given.map((one) => (one.kind === 'number' || one.kind === 'text' ? String(one.value) : ''))
  if (value.name.endsWith('Cron')) return `cron(${[...parts, ...namedOf(value)].join(' ')})`
  if (!value.name.endsWith('Rate')) return undefined
  const unit = value.named.get('unit') ?? value.given[1]
  const word = ownOf(
    UNITS,
    unit?.kind === 'name' ? (unit.name.split('.').at(-1) ?? '') : unit?.kind === 'text' ? unit.value.toUpperCase() : '',
  )
  const count = parts[0] ?? '1'
  return word === undefined ? undefined : `rate(${count} ${count === '1' ? word.slice(0, -1) : word})`
}

const namedOf = ({ named }: Extract<Value, { kind: 'call' }>): string[] =>
  ['minutes', 'hours', 'day_of_month', 'month', 'day_of_week', 'year'].flatMap((name) => {
    const value = named.get(name)
    return value?.kind === 'number' || value?.kind === 'text' ? [String(value.value)] : []
  })

function readBus(given: Arguments, name: string, reading: Reading): ReturnType<Reader> {
  const pattern = given.value('event_pattern')
  const code = pattern === undefined ? undefined : toCode(pattern)
  if (code === undefined) return undefined
  return [`${handle(reading, 'bus', undefined, 'events')}.on`, [code, reading.options(name)]]
}

function readBucket(given: Arguments, name: string, reading: Reading): ReturnType<Reader> {
  const bucket = nameOf(given, 'bucket')
  const events = given.texts('events') ?? ['s3:ObjectCreated:*']
  const options = { ...reading.options(name), prefix: given.text('prefix'), suffix: given.text('suffix') }
  if (bucket === undefined) return undefined
  const kinds = events.map((one) => one.replace(/^s3:/, ''))
  const own = handle(reading, 'bucket', bucket)
  const method = { 'ObjectCreated:*': 'onCreated', 'ObjectRemoved:*': 'onRemoved' }[kinds.join()]
  return method === undefined ? [`${own}.on`, [kinds, options]] : [`${own}.${method}`, [options]]
}

function readTopic(given: Arguments, name: string, reading: Reading): ReturnType<Reader> {
  const topic = nameOf(given, 'topic')
  return topic === undefined ? undefined : [`${handle(reading, 'topic', topic)}.onMessage`, [reading.options(name)]]
}

// Chalice takes one message a batch, where nothing else is said.
function readQueue(given: Arguments, name: string, reading: Reading): ReturnType<Reader> {
  const queue = given.value('queue') === undefined ? given.text('queue_arn') : nameOf(given, 'queue')
  given.value('queue_arn')
  const { concurrency: _, ...own } = reading.options(name)
  const options = {
    ...own,
    batchSize: given.number('batch_size') ?? 1,
    window: given.number('maximum_batching_window_in_seconds'),
    concurrency: given.number('maximum_concurrency'),
  }
  return queue === undefined ? undefined : [`${handle(reading, 'queue', queue)}.onMessage`, [options]]
}

function records(given: Arguments, name: string, { options }: Reading): CodeMap {
  const size = given.number('batch_size')
  return {
    ...options(name),
    batchSize: size === 100 ? undefined : size,
    window: given.number('maximum_batching_window_in_seconds'),
    from: given.text('starting_position') === 'TRIM_HORIZON' ? 'horizon' : undefined,
  }
}

function readStream(given: Arguments, name: string, reading: Reading): ReturnType<Reader> {
  const stream = nameOf(given, 'stream')
  return stream === undefined
    ? undefined
    : [`${handle(reading, 'stream', stream)}.onRecord`, [records(given, name, reading)]]
}

function readTable(given: Arguments, name: string, reading: Reading): ReturnType<Reader> {
  const arn = given.text('stream_arn')
  const table = /:table\/([^/]+)/.exec(arn ?? '')?.[1]
  const options = records(given, name, reading)
  if (table === undefined) {
    given.report.hand(
      given.where,
      given.subject,
      'names no stream whose table can be told: declare the table, and hang the function on it.',
    )
    return undefined
  }
  given.report.hand(
    given.where,
    given.subject,
    `reads the table ${table}, whose key is not known here: \`key: 'id'\` was written.`,
  )
  return [`${handle(reading, 'table', table)}.onChange`, [options]]
}

function nameOf(given: Arguments, argument: string): string | undefined {
  const value = given.value(argument)
  const env = value === undefined ? undefined : environmentOf(value)
  if (env !== undefined && env.fallback === undefined) {
    given.report.hand(
      given.where,
      given.subject,
      `takes \`${argument}\` from the environment (${env.name}): \`${env.name.toLowerCase().replaceAll('_', '-')}\` was written.`,
    )
    return env.name.toLowerCase().replaceAll('_', '-')
  }
  return given.text(argument)
}

/** The const of a resource that is there already: Chalice makes none. */
function handle({ draft, handles }: Reading, kind: string, name: string | undefined, wanted = name ?? kind): string {
  const key = `${kind} ${name}`
  const known = handles.get(key)
  if (known !== undefined) return known
  const short = wanted.startsWith('arn:') ? (wanted.split(':').at(-1) ?? kind) : wanted
  const local = draft.name(short, `${short} ${kind}`)
  handles.set(key, local)
  const place = name === undefined ? {} : name.startsWith('arn:') ? {} : { existing: true }
  draft.declare(local, kind, [name, kind === 'table' ? { ...place, key: 'id' } : place])
  return local
}

function socketsOf(reading: Reading): string {
  const known = reading.handles.get('websocket')
  if (known !== undefined) return known
  const local = reading.draft.name('sockets')
  reading.handles.set('websocket', local)
  reading.draft.declare(local, 'websocket', ['websocket'])
  return local
}
