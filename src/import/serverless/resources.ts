// `resources`: what Goblet has handles for becomes handles, the rest is said in CloudFormation's own words.
import type { Where } from '../../errors.ts'
import { type CodeMap, raw } from '../code.ts'
import { type Entry, isStaged, itemsOf, member, type Node, ownOf, textOf } from '../node.ts'
import { Section } from '../section.ts'
import { type Context, type Handle, type HandleKind, placement } from './context.ts'
import { toBucket, toQueue, toSecret, toStream, toTable, toTopic } from './properties.ts'
import { declareRaw, isRaw, toCode } from './raw.ts'
import { handleIn, piecesOf } from './references.ts'

type Reader = (properties: Section, context: Context) => CodeMap

interface Kind {
  readonly kind: HandleKind
  /** The property that names it on AWS. */
  readonly named: string
  readonly read: Reader
}

const KINDS: Readonly<Record<string, Kind>> = {
  'AWS::DynamoDB::Table': { kind: 'table', named: 'TableName', read: toTable },
  'AWS::S3::Bucket': { kind: 'bucket', named: 'BucketName', read: toBucket },
  'AWS::SQS::Queue': { kind: 'queue', named: 'QueueName', read: toQueue },
  'AWS::SNS::Topic': { kind: 'topic', named: 'TopicName', read: toTopic },
  'AWS::Kinesis::Stream': { kind: 'stream', named: 'Name', read: toStream },
  'AWS::Events::EventBus': { kind: 'bus', named: 'Name', read: () => ({}) },
  'AWS::SecretsManager::Secret': { kind: 'secret', named: 'Name', read: toSecret },
}

const NOT_NEEDED: Readonly<Record<string, string>> = {
  'AWS::SQS::QueuePolicy': 'is not needed where topics, buckets and rules of the app send: Goblet writes it.',
  'AWS::SNS::TopicPolicy': 'is not needed where the app’s own functions publish.',
  'AWS::Lambda::Permission': 'is not needed for what wakes functions of the app.',
  'AWS::Logs::LogGroup': 'is not needed: functions have log groups.',
  'AWS::ApiGateway::GatewayResponse': 'is not needed for CORS: errors of the gateway carry it, too.',
}

/** Every resource with its entry, in the order of the file; they may come in several lists. */
export function collectResources(root: Node, report: Context['report']): Map<string, Entry> {
  const made = new Map<string, Entry>()
  for (const part of itemsOf(member(root, 'resources'))) {
    const resources = member(part, 'Resources')
    for (const [id, entry] of resources?.kind === 'dict' ? resources.entries : []) made.set(id, entry)
    if (part.kind !== 'dict') continue
    for (const [key, { where }] of part.entries) if (key !== 'Resources') tellOther(key, where, part, report)
  }
  return made
}

function tellOther(key: string, where: Where, part: Node, report: Context['report']): void {
  const says = ownOf(OTHER, key)
  if (says === undefined) {
    report.hand(where, `resources.${key}`, 'is no section that is known here.')
    return
  }
  const inner = member(part, key)
  if (inner?.kind !== 'dict' || key === 'Description') {
    report.noted(where, `resources.${key}`, says)
    return
  }
  for (const [name, entry] of inner.entries) report.hand(entry.where, `resources.${key}.${name}`, says)
}

const OTHER: Readonly<Record<string, string>> = {
  Outputs:
    'is no part of an app: `goblet url` and `goblet status` tell what was deployed. Other stacks that import it need another way.',
  Parameters: 'is not known: stages of app(…) differ in options.',
  Conditions: 'is not known: write an `if` in app.ts.',
  Mappings: 'is not known: write a map in app.ts.',
  extensions: 'changes what the Serverless Framework makes, and is not known.',
  Description: 'is not kept.',
  AWSTemplateFormatVersion: 'is not needed.',
  Transform: 'is not known.',
  Metadata: 'is not kept.',
}

/** The same resources under the names that another stage gives them, for what refers to them. */
export function renamed(resources: ReadonlyMap<string, Entry>, context: Context): Map<string, Handle> {
  const made = new Map(context.resources)
  for (const [id, { value }] of resources) {
    const kind = ownOf(KINDS, textOf(member(value, 'Type')) ?? '')
    const known = made.get(id)
    if (kind !== undefined && known !== undefined) made.set(id, { ...known, ...physicalOf(id, value, kind, context) })
  }
  return made
}

/** Finds a handle's name and const for every resource that will have one, so that they may refer to each other. */
export function nameResources(resources: ReadonlyMap<string, Entry>, context: Context): void {
  for (const [id, { value }] of resources) {
    const kind = ownOf(KINDS, textOf(member(value, 'Type')) ?? '')
    if (kind === undefined) {
      const type = textOf(member(value, 'Type')) ?? ''
      if (isRaw(type) && type !== 'AWS::SNS::Subscription' && ownOf(NOT_NEEDED, type) === undefined)
        context.raws.set(id, context.draft.name(constOf(id), lowered(id)))
      continue
    }
    const { physical, staged } = physicalOf(id, value, kind, context)
    const const_ = context.draft.name(constOf(id), lowered(id))
    const handle: Handle = { kind: kind.kind, name: const_, physical, staged }
    context.resources.set(id, handle)
    context.handles.set(`${kind.kind} ${physical}`, handle)
  }
}

// `UsersDynamoDBTable` and `UsersTable` are users; a bucket of that name stays usersBucket.
function constOf(id: string): string {
  const short = id.replace(/(?:DynamoDB|Dynamo|SQS|SNS|S3|Kinesis)?(?:Table|Queue|Topic|Stream|Bucket|Secret)$/i, '')
  const base = short === '' ? id : short
  return lowered(base)
}

function physicalOf(
  id: string,
  value: Node,
  { named, kind }: Kind,
  context: Context,
): { physical: string; staged: boolean } {
  const node = member(value, 'Properties', named)
  const pieces = piecesOf(node) ?? []
  const texts = pieces.map((one) => {
    if (typeof one === 'string') return one
    if ('pseudo' in one) return one.pseudo === 'AWS::Region' ? context.region : undefined
    return 'env' in one ? one.fallback : undefined
  })
  // CloudFormation names what has no name after its logical id.
  if (texts.length === 0) {
    const physical = `${context.service}-${context.stage}-${kebab(id)}`
    context.report.noted(
      value.where,
      `resources.${id}`,
      `had a name that CloudFormation made up; in this app it is \`${physical}\`. What is in the one that was deployed stays there.`,
    )
    return { physical, staged: false }
  }
  if (!texts.includes(undefined)) return { physical: texts.join(''), staged: isStaged(node) }
  const known = texts
    .filter((one) => one !== undefined)
    .join('')
    .replace(/^[-_.]+|[-_.]+$/g, '')
  context.report.hand(
    node?.where ?? value.where,
    `resources.${id}`,
    `has a name that only the deployment knows: it becomes \`${known || kebab(id)}\`${kind === 'bucket' ? ', with the account and the region' : ''}.`,
  )
  return { physical: known || kebab(id), staged: false }
}

const lowered = (id: string): string => id.replace(/^(?:[A-Z0-9]+(?=[A-Z][a-z])|[A-Z])/, (head) => head.toLowerCase())

const kebab = (id: string): string =>
  id
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()

/** Declares them. */
export function readResources(resources: ReadonlyMap<string, Entry>, context: Context): void {
  for (const [id, { value, where }] of resources) {
    const section = new Section(value, `resources.${id}`, where, context.report)
    const type = section.text('Type') ?? ''
    if (section.take('Condition') !== undefined) section.hand('Condition', 'is not known: write an `if` in app.ts.')
    const properties = section.section('Properties')
    const kind = ownOf(KINDS, type)
    if (kind !== undefined) declare(id, kind, properties, context)
    else if (type === 'AWS::SNS::Subscription') subscribe(properties, context)
    else if (ownOf(NOT_NEEDED, type) !== undefined)
      context.report.noted(where, `resources.${id}`, `${type} ${ownOf(NOT_NEEDED, type)}`)
    else declareRaw(id, type, value, where, context)
    section.close(kind === undefined ? OF_RAW : OF_HANDLES)
  }
}

const OF_HANDLES = {
  noted: {
    DeletionPolicy: 'is not needed: tables, buckets, streams and secrets are kept when they are no longer declared.',
    UpdateReplacePolicy: 'is not needed: tables, buckets, streams and secrets are kept when they would be replaced.',
    DependsOn: 'is not needed: what is referred to is made first.',
    Metadata: 'is not kept.',
  },
}

const OF_RAW = {
  noted: { Metadata: 'is not kept.', DependsOn: 'is not known: what is referred to is made first.' },
  hand: {
    DeletionPolicy: 'is not known of a resource(…).',
    UpdateReplacePolicy: 'is not known of a resource(…).',
    CreationPolicy: 'is not known of a resource(…).',
    UpdatePolicy: 'is not known of a resource(…).',
  },
}

function declare(id: string, { kind, named, read }: Kind, properties: Section, context: Context): void {
  const handle = context.resources.get(id)
  if (handle === undefined) return
  properties.take(named)
  const subject = `resources.${id}`
  const isNamed = properties.has(named)
  const { name, ...place } =
    isNamed || kind !== 'bucket'
      ? placement(context, {
          kind,
          physical: handle.physical,
          staged: handle.staged,
          where: properties.whereOf(named),
          subject,
        })
      : { name: kebab(id) }
  const options = read(properties, context)
  const subscribers = kind === 'topic' ? properties.take('Subscription') : undefined
  properties.close({})
  context.draft.declare(handle.name, kind, [name, { ...place, ...options }])
  context.report.mapped(properties.where, subject, `\`${handle.name}\`: ${kind}('${name}')`)
  subscribeListed(id, subscribers, context)
}

/** A queue that a topic sends to; functions subscribe themselves. */
function subscribe(properties: Section, context: Context, given?: Handle): void {
  const topic = given ?? handleIn(properties.take('TopicArn'), context)
  const queue = handleIn(properties.take('Endpoint'), context)
  const protocol = properties.text('Protocol')
  const filter = properties.take('FilterPolicy')
  const scope = properties.text('FilterPolicyScope')
  const isRaw = properties.flag('RawMessageDelivery') === true
  properties.close({
    noted: { Region: 'is that of the app.' },
    hand: { RedrivePolicy: 'of a queue’s subscription is not known.' },
  })
  if (topic === undefined || queue?.kind !== 'queue' || protocol !== 'sqs') {
    context.report.hand(
      properties.where,
      properties.path,
      `subscribes ${protocol ?? 'somebody'} to a topic: only queues of the app are, by \`topic.to(queue)\`.`,
    )
    return
  }
  const name = context.draft.name(`${topic.name}To${queue.name.charAt(0).toUpperCase()}${queue.name.slice(1)}`)
  const options: CodeMap = {
    raw: isRaw ? undefined : false,
    filter: filter === undefined ? undefined : toCode(filter, context),
    filterScope: scope,
  }
  context.draft.declare(name, `${topic.name}.to`, [raw(queue.name), options])
  context.report.mapped(properties.where, properties.path, `\`${name}\`: ${topic.name}.to(${queue.name})`)
}

/** The topic's own list of subscribers. */
function subscribeListed(id: string, list: Node | undefined, context: Context): void {
  const topic = context.resources.get(id)
  for (const [index, item] of itemsOf(list).entries())
    subscribe(new Section(item, `resources.${id}.Subscription[${index}]`, item.where, context.report), context, topic)
}
