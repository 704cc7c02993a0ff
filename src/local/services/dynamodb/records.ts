// Stream records: written in the commit of their cause, one after the other, kept for 24 hours.
import { hash } from 'node:crypto'
import type { StreamRecord } from '../../../aws/events/table.ts'
import { REGION } from '../../service.ts'
import { type Key, type Range, type Reader, under } from '../../store.ts'
import type { Change } from './room.ts'
import type { Written } from './rows.ts'
import { sizeOfItem } from './size.ts'
import { keyNames, type StreamFacts, streamArn } from './table.ts'
import { attributeOf, emptyItem, type Item } from './values.ts'

/** Source: Developer Guide, "Change data capture for DynamoDB Streams". */
export const RETENTION = 24 * 3600_000

/** What lies in the store under a record's sequence number. */
export type RecordRow = readonly [time: number, size: number, json: string]

export interface StreamPlace {
  readonly table: string
  readonly label: string
}

export interface KeptRecord {
  readonly sequence: string
  readonly time: number
  readonly size: number
  /** As GetRecords answers it. */
  readonly json: string
}

const recordKey = ({ table, label }: StreamPlace, sequence: string): Key => [
  'dynamodb',
  'record',
  table,
  label,
  sequence,
]
export const allRecords = ({ table, label }: StreamPlace): Pick<Range, 'start' | 'end'> =>
  under('dynamodb', 'record', table, label)

export function writeRecord(change: Change, written: Written, { label, view }: StreamFacts): void {
  const { room, writer, now } = change
  const { table, before, after } = written
  const item = (after ?? before)?.item ?? {}
  const keys = emptyItem()
  for (const name of keyNames(table.key)) {
    const value = attributeOf(item, name)
    if (value !== undefined) keys[name] = value
  }
  const isNewSeen = view === 'NEW_IMAGE' || view === 'NEW_AND_OLD_IMAGES'
  const isOldSeen = view === 'OLD_IMAGE' || view === 'NEW_AND_OLD_IMAGES'
  const place = { table: table.name, label }
  const sequence = room.sequence()
  const images: { NewImage?: Item; OldImage?: Item } = {
    ...(isNewSeen && after !== undefined ? { NewImage: after.item } : {}),
    ...(isOldSeen && before !== undefined ? { OldImage: before.item } : {}),
  }
  // Source: recorded: the keys count beside the images, which hold them once more.
  const size =
    sizeOfItem(keys) +
    (images.NewImage === undefined ? 0 : (after?.size ?? 0)) +
    (images.OldImage === undefined ? 0 : (before?.size ?? 0))
  const record: StreamRecord = {
    eventID: hash('md5', `${table.id} ${label} ${sequence}`, 'hex'),
    eventName: before === undefined ? 'INSERT' : after === undefined ? 'REMOVE' : 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: REGION,
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(now / 1000),
      Keys: keys,
      ...images,
      SequenceNumber: sequence,
      SizeBytes: size,
      StreamViewType: view,
    },
    ...(written.cause === 'expiry' ? { userIdentity: SWEEPER } : {}),
  }
  writer.put(recordKey(place, sequence), [now, size, JSON.stringify(record)] satisfies RecordRow)
  const arn = streamArn(table.name, label)
  writer.after(() => {
    room.trimming.by(now + RETENTION)
    room.heard(arn)
  })
}

const SWEEPER = { PrincipalId: 'dynamodb.amazonaws.com', Type: 'Service' } as const

/** Records after a sequence number (from the first kept, without one), oldest first. */
export function* readRecords(reader: Reader, place: StreamPlace, now: number, after = ''): Iterable<KeptRecord> {
  // No sequence number is longer: the row itself is the only one that starts so.
  const start = recordKey(place, after === '' ? '' : `${after}!`)
  for (const { key, value } of reader.range<RecordRow>({ ...allRecords(place), start })) {
    const [time, size, json] = value
    if (time > now - RETENTION) yield { sequence: String(key[4]), time, size, json }
  }
}

/** The newest record of a stream, if one is kept. */
export function newestSequence(reader: Reader, place: StreamPlace): string | undefined {
  for (const { key } of reader.range<RecordRow>({ ...allRecords(place), reverse: true, limit: 1 }))
    return String(key[4])
  return undefined
}
