// Does what the lifecycle rules say, at each midnight UTC of the clock.
import type { Clock } from '../../clock.ts'
import type { Store, Writer } from '../../store.ts'
import type { Bodies } from './bodies.ts'
import type { ObjectChange } from './dispatch.ts'
import { DAY, dueAfter, expiryOf, type LifecycleRule, matchesFilter, readLifecycle } from './lifecycle.ts'
import {
  type Bucket,
  bucketAt,
  bucketsAt,
  keyOf,
  objectAt,
  objectsAt,
  type Part,
  partsAt,
  type StoredVersion,
  type Upload,
  uploadsAt,
  versionsAt,
} from './state.ts'
import { type Drop, isMarker, removeObject } from './versions.ts'

interface Sweeper {
  readonly store: Store
  readonly clock: Clock
  readonly bodies: Bodies
  readonly tell: (writer: Writer, change: ObjectChange, requestId: string) => void
}

/** Sweeps now (what fell due while nobody was here) and at each midnight. */
export function startLifecycle(sweeper: Sweeper): void {
  const { clock } = sweeper
  const again = async (): Promise<void> => {
    clock.at((Math.floor(clock.now() / DAY) + 1) * DAY, again)
    await sweep(sweeper).catch((error: unknown) => console.error(error))
  }
  clock.at(clock.now(), again)
}

async function sweep(sweeper: Sweeper): Promise<void> {
  for (const { key } of [...sweeper.store.range(bucketsAt)]) {
    const name = String(key[2])
    const rules = readLifecycle(sweeper.store, name)?.rules.filter(({ enabled }) => enabled) ?? []
    if (rules.length === 0) continue
    await giveUpUploads(sweeper, name, rules)
    await expireObjects(sweeper, name, rules)
  }
}

// So many keys in one commit: others write in between.
const AT_ONCE = 200

async function expireObjects(sweeper: Sweeper, bucket: string, rules: readonly LifecycleRule[]): Promise<void> {
  let from = ''
  for (;;) {
    const keys = [...sweeper.store.range({ ...objectsAt(bucket, from), limit: AT_ONCE + 1 })].map(({ key }) =>
      keyOf(key),
    )
    const page = keys.slice(0, AT_ONCE)
    if (page.some((key) => isDue(sweeper, bucket, key, rules)))
      await sweeper.bodies.commit([], (writer, drop) => {
        for (const key of page) expireKey(sweeper, writer, drop, { bucket, key }, rules)
      })
    const next = keys[AT_ONCE]
    if (next === undefined) return
    from = next
  }
}

// Looked at before a commit is made of it: mostly there is nothing to do.
function isDue({ store, clock }: Sweeper, bucket: string, key: string, rules: readonly LifecycleRule[]): boolean {
  const current = store.get<StoredVersion>(objectAt(bucket, key))
  if (current === undefined) return false
  if (isMarker(current) || store.count(versionsAt(bucket, key)) > 0) return true
  return (expiryOf(rules, key, current)?.at ?? Number.POSITIVE_INFINITY) <= clock.now()
}

function expireKey(
  { clock, tell }: Sweeper,
  writer: Writer,
  drop: Drop,
  place: { bucket: string; key: string },
  rules: readonly LifecycleRule[],
): void {
  const bucket = writer.get<Bucket>(bucketAt(place.bucket))
  if (bucket === undefined) return
  const now = clock.now()
  const remove = (id?: string): void => {
    const { change } = removeObject(writer, drop, place, bucket, now, id)
    if (change === undefined) return
    const event = change.event === 'ObjectRemoved:Delete' ? 'Delete' : 'DeleteMarkerCreated'
    tell(writer, { ...change, event: `LifecycleExpiration:${event}` }, REQUEST)
  }
  for (const id of staleVersions(writer, place, rules, now)) remove(id)
  const current = writer.get<StoredVersion>(objectAt(place.bucket, place.key))
  if (current === undefined) return
  if (!isMarker(current)) {
    const expiry = expiryOf(rules, place.key, current)
    if (expiry !== undefined && expiry.at <= now) remove()
    return
  }
  const isAlone = writer.count(versionsAt(place.bucket, place.key)) === 0
  if (isAlone && rules.some((rule) => takesMarker(rule, place.key, current.modified, now)))
    remove(current.version ?? 'null')
}

const REQUEST = 'LIFECYCLE0000000'

// A marker with nothing behind it goes by its own rule, and by one that counts days once it is that old:
// docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html#intro-lifecycle-rules-actions
function takesMarker({ filter, expiration }: LifecycleRule, key: string, since: number, now: number): boolean {
  if (!key.startsWith(filter.prefix ?? '') || filter.tags.length > 0) return false
  if (expiration?.markers === true) return true
  return expiration?.days !== undefined && dueAfter(since, expiration.days) <= now
}

// A version is noncurrent since the one after it was made.
function staleVersions(
  writer: Writer,
  { bucket, key }: { bucket: string; key: string },
  rules: readonly LifecycleRule[],
  now: number,
): string[] {
  const asked = rules.filter(({ noncurrent }) => noncurrent !== undefined)
  const current = writer.get<StoredVersion>(objectAt(bucket, key))
  if (asked.length === 0 || current === undefined) return []
  const older = [...writer.range<StoredVersion>({ ...versionsAt(bucket, key), reverse: true })]
  let since = current.modified
  const stale: string[] = []
  for (const [index, { value }] of older.entries()) {
    const isStale = asked.some(({ filter, noncurrent }) => {
      if (noncurrent === undefined || index < (noncurrent.keep ?? 0)) return false
      const isMeant = isMarker(value) ? key.startsWith(filter.prefix ?? '') : matchesFilter(filter, key, value)
      return isMeant && dueAfter(since, noncurrent.days) <= now
    })
    if (isStale) stale.push(value.version ?? 'null')
    since = value.modified
  }
  return stale
}

async function giveUpUploads(
  { store, clock, bodies }: Sweeper,
  bucket: string,
  rules: readonly LifecycleRule[],
): Promise<void> {
  const now = clock.now()
  const isOver = (key: string, { initiated }: Upload): boolean =>
    rules.some(
      ({ filter, abort }) =>
        abort !== undefined && key.startsWith(filter.prefix ?? '') && dueAfter(initiated, abort) <= now,
    )
  const over = [...store.range<Upload>(uploadsAt(bucket))].filter(({ key, value }) => isOver(keyOf(key), value))
  if (over.length === 0) return
  await bodies.commit([], (writer, drop) => {
    for (const { key, value } of over) {
      // Completed in the meantime, its parts are an object's.
      if (writer.get(key) === undefined) continue
      for (const part of [...writer.range<Part>(partsAt(value.id))]) {
        drop([part.value.segment])
        writer.remove(part.key)
      }
      writer.remove(key)
    }
  })
}
