// A bucket's notification configuration: read, checked against what S3 accepts, kept, given back.
import { randomUUID } from 'node:crypto'
import { toBucketTestEvent } from '../../../../aws/events/bucket.ts'
import type { XmlElement, XmlNodes } from '../../../../aws/protocol/xml.ts'
import { ACCOUNT, type Mail, REGION } from '../../../service.ts'
import type { Call, Operation } from '../dispatch.ts'
import { answerXml, child, readRoot } from '../documents.ts'
import { badArgument, S3Error, toHostId } from '../errors.ts'
import { covers, type NotificationRule, type Notifications, readNotifications, SUBJECT } from '../notifications.ts'
import { receiveText } from '../receive.ts'
import { settingAt } from '../settings.ts'
import { findBucket } from '../state.ts'

const LARGEST_BODY = 256 * 1024
const MOST_RULES = 100

export const notifications: readonly Operation[] = [
  {
    name: 'GetBucketNotificationConfiguration',
    method: 'GET',
    level: 'bucket',
    subResource: 'notification',
    run: ({ bucket, store }) => {
      findBucket(store, bucket)
      return answerXml('NotificationConfiguration', show(readNotifications(store, bucket)))
    },
  },
  {
    name: 'PutBucketNotificationConfiguration',
    method: 'PUT',
    level: 'bucket',
    subResource: 'notification',
    run: putNotifications,
  },
]

async function putNotifications(call: Call): Promise<Awaited<ReturnType<Operation['run']>>> {
  const { bucket, headers, request, store, mail } = call
  findBucket(store, bucket)
  const root = readRoot(await receiveText(headers, request.body, LARGEST_BODY), 'NotificationConfiguration')
  const wanted = readConfiguration(root)
  const isTrusted = headers['x-amz-skip-destination-validation']?.toLowerCase() === 'true'
  if (!isTrusted) for (const { to } of wanted.rules) await checkDestination(call, mail, to)
  await store.commit((writer) => {
    findBucket(writer, bucket)
    if (wanted.rules.length === 0 && !wanted.bus) writer.remove(settingAt(bucket, 'notification'))
    else writer.put(settingAt(bucket, 'notification'), wanted)
  })
  return { status: 200, headers: {} }
}

// Each kind of configuration by its element: the element of its ARN, and the service of that.
const KINDS: Readonly<Record<string, readonly [arn: string, service: string]>> = {
  TopicConfiguration: ['Topic', 'sns'],
  QueueConfiguration: ['Queue', 'sqs'],
  CloudFunctionConfiguration: ['CloudFunction', 'lambda'],
}

function readConfiguration(root: XmlElement): Notifications {
  const rules: NotificationRule[] = []
  let bus = false
  for (const one of root.children) {
    const kind = KINDS[one.name]
    if (kind !== undefined) rules.push(readRule(one, ...kind))
    else if (one.name === 'EventBridgeConfiguration') bus = true
    else throw new S3Error('MalformedXML')
  }
  if (rules.length > MOST_RULES)
    throw new S3Error('InvalidRequest', {}, `The number of notification configurations exceeds ${MOST_RULES}`)
  checkOverlaps(rules)
  return { rules, bus }
}

function readRule(element: XmlElement, arnName: string, service: string): NotificationRule {
  const to = child(element, arnName)?.trim()
  const events = element.children.filter(({ name }) => name === 'Event').map(({ text }) => text.trim())
  if (to === undefined || events.length === 0) throw new S3Error('MalformedXML')
  const id = child(element, 'Id') || randomUUID()
  if (id.length > 255) throw badArgument('Id', id, 'Id size cannot exceed 255 characters')
  for (const event of events)
    if (!EVENTS.has(event)) throw badArgument('Event', event, 'The event is not supported for notifications')
  checkArn(to, arnName, service)
  return { id, to, events, ...readFilter(element) }
}

// Recorded; what is in another region or not S3's to reach is a destination that cannot be validated.
function checkArn(arn: string, name: string, service: string): void {
  const [prefix, partition, owner, region, account, ...rest] = arn.split(':')
  const isArn = prefix === 'arn' && partition?.startsWith('aws') === true && owner === service && rest.join(':') !== ''
  if (!isArn) throw badArgument(name, arn, 'The ARN could not be parsed')
  if (service === 'sqs' && rest.join(':').endsWith('.fifo')) throw cannotValidate(arn, FIFO)
  if (service === 'sns' && rest.join(':').endsWith('.fifo')) throw cannotValidate(arn, FIFO)
  if (region !== REGION || account !== ACCOUNT)
    throw badArgument(
      name,
      arn,
      'The notification destination service region is not valid for the bucket location constraint',
    )
}

const FIFO = 'A FIFO destination is not supported'

function cannotValidate(arn: string, why: string): S3Error {
  return badArgument(arn, why, 'Unable to validate the following destination configurations')
}

function readFilter(element: XmlElement): Pick<NotificationRule, 'prefix' | 'suffix'> {
  const key = element.children
    .find(({ name }) => name === 'Filter')
    ?.children.find(({ name }) => name === 'S3Key' || name === 'S3KeyFilter')
  const found: { prefix?: string; suffix?: string } = {}
  for (const rule of key?.children ?? []) {
    const name = child(rule, 'Name')
    const value = child(rule, 'Value')
    if (rule.name !== 'FilterRule' || name === undefined || value === undefined) throw new S3Error('MalformedXML')
    const lower = name.toLowerCase()
    if (lower !== 'prefix' && lower !== 'suffix')
      throw badArgument('FilterRule.Name', name, 'filter rule name must be either prefix or suffix')
    if (found[lower] !== undefined)
      throw badArgument('FilterRule.Name', name, `Cannot specify more than one ${lower} rule in a filter.`)
    if (Buffer.byteLength(value) > 1024)
      throw badArgument(
        'FilterRule.Value',
        value,
        'Size of filter rule value cannot exceed 1024 bytes in UTF-8 representation',
      )
    found[lower] = value
  }
  return found
}

// docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html: two configurations may share an event
// only where their prefixes do not overlap, or their suffixes do not. Without filters S3 words it otherwise.
function checkOverlaps(rules: readonly NotificationRule[]): void {
  for (const [index, one] of rules.entries()) {
    for (const other of rules.slice(0, index)) {
      const isShared = one.events.some((left) =>
        other.events.some((right) => covers(left, right) || covers(right, left)),
      )
      if (!isShared || !overlap(one, other)) continue
      const filtered = [one.prefix, one.suffix, other.prefix, other.suffix].some((text) => text !== undefined)
      throw new S3Error(
        'InvalidArgument',
        {},
        filtered
          ? 'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.'
          : 'Configurations overlap. Configurations on the same bucket cannot share a common event type.',
      )
    }
  }
}

function overlap(left: NotificationRule, right: NotificationRule): boolean {
  const [one, other] = [left.prefix ?? '', right.prefix ?? '']
  const [end, ending] = [left.suffix ?? '', right.suffix ?? '']
  return (one.startsWith(other) || other.startsWith(one)) && (end.endsWith(ending) || ending.endsWith(end))
}

// A queue or a topic is sent a test event, which also shows that it is there; a function is not called.
async function checkDestination({ bucket, clock, request }: Call, mail: Mail, to: string): Promise<void> {
  const service = to.split(':')[2]
  if (service === 'lambda') return
  const test = toBucketTestEvent({
    bucket,
    time: clock.now(),
    requestId: request.id,
    hostId: toHostId(request.id),
  })
  const delivery = { to, from: `arn:aws:s3:::${bucket}`, body: JSON.stringify(test) }
  const subject = service === 'sns' ? { subject: SUBJECT } : {}
  const receipt = await mail.deliver({ ...delivery, ...subject })
  if (receipt === 'taken') return
  const what = service === 'sns' ? 'topic' : 'queue'
  throw cannotValidate(to, 'gone' in receipt ? `The destination ${what} does not exist` : receipt.refused)
}

function show(kept: Notifications | undefined): XmlNodes {
  if (kept === undefined) return []
  const nodes = kept.rules.map(({ id, to, events, prefix, suffix }) => {
    const service = to.split(':')[2]
    const [element = '', [arn] = ['']] = Object.entries(KINDS).find(([, kind]) => kind[1] === service) ?? []
    const filters = [
      ['Prefix', prefix],
      ['Suffix', suffix],
    ].flatMap(([name, value]): XmlNodes => {
      if (name === undefined || value === undefined) return []
      const rule: XmlNodes = [
        ['Name', name],
        ['Value', value],
      ]
      return [['FilterRule', rule]]
    })
    const content: XmlNodes = [
      ['Id', id],
      [arn, to],
      ...events.map((event) => ['Event', event] as const),
      ['Filter', filters.length === 0 ? undefined : [['S3Key', filters]]],
    ]
    return [element, content] as const
  })
  return [...nodes, ['EventBridgeConfiguration', kept.bus ? '' : undefined]]
}

// docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
const EVENTS = new Set(
  (
    'ObjectCreated:* ObjectCreated:Put ObjectCreated:Post ObjectCreated:Copy ObjectCreated:CompleteMultipartUpload ' +
    'ObjectRemoved:* ObjectRemoved:Delete ObjectRemoved:DeleteMarkerCreated ObjectRestore:* ObjectRestore:Post ' +
    'ObjectRestore:Completed ObjectRestore:Delete ReducedRedundancyLostObject Replication:* ' +
    'Replication:OperationFailedReplication Replication:OperationMissedThreshold ' +
    'Replication:OperationReplicatedAfterThreshold Replication:OperationNotTracked LifecycleExpiration:* ' +
    'LifecycleExpiration:Delete LifecycleExpiration:DeleteMarkerCreated LifecycleTransition IntelligentTiering ' +
    'ObjectAcl:Put ObjectTagging:* ObjectTagging:Put ObjectTagging:Delete'
  )
    .split(' ')
    .map((event) => `s3:${event}`),
)
