// The one request after a deploy: whether the app answers at all.
import { setTimeout as sleep } from 'node:timers/promises'

const PATIENCE = 30_000
const ONE = 30_000

/** Undefined: it answered with less than 500; otherwise what it did instead. */
export async function smoke(url: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  const since = Date.now()
  for (;;) {
    const limit = AbortSignal.timeout(ONE)
    const either = signal === undefined ? limit : AbortSignal.any([signal, limit])
    let said: string
    try {
      const { status } = await fetch(url, { signal: either, redirect: 'manual' })
      if (status < 500) return undefined
      // What answers has answered: asking again would only hide that it sometimes fails.
      return `${status}`
    } catch (error) {
      said = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
    }
    // A name that is new is not known everywhere yet.
    if (Date.now() - since > PATIENCE || signal?.aborted) return `nothing: ${said}`
    await sleep(1000)
  }
}
