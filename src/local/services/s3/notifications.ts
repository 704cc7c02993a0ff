// Who is told of a bucket's changes: written into the outbox with the change itself, delivered from there until it is taken.
import { createHash, randomUUID } from 'node:crypto'
import { type BucketChange, toBucketBusEvent, toBucketEvent } from '../../../aws/events/bucket.ts'
import { ACCOUNT, type Delivery, type Mail, type Parcel, REGION, type Verdict } from '../../service.ts'
import type { Reader, Writer } from '../../store.ts'
import { toHostId } from './errors.ts'
import { readSetting } from './settings.ts'

/** One configuration of a bucket: these events of these keys go there. */
export interface NotificationRule {
  readonly id: string
  /** ARN of a queue, a topic or a function. */
  readonly to: string
  /** In S3's form, such as `s3:ObjectCreated:*`. */
  readonly events: readonly string[]
  /** Absent: any key. */
  readonly prefix?: string
  readonly suffix?: string
  /** The app's own, not configured over the wire. */
  readonly own?: boolean
}

/** What a bucket keeps. */
export interface Notifications {
  readonly rules: readonly NotificationRule[]
  readonly bus: boolean
}

const NOTIFICATION = 'notification'
const SENDER = 's3'
/** Of what S3 publishes to topics. Recorded. */
export const SUBJECT = 'Amazon S3 Notification'
export const OWNER_ID = ACCOUNT.padStart(64, '0')

export const readNotifications = (reader: Reader, bucket: string): Notifications | undefined =>
  readSetting<Notifications>(reader, bucket, NOTIFICATION)

// The one person at the keyboard.
const CALLER = { principalId: `AWS:${OWNER_ID.slice(-21)}`, address: '127.0.0.1' } as const

type Told = Omit<BucketChange, 'region' | 'account' | 'hostId' | 'caller'>

/** Posts a change to everybody who wants to know of it. */
export function postChange({ outbox }: Mail, writer: Writer, told: Told, isOurs: boolean): void {
  const found = readNotifications(writer, told.bucket)
  if (found === undefined) return
  const caller = isOurs ? {} : { caller: CALLER }
  const change: BucketChange = {
    ...told,
    region: REGION,
    account: ACCOUNT,
    hostId: toHostId(told.requestId),
    ...caller,
  }
  for (const rule of found.rules) {
    if (!wants(rule, change)) continue
    post(rule.to, JSON.stringify(toBucketEvent(change, rule.id, OWNER_ID)))
  }
  const ofBus = found.bus ? toBucketBusEvent(change, randomUUID()) : undefined
  if (ofBus !== undefined) post(`arn:aws:events:${REGION}:${ACCOUNT}:event-bus/default`, JSON.stringify(ofBus))

  // The events of one key reach one destination in order. Hashed, as a key may be as long as the store's keys.
  function post(to: string, body: string): void {
    const lane = createHash('sha1')
      .update(JSON.stringify([to, change.bucket, change.key]))
      .digest('base64url')
    const subject = to.split(':')[2] === 'sns' ? { subject: SUBJECT } : {}
    const delivery: Delivery = { to, from: `arn:aws:s3:::${change.bucket}`, body, ...subject }
    outbox.post(writer, SENDER, delivery, { lane })
  }
}

/** Whether a configuration asks for this change. */
export function wants({ events, prefix = '', suffix = '' }: NotificationRule, { event, key }: BucketChange): boolean {
  return events.some((one) => covers(one, `s3:${event}`)) && key.startsWith(prefix) && key.endsWith(suffix)
}

/** Whether the first of two event names stands for the second, too. */
export function covers(wide: string, narrow: string): boolean {
  return wide === narrow || (wide.endsWith(':*') && narrow.startsWith(wide.slice(0, -1)))
}

const FIRST_PAUSE = 1000
const LONGEST_PAUSE = 5 * 60_000
const LONGEST_TRY = 24 * 3600_000

/** Begins to deliver what was posted, what an earlier run left behind included. */
export function serveNotifications(mail: Mail, now: () => number): void {
  const givenUp = new Set<string>()
  const giveUp = (to: string, why: string): Verdict => {
    if (!givenUp.has(to)) console.error(`S3 notifications to ${to} are given up: ${why}`)
    givenUp.add(to)
    return 'done'
  }
  mail.outbox.serve<Delivery>(SENDER, async ({ body, attempt, posted }: Parcel<Delivery>): Promise<Verdict> => {
    const receipt = await mail.deliver(body)
    if (receipt === 'taken') {
      givenUp.delete(body.to)
      return 'done'
    }
    if ('gone' in receipt) return giveUp(body.to, receipt.gone)
    if (now() - posted > LONGEST_TRY) return giveUp(body.to, receipt.refused)
    return { again: Math.min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE) }
  })
}
