// A bucket's lifecycle configuration: read, checked, kept, given back.
import { randomUUID } from 'node:crypto'
import type { XmlElement, XmlNodes } from '../../../../aws/protocol/xml.ts'
import type { Operation } from '../dispatch.ts'
import { answerXml, child, readRoot, showTime } from '../documents.ts'
import { badArgument, S3Error } from '../errors.ts'
import {
  DAY,
  type Expiration,
  type Lifecycle,
  type LifecycleFilter,
  type LifecycleRule,
  readLifecycle,
  type Transition,
} from '../lifecycle.ts'
import { receiveText } from '../receive.ts'
import { settingAt } from '../settings.ts'
import { findBucket } from '../state.ts'

const LARGEST_BODY = 1024 * 1024
const MOST_RULES = 1000
const MINIMUM = 'x-amz-transition-default-minimum-object-size'
// The default since September 2024.
const DEFAULT_MINIMUM = 'all_storage_classes_128K'

export const lifecycle: readonly Operation[] = [
  {
    name: 'GetBucketLifecycleConfiguration',
    method: 'GET',
    level: 'bucket',
    subResource: 'lifecycle',
    run: ({ bucket, store }) => {
      findBucket(store, bucket)
      const kept = readLifecycle(store, bucket)
      if (kept === undefined) throw new S3Error('NoSuchLifecycleConfiguration', { BucketName: bucket })
      const rules = kept.rules.map((rule) => ['Rule', show(rule)] as const)
      return answerXml('LifecycleConfiguration', rules, { [MINIMUM]: kept.minimum ?? DEFAULT_MINIMUM })
    },
  },
  {
    name: 'PutBucketLifecycleConfiguration',
    method: 'PUT',
    level: 'bucket',
    subResource: 'lifecycle',
    run: async ({ bucket, headers, request, store }) => {
      findBucket(store, bucket)
      const rules = readRules(await receiveText(headers, request.body, LARGEST_BODY, true))
      const minimum = headers[MINIMUM] ?? DEFAULT_MINIMUM
      const made: Lifecycle = { rules, minimum }
      await store.commit((writer) => {
        findBucket(writer, bucket)
        writer.put(settingAt(bucket, 'lifecycle'), made)
      })
      return { status: 200, headers: { [MINIMUM]: minimum } }
    },
  },
  {
    name: 'DeleteBucketLifecycle',
    method: 'DELETE',
    level: 'bucket',
    subResource: 'lifecycle',
    run: async ({ bucket, store }) => {
      await store.commit((writer) => {
        findBucket(writer, bucket)
        writer.remove(settingAt(bucket, 'lifecycle'))
      })
      return { status: 204, headers: {} }
    },
  },
]

const malformed = (): S3Error => new S3Error('MalformedXML')
const invalid = (words: string): S3Error => new S3Error('InvalidRequest', {}, words)

function readRules(text: string): LifecycleRule[] {
  const { children } = readRoot(text, 'LifecycleConfiguration')
  if (children.length === 0 || children.length > MOST_RULES || children.some(({ name }) => name !== 'Rule'))
    throw malformed()
  const rules = children.map(readRule)
  const seen = new Set<string>()
  for (const { id } of rules) {
    if (seen.has(id)) throw badArgument('ID', id, 'Rule ID must be unique. Found same ID for more than one rule')
    seen.add(id)
  }
  return rules
}

// Words: recorded, and docs.aws.amazon.com/AmazonS3/latest/userguide/troubleshoot-lifecycle.html.
function readRule(element: XmlElement): LifecycleRule {
  const id = child(element, 'ID')?.trim() || randomUUID()
  if (id.length > 255) throw badArgument('ID', id, 'ID length should not exceed allowed limit of 255')
  const status = child(element, 'Status')
  if (status !== 'Enabled' && status !== 'Disabled') throw malformed()
  const filter = readFilter(element)
  const expiration = readExpiration(find(element, 'Expiration'))
  const noncurrent = readNoncurrent(find(element, 'NoncurrentVersionExpiration'))
  const abort = find(element, 'AbortIncompleteMultipartUpload')
  const days =
    abort && readDays(child(abort, 'DaysAfterInitiation'), 'DaysAfterInitiation', 'AbortIncompleteMultipartUpload')
  const transitions = element.children.flatMap(readTransition)
  if (expiration === undefined && noncurrent === undefined && abort === undefined && transitions.length === 0)
    throw invalid('At least one action needs to be specified in a rule')
  const isNarrow = filter.tags.length > 0 || filter.larger !== undefined || filter.smaller !== undefined
  if (abort !== undefined && isNarrow)
    throw invalid('AbortIncompleteMultipartUpload cannot be specified with Tags or object size.')
  if (expiration?.markers !== undefined && filter.tags.length > 0)
    throw invalid('ExpiredObjectDeleteMarker cannot be specified with Tags.')
  return {
    id,
    enabled: status === 'Enabled',
    filter,
    transitions,
    ...(expiration === undefined ? {} : { expiration }),
    ...(noncurrent === undefined ? {} : { noncurrent }),
    ...(days === undefined ? {} : { abort: days }),
  }
}

const find = (element: XmlElement, name: string): XmlElement | undefined =>
  element.children.find((one) => one.name === name)

function readFilter(element: XmlElement): LifecycleFilter {
  const own = child(element, 'Prefix')
  const filter = find(element, 'Filter')
  if ((own === undefined) === (filter === undefined)) throw malformed()
  if (filter === undefined) return { form: 'rule', prefix: own ?? '', tags: [] }
  const and = find(filter, 'And')
  if (filter.children.length > 1) throw malformed()
  const place = and ?? filter
  const tags = place.children.filter(({ name }) => name === 'Tag').map(readTag)
  if (new Set(tags.map(([key]) => key)).size < tags.length) throw invalid('Duplicate Tag Keys are not allowed.')
  const prefix = child(place, 'Prefix')
  const larger = readSize(child(place, 'ObjectSizeGreaterThan'))
  const smaller = readSize(child(place, 'ObjectSizeLessThan'))
  if (larger !== undefined && smaller !== undefined && larger >= smaller)
    throw invalid("'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.")
  return {
    form: and === undefined ? 'filter' : 'and',
    tags,
    ...(prefix === undefined ? {} : { prefix }),
    ...(larger === undefined ? {} : { larger }),
    ...(smaller === undefined ? {} : { smaller }),
  }
}

function readTag(element: XmlElement): [string, string] {
  const key = child(element, 'Key')
  const value = child(element, 'Value')
  if (key === undefined || value === undefined) throw malformed()
  return [key, value]
}

function readSize(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,15}$/.test(text.trim())) throw malformed()
  return Number(text)
}

function readDays(text: string | undefined, name: string, action: string): number {
  if (text === undefined || !/^-?\d{1,9}$/.test(text.trim())) throw malformed()
  const days = Number(text)
  if (days < 1) throw badArgument(name, text, `'${name}' for ${action} action must be a positive integer`)
  return days
}

function readExpiration(element: XmlElement | undefined): Expiration | undefined {
  if (element === undefined) return undefined
  if (element.children.length !== 1) throw malformed()
  const days = child(element, 'Days')
  if (days !== undefined) return { days: readDays(days, 'Days', 'Expiration') }
  const date = child(element, 'Date')
  if (date !== undefined) {
    const time = Date.parse(date.trim())
    if (Number.isNaN(time)) throw malformed()
    if (time % DAY !== 0) throw badArgument('Date', date, "'Date' must be at midnight GMT")
    return { date: time }
  }
  const markers = child(element, 'ExpiredObjectDeleteMarker')?.trim()
  if (markers !== 'true' && markers !== 'false') throw malformed()
  return { markers: markers === 'true' }
}

function readNoncurrent(element: XmlElement | undefined): LifecycleRule['noncurrent'] {
  if (element === undefined) return undefined
  const days = readDays(child(element, 'NoncurrentDays'), 'NoncurrentDays', 'NoncurrentVersionExpiration')
  const keep = child(element, 'NewerNoncurrentVersions')
  if (keep === undefined) return { days }
  return { days, keep: readDays(keep, 'NewerNoncurrentVersions', 'NoncurrentVersionExpiration') }
}

function readTransition({ name, children }: XmlElement): Transition[] {
  if (name !== 'Transition' && name !== 'NoncurrentVersionTransition') return []
  const fields = children.map((one) => [one.name, one.text] as const)
  if (!fields.some(([field]) => field === 'StorageClass')) throw malformed()
  return [{ kind: name, fields }]
}

function show({ id, enabled, filter, expiration, noncurrent, abort, transitions }: LifecycleRule): XmlNodes {
  const { days, date, markers } = expiration ?? {}
  return [
    [
      'Expiration',
      expiration && [
        ['Days', days],
        ['Date', date === undefined ? undefined : showTime(date)],
        ['ExpiredObjectDeleteMarker', markers],
      ],
    ],
    ['ID', id],
    filter.form === 'rule' ? ['Prefix', filter.prefix] : ['Filter', showFilter(filter)],
    ['Status', enabled ? 'Enabled' : 'Disabled'],
    ...(transitions ?? []).map(({ kind, fields }) => [kind, fields] as const),
    [
      'NoncurrentVersionExpiration',
      noncurrent && [
        ['NoncurrentDays', noncurrent.days],
        ['NewerNoncurrentVersions', noncurrent.keep],
      ],
    ],
    ['AbortIncompleteMultipartUpload', abort === undefined ? undefined : [['DaysAfterInitiation', abort]]],
  ]
}

function showFilter({ form, prefix, tags, larger, smaller }: LifecycleFilter): XmlNodes {
  const nodes: XmlNodes = [
    ['Prefix', prefix],
    ...tags.map(([key, value]): [string, XmlNodes] => [
      'Tag',
      [
        ['Key', key],
        ['Value', value],
      ],
    ]),
    ['ObjectSizeGreaterThan', larger],
    ['ObjectSizeLessThan', smaller],
  ]
  return form === 'and' ? [['And', nodes]] : nodes
}
