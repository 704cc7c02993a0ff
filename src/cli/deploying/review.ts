// Whether what functions may do was reviewed: a deploy says what iam.lock.json does not have, and fails on it where it is asked to.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Complaint, complaint } from '../../errors.ts'
import { ACCOUNT, REGION } from '../../local/index.ts'
import { compareLocks, type Lock, readLock, toLock } from '../../model/index.ts'
import { flagOption, type Input } from '../command.ts'
import { LOCK } from '../policy-check.ts'
import { placeOf } from '../project.ts'
import type { Prepared } from './deployment.ts'

export interface Review {
  /** What a person should know. */
  readonly notes: readonly string[]
  /** Why it is not deployed. */
  readonly refusals: readonly Complaint[]
}

// The rest is in `goblet policy --check`.
const SHOWN = 5

const NONE: Review = { notes: [], refusals: [] }

/** Without --check-permissions it only tells, and only where the app has the file. */
export function reviewPermissions(input: Input, { deployment }: Pick<Prepared, 'deployment'>): Review {
  const isAsked = flagOption(input, 'checkPermissions')
  const file = join(placeOf(input).root, LOCK)
  if (!existsSync(file)) return isAsked ? { ...NONE, refusals: [complaint('GOBLET_NO_LOCK', { file: LOCK })] } : NONE
  const lock = readLock(readFileSync(file, 'utf8'))
  if (lock === undefined) {
    const wrong = complaint('GOBLET_BAD_LOCK', { file: LOCK, problem: 'is none that this version reads' })
    return { ...NONE, refusals: [wrong] }
  }
  const { grants: all } = compareLocks(lock, toLock(deployment.permissions, lock.stage))
  const grants = all.filter(
    (one) => lock.functions[one.function]?.[one.name]?.[toLocal(one.detail, lock, deployment)] === undefined,
  )
  if (grants.length === 0) return NONE
  const words = grants.map(({ function: name, name: action, detail }) => `${name} ${action} on ${detail}`)
  const more = words.length > SHOWN ? [`and ${words.length - SHOWN} more`] : []
  const told = [...words.slice(0, SHOWN), ...more].join(', ')
  const refusal = complaint('GOBLET_NOT_REVIEWED', { file: LOCK, grants: told })
  return isAsked ? { notes: [], refusals: [refusal] } : { notes: [`${refusal.message} ${refusal.mend}`], refusals: [] }
}

// The file was written for the local cloud's account, and for one stage.
const toLocal = (resource: string, lock: Lock, { app, stage, account, region }: Prepared['deployment']): string =>
  resource
    .replaceAll(account, ACCOUNT)
    .replaceAll(`${app}-${stage}-`, `${app}-${lock.stage}-`)
    .replaceAll(region, REGION)
