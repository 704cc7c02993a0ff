// Back to the versions before: alias moves and nothing else, so it takes seconds and needs no code.
import { problem } from '../../errors.ts'
import type { Caller } from '../calls/caller.ts'
import type { Clients } from '../calls/clients.ts'
import { inParallel } from '../calls/parallel.ts'
import { worded } from '../calls/refused.ts'
import type { Report } from '../calls/report.ts'
import { type LiveFunction, readConfiguration, readFunctions } from '../live.ts'
import { artifactBucket, isThere } from './bucket.ts'
import { weigh } from './canary.ts'
import { deployId, type History, newestDeploy, shortName } from './history.ts'
import { hold } from './lock.ts'
import { moveAlias, pushed, versionsOf } from './publish.ts'

export interface Rollback {
  readonly stack: string
  readonly account: string
  /** The app's. */
  readonly functions: readonly { readonly name: string; readonly physicalName: string }[]
  /** Only this one. */
  readonly only: string | undefined
  /** To this version; otherwise to the one that the last deploy replaced. */
  readonly to: string | undefined
}

export interface RolledBack {
  readonly moved: readonly { readonly name: string; readonly from: string; readonly to: string }[]
  /** What the last deploy brought, but has nothing to go back to. */
  readonly new: readonly string[]
  /** A canary was taken back: its versions were never live for all. */
  readonly canary: readonly string[]
}

export interface By {
  readonly caller: Caller
  readonly command: string
  readonly report: Report
}

/** Throws GOBLET_NOT_DEPLOYED, GOBLET_NO_VERSION. */
export function rollback(clients: Clients, asked: Rollback, { caller, command, report }: By): Promise<RolledBack> {
  return worded(async () => {
    const { stack, account } = asked
    const bucket = artifactBucket(account, clients.region)
    if (!(await isThere(clients, bucket, account))) throw problem('GOBLET_NOT_DEPLOYED', { what: stack })
    const held = await hold(clients, { bucket, account, stack }, { who: caller.arn, command }, report)
    try {
      const live = await readFunctions(clients, asked.functions)
      if (live.every(({ alias }) => alias === undefined)) throw problem('GOBLET_NOT_DEPLOYED', { what: stack })
      const chosen = asked.only === undefined ? live : live.filter(({ name }) => name === asked.only)
      const by = shortName(caller.arn)
      held.check()
      if (asked.to !== undefined) return await goTo(clients, chosen, asked.to, by)
      return await goBack(clients, live, chosen, by)
    } finally {
      await held.release().catch(() => {})
    }
  })
}

async function goTo(clients: Clients, chosen: readonly LiveFunction[], to: string, by: string): Promise<RolledBack> {
  const entry = { deploy: deployId(clients.now(), ['rollback', to]), version: to }
  // All of them have it, or none is moved.
  await inParallel(chosen, 5, (one) => expectVersion(clients, one, to))
  const moves = chosen.filter(({ alias }) => alias !== undefined && (alias.version !== to || alias.weights.size > 0))
  const moved = await inParallel(moves, 5, async (one) => {
    await moveAlias(clients, one, to, pushed(one.alias?.history, entry, by))
    return { name: one.name, from: one.alias?.version ?? '', to }
  })
  return { moved, new: [], canary: [] }
}

async function expectVersion(clients: Clients, { name, physicalName }: LiveFunction, to: string): Promise<void> {
  if (/^\d+$/.test(to) && (await readConfiguration(clients, physicalName, to)) !== undefined) return
  const known = (await versionsOf(clients, physicalName)).map(({ Version }) => Version)
  throw problem('GOBLET_NO_VERSION', { name, to, known: known.slice(-10).join(', ') })
}

/** What the last deploy moved together goes back together; what it did not change stays. */
async function goBack(
  clients: Clients,
  live: readonly LiveFunction[],
  chosen: readonly LiveFunction[],
  by: string,
): Promise<RolledBack> {
  const weighed = chosen.filter(({ alias }) => alias !== undefined && alias.weights.size > 0)
  if (weighed.length > 0) {
    const canary = await inParallel(weighed, 5, async ({ name, physicalName }) => {
      await weigh(clients, physicalName, new Map())
      return name
    })
    return { moved: [], new: [], canary }
  }
  const histories = live.flatMap(({ alias }) => (alias === undefined ? [] : [alias.history]))
  const newest = newestDeploy(histories)
  const last = chosen.filter(({ alias }) => chosen.length === 1 || topOf(alias?.history) === newest)
  const back = last.flatMap((one) => {
    const [, before] = one.alias?.history.entries ?? []
    return before === undefined ? [] : [{ one, before }]
  })
  await inParallel(back, 5, ({ one, before }) => expectVersion(clients, one, before.version))
  const moved = await inParallel(back, 5, async ({ one, before }) => {
    const entries = (one.alias?.history.entries ?? []).slice(1)
    await moveAlias(clients, one, before.version, { by, entries })
    return { name: one.name, from: one.alias?.version ?? '', to: before.version }
  })
  const names = new Set(moved.map(({ name }) => name))
  return { moved, new: last.map(({ name }) => name).filter((name) => !names.has(name)), canary: [] }
}

const topOf = (history: History | undefined): string | undefined => history?.entries[0]?.deploy
