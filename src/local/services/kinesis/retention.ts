// How long records are kept: the period is changed, and what is older goes, on the clock, as do shards that were closed before.
import { check, numberOf, type Rules, required, STREAM } from './constraints.ts'
import { invalidArgument } from './problems.ts'
import {
  allGarbage,
  allRecords,
  type Call,
  change,
  changeStream,
  countKey,
  findStream,
  keep,
  type Room,
  recordsOf,
  retentionOf,
  type StoredRecord,
  type Stream,
  streamOf,
} from './state.ts'

const RULES = { RetentionPeriodHours: required({ is: 'number' }), ...STREAM } satisfies Rules
const LEAST = 24
const MOST = 8760
// Removed in one commit at most.
const AT_ONCE = 1000

export const increaseRetention = (call: Call): Promise<undefined> =>
  setRetention(call, (hours, { name, retention }) => {
    if (hours < retention)
      throw invalidArgument(
        `Requested retention period (${hours} hours) for stream ${name} can not be shorter than existing retention period (${retention} hours). Use DecreaseRetentionPeriod API.`,
      )
  })

export const decreaseRetention = (call: Call): Promise<undefined> =>
  setRetention(call, (hours, { name, retention }) => {
    if (hours > retention)
      throw invalidArgument(
        `Requested retention period (${hours} hours) for stream ${name} can not be longer than existing retention period (${retention} hours). Use IncreaseRetentionPeriod API.`,
      )
  })

async function setRetention(call: Call, admit: (hours: number, stream: Stream) => void): Promise<undefined> {
  check(call.input, RULES)
  const hours = numberOf(call.input, 'RetentionPeriodHours') ?? LEAST
  const stream = streamOf(call)
  if (hours < LEAST)
    throw invalidArgument(
      `Minimum allowed retention period is ${LEAST} hours. Requested retention period (${hours} hours) is too short.`,
    )
  if (hours > MOST)
    throw invalidArgument(
      `Maximum allowed retention period is ${MOST} hours. Requested retention period (${hours} hours) is too long.`,
    )
  admit(hours, stream)
  await changeStream(call, (now) => ({ ...now, retention: hours }))
  rearmSweep(call.room, stream.name)
  return undefined
}

/** Sees to it that the stream's oldest record goes when its time has come. */
export function armSweep(room: Room, name: string): void {
  const stream = findStream(room, name)
  if (stream === undefined || room.sweeps.has(stream.number)) return
  const due = nextExpiry(room, stream)
  if (due === undefined) return
  room.sweeps.set(
    stream.number,
    room.clock.at(due, async () => {
      room.sweeps.delete(stream.number)
      await sweep(room, stream.name)
      armSweep(room, stream.name)
    }),
  )
}

export function rearmSweep(room: Room, name: string): void {
  const stream = findStream(room, name)
  if (stream === undefined) return
  room.sweeps.get(stream.number)?.cancel()
  room.sweeps.delete(stream.number)
  armSweep(room, name)
}

function nextExpiry({ store }: Room, stream: Stream): number | undefined {
  const times = stream.shards.flatMap(({ index, closed }) => {
    const [oldest] = store.range<StoredRecord>({ ...recordsOf(stream.number, index), limit: 1 })
    return oldest?.value.time ?? closed ?? []
  })
  return times.length === 0 ? undefined : Math.min(...times) + retentionOf(stream)
}

async function sweep(room: Room, name: string): Promise<void> {
  let isDone = false
  while (!isDone) {
    isDone = await change(room, (writer) => {
      const stream = findStream(room, name)
      if (stream === undefined) return true
      const oldest = room.clock.now() - retentionOf(stream)
      let left = AT_ONCE
      for (const { index } of stream.shards) {
        for (const { key, value } of [
          ...writer.range<StoredRecord>({ ...recordsOf(stream.number, index), limit: left }),
        ]) {
          if (value.time > oldest) break
          writer.remove(key)
          left--
        }
      }
      const shards = stream.shards.filter(({ closed }) => closed === undefined || closed > oldest)
      if (shards.length < stream.shards.length) keep(room, writer, { ...stream, shards })
      return left > 0
    })
  }
}

/** Removes the records of streams that were deleted. */
export async function sweepGarbage({ store }: Room): Promise<void> {
  for (const { key } of [...store.range(allGarbage)]) {
    const number = Number(key[2])
    let isMore = true
    while (isMore) {
      isMore = await store.commit((writer) => {
        const rows = [...writer.range({ ...allRecords(number), limit: AT_ONCE })]
        for (const row of rows) writer.remove(row.key)
        if (rows.length === AT_ONCE) return true
        writer.remove(countKey(number))
        writer.remove(key)
        return false
      })
    }
  }
}
