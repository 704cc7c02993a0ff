// Time zones: what a clock on the wall shows at a moment, and the moment at which it shows a time. By Intl's own tables.

const DAY = 86_400_000
const formats = new Map<string, Intl.DateTimeFormat>()

/** Whether there is a zone of this name. An offset such as `+01:00` is none. */
export function isZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name) || name.length > 50) return false
  try {
    return formatOf(name) !== undefined
  } catch {
    return false
  }
}

/** What the wall shows at `time`, as if it were UTC: milliseconds since 1970. */
export const toWall = (time: number, zone: string): number => time + offsetAt(time, zone)

/** The first moment at which the wall shows `wall`; undefined when the clocks go forward over it. */
export function fromWall(wall: number, zone: string): number | undefined {
  const candidates = [offsetAt(wall - DAY, zone), offsetAt(wall + DAY, zone)].map((offset) => wall - offset)
  return candidates.toSorted((left, right) => left - right).find((time) => toWall(time, zone) === wall)
}

function offsetAt(time: number, zone: string): number {
  if (zone === 'UTC') return 0
  const found: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(time)) found[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = found
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formats.set(zone, made)
  return made
}
