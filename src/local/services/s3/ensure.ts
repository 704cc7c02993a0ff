// What the app says of its buckets, applied at each start.
import { REGION } from '../../service.ts'
import type { Writer } from '../../store.ts'
import type { CorsRule } from './cors.ts'
import type { LifecycleRule } from './lifecycle.ts'
import { type NotificationRule, readNotifications } from './notifications.ts'
import { readSetting, settingAt } from './settings.ts'
import { type Bucket, bucketAt } from './state.ts'

/** What is left out stays as it is. */
export interface BucketSettings {
  /** True switches versions on; false leaves them as they are. */
  readonly versioned?: boolean
  /** Beside what the user configured himself; they replace those of an earlier start. An empty prefix or suffix is none. */
  readonly notifications?: readonly NotificationRule[]
  /** In the place of what is there; none at all takes away only what an earlier start gave, as the next. */
  readonly cors?: readonly CorsRule[]
  readonly lifecycle?: readonly ExpiryRule[]
}

/** A lifecycle rule as an app declares it. */
export interface ExpiryRule {
  /** Keys begin so; empty: any. */
  readonly prefix: string
  readonly expireDays?: number | undefined
  readonly noncurrentDays?: number | undefined
  readonly abortUploadsDays?: number | undefined
}

/** Makes the bucket unless it is there, and tells it its settings. */
export function ensureBucket(writer: Writer, name: string, settings: BucketSettings, now: number): void {
  const existing = writer.get<Bucket>(bucketAt(name))
  const bucket: Bucket = existing ?? { created: now, location: REGION }
  const made: Bucket = settings.versioned === true ? { ...bucket, versioning: 'Enabled' } : bucket
  if (made !== existing) writer.put(bucketAt(name), made)
  const { cors, lifecycle, notifications } = settings
  if (cors !== undefined) ensureSetting(writer, name, 'cors', cors.length > 0 ? cors : undefined)
  if (lifecycle !== undefined)
    ensureSetting(writer, name, 'lifecycle', lifecycle.length > 0 ? { rules: lifecycle.map(toRule) } : undefined)
  if (notifications !== undefined) ensureNotifications(writer, name, notifications)
}

// What the app gave last time is noted, so that it goes when the app no longer says it, and what the user wrote stays.
function ensureSetting(writer: Writer, bucket: string, name: string, wanted: unknown): void {
  const mark = `own-${name}`
  if (wanted !== undefined) {
    writer.put(settingAt(bucket, name), wanted)
    writer.put(settingAt(bucket, mark), true)
  } else if (readSetting(writer, bucket, mark) === true) {
    writer.remove(settingAt(bucket, name))
    writer.remove(settingAt(bucket, mark))
  }
}

function toRule(given: ExpiryRule, index: number): LifecycleRule {
  const { prefix, expireDays, noncurrentDays, abortUploadsDays } = given
  return {
    id: `app-${index + 1}`,
    enabled: true,
    filter: { form: 'filter', prefix, tags: [] },
    ...(expireDays === undefined ? {} : { expiration: { days: expireDays } }),
    ...(noncurrentDays === undefined ? {} : { noncurrent: { days: noncurrentDays } }),
    ...(abortUploadsDays === undefined ? {} : { abort: abortUploadsDays }),
  }
}

function ensureNotifications(writer: Writer, name: string, given: readonly NotificationRule[]): void {
  const kept = readNotifications(writer, name) ?? { rules: [], bus: false }
  const theirs = kept.rules.filter(({ own }) => own !== true)
  const ours = given.map(
    ({ prefix, suffix, ...rule }): NotificationRule => ({
      ...rule,
      ...(prefix ? { prefix } : {}),
      ...(suffix ? { suffix } : {}),
      own: true,
    }),
  )
  const rules = [...theirs, ...ours]
  if (rules.length === 0 && !kept.bus) writer.remove(settingAt(name, 'notification'))
  else writer.put(settingAt(name, 'notification'), { rules, bus: kept.bus })
}
