// API keys and their usage plan, as REST APIs hold callers to them: which keys there are, how fast and how often each may call.
import type { ApiModel, UsagePlanModel } from '../../../model/index.ts'
import { exhausted, forbidden, type Refused, throttled } from './answers.ts'

export interface KeyRing {
  /** Counts one request of a key; says why it may not pass. */
  spend(key: string | undefined): Refused | undefined
}

interface Use {
  /** Requests that may still come at once. */
  tokens: number
  /** Milliseconds since 1970, when `tokens` was right. */
  at: number
  period: number
  count: number
}

/** The keys of an app. Locally a key's value is its name. */
export function openKeyRing(
  { apiKeys, usagePlan }: Pick<ApiModel, 'apiKeys' | 'usagePlan'>,
  now: () => number,
): KeyRing {
  const uses = new Map<string, Use>(apiKeys.map((key) => [key, { tokens: 0, at: 0, period: 0, count: 0 }]))
  return {
    spend: (key) => {
      const use = key === undefined ? undefined : uses.get(key)
      if (use === undefined) return forbidden('rest')
      return usagePlan === undefined ? undefined : spend(use, usagePlan, now())
    },
  }
}

function spend(use: Use, { rate, burst, quota }: UsagePlanModel, now: number): Refused | undefined {
  if (quota !== undefined) {
    const period = periodStart(now, quota.period)
    if (period !== use.period) use.count = 0
    use.period = period
    if (use.count >= quota.limit) return exhausted()
  }
  if (rate !== undefined) {
    // A token bucket: `burst` deep, filled at `rate` a second, full at first.
    use.tokens = Math.min(burst ?? Math.max(1, rate), use.tokens + ((now - use.at) / 1000) * rate)
    use.at = now
    if (use.tokens < 1) return throttled()
    use.tokens--
  }
  use.count++
  return undefined
}

const DAY = 24 * 3600_000

// Without an offset AWS's periods begin at midnight UTC, weeks on Sunday, months on the first.
function periodStart(now: number, period: 'day' | 'week' | 'month'): number {
  const date = new Date(now)
  if (period === 'month') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1)
  const day = Math.floor(now / DAY) * DAY
  return period === 'day' ? day : day - date.getUTCDay() * DAY
}
