// The event a DynamoDB stream sends to a function, and the records as the stream's own API answers them.

/** One value, under the letter of its type. Source: API reference, AttributeValue. */
export type TableValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly M: TableItem }
  | { readonly L: readonly TableValue[] }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }

export type TableItem = Readonly<Record<string, TableValue>>

/** What changed. */
export interface TableChange {
  /** Seconds since 1970. */
  readonly ApproximateCreationDateTime: number
  readonly Keys: TableItem
  readonly NewImage?: TableItem
  readonly OldImage?: TableItem
  readonly SequenceNumber: string
  readonly SizeBytes: number
  readonly StreamViewType: 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES'
}

interface RecordFacts {
  readonly eventID: string
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE'
  readonly eventVersion: '1.1'
  readonly eventSource: 'aws:dynamodb'
  readonly awsRegion: string
  readonly dynamodb: TableChange
}

/** A record as GetRecords answers it. Source: recorded stream records. */
export interface StreamRecord extends RecordFacts {
  /** Only where time to live removed the item. */
  readonly userIdentity?: { readonly PrincipalId: string; readonly Type: string }
}

/** A record as a function gets it. Source: recorded event-source records; the identity's names are in lower case here. */
export interface TableRecord extends RecordFacts {
  readonly userIdentity?: { readonly type: string; readonly principalId: string }
  readonly eventSourceARN: string
}

export interface TableEvent {
  readonly Records: readonly TableRecord[]
}

/** A stream's record, for a function. */
export function toTableRecord({ userIdentity, ...record }: StreamRecord, arn: string): TableRecord {
  if (userIdentity === undefined) return { ...record, eventSourceARN: arn }
  const { Type: type, PrincipalId: principalId } = userIdentity
  return { ...record, userIdentity: { type, principalId }, eventSourceARN: arn }
}

/** Builds the event of one batch. */
export const toTableEvent = (records: readonly TableRecord[]): TableEvent => ({ Records: records })

/** Whether time to live removed the item. */
export const isExpiry = ({ userIdentity }: TableRecord): boolean =>
  userIdentity?.type === 'Service' && userIdentity.principalId === 'dynamodb.amazonaws.com'
