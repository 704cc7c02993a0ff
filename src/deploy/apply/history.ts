// Which versions were live before: kept in the alias's own description, so that who moves the alias moves the history with it.
import { createHash } from 'node:crypto'

/**
 * Kept in the alias, because a list of versions does not tell which of them callers ever got, and which functions were
 * moved together: `rollback` takes back one deploy, and a function that it did not change stays.
 */
export interface History {
  /** Who moved it last; empty: nobody knows. */
  readonly by: string
  /** The newest first; the first one is what is live. */
  readonly entries: readonly Entry[]
}

export interface Entry {
  /** What was moved in one deploy has one id: `mbz3k1-1f2e3d`. Empty: moved by another hand. */
  readonly deploy: string
  readonly version: string
}

// Source: UpdateAlias: a description has 256 characters at most. Ten entries of 20, the words before them, and 50 of who.
const ENTRIES = 10
const WHO = 48

export function readHistory(description: string, version: string): History {
  const [, by = '', list = ''] = /^goblet, by (.*?): (.*)$/.exec(description) ?? []
  const entries = [...list.matchAll(/([0-9a-z]+-[0-9a-f]+)?=(\d+)/g)].map(([, deploy = '', of = '']) => ({
    deploy,
    version: of,
  }))
  // Another hand moved it.
  if (entries[0]?.version === version || version === '$LATEST') return { by, entries }
  return { by: '', entries: [{ deploy: '', version }, ...entries] }
}

export function toDescription({ by, entries }: History): string {
  const list = entries.slice(0, ENTRIES).map(({ deploy, version }) => `${deploy}=${version}`)
  return `goblet, by ${by.slice(0, WHO)}: ${list.join(' ')}`.slice(0, 256)
}

/** `arn:aws:sts::111122223333:assumed-role/Admin/ada@example.com` is `assumed-role/Admin/ada@example.com`. */
export const shortName = (arn: string): string => arn.replace(/^arn:[^:]*:[^:]*:[^:]*:\d*:/, '')

/** What a deploy is known by: when it began, and what of. */
export function deployId(now: number, content: readonly string[]): string {
  const hash = createHash('sha256').update(content.join('\0')).digest('hex').slice(0, 6)
  return `${Math.floor(now / 1000).toString(36)}-${hash}`
}

/** When a deploy began, in milliseconds since 1970. */
export const deployTime = (deploy: string): number => Number.parseInt(deploy.split('-')[0] ?? '', 36) * 1000

/** The newest deploy of all; undefined: none is known. */
export function newestDeploy(histories: readonly History[]): string | undefined {
  const deploys = histories.flatMap(({ entries: [top] }) =>
    top === undefined || top.deploy === '' ? [] : [top.deploy],
  )
  return deploys.sort((left, right) => deployTime(right) - deployTime(left))[0]
}

/** A deploy of the same that was killed halfway goes on under its id, so that a rollback takes back both halves. */
export function continued(id: string, histories: readonly History[]): string {
  const newest = newestDeploy(histories)
  return newest !== undefined && newest.split('-')[1] === id.split('-')[1] ? newest : id
}
