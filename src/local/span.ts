// A span of time as people write it.
import { problem } from '../errors.ts'

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** Milliseconds of `250ms`, `30s`, `15m`, `24h`, `7d`, or of a number of them. Throws GOBLET_USAGE. */
export function readSpan(span: number | string): number {
  if (typeof span === 'number' && span >= 0) return span
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?) ?(ms|[smhd])$/.exec(String(span)) ?? []
  const milliseconds = UNITS[unit]
  if (count !== undefined && milliseconds !== undefined) return Number(count) * milliseconds
  throw problem('GOBLET_USAGE', {
    problem: `${span} is no span of time.`,
    mend: "Give milliseconds, or write '30s', '15m', '24h' or '7d'.",
  })
}
