// `goblet policy --check`: holds what functions may do against the iam.lock.json that was reviewed, and says what is new.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { problem } from '../errors.ts'
import {
  type Change,
  type Changes,
  compareLocks,
  type Lock,
  lockText,
  type Permissions,
  readLock,
  toLock,
} from '../model/index.ts'
import { isTooLong, toFindings, toPlain } from './policy-report.ts'
import { paint, print, printJson, toTable } from './terminal.ts'

export const LOCK = 'iam.lock.json'

export interface Checked {
  readonly root: string
  readonly stage: string
  readonly permissions: Permissions
  readonly json: boolean
}

/** Writes the lock file. Returns whether it has changed. */
export function writeLock({ root, stage, permissions }: Checked): boolean {
  const file = join(root, LOCK)
  const text = lockText(toLock(permissions, stage))
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return false
  writeFileSync(file, text)
  return true
}

/** Prints what is new. Returns whether everything was reviewed. Throws GOBLET_NO_LOCK, GOBLET_BAD_LOCK. */
export function checkLock(given: Checked): boolean {
  const { stage, permissions, json } = given
  const changes = compareLocks(openLock(given), toLock(permissions, stage))
  const errors = [...permissions].flatMap(([name, one]) => one.errors.map((finding) => ({ name, finding })))
  const long = [...permissions].flatMap(([name, { grants }]) => (isTooLong(grants) ? [name] : []))
  const isFine = changes.grants.length + changes.warnings.length + errors.length + long.length === 0
  if (json) {
    const failed = errors.map(({ name, finding }) => ({ function: name, ...Object(toPlain(finding)) }))
    printJson({ ok: isFine, ...toPlainChanges(changes), errors: failed, tooLong: long })
    return isFine
  }
  printChanges(changes)
  for (const { name, finding } of errors) print([name, ...toFindings({ errors: [finding], warnings: [] })].join('\n'))
  for (const name of long) print(`${paint('red', '✗')} What ${name} may do is more than a role can hold.`)
  if (isFine) print(`${paint('green', '✓')} Every permission is in ${LOCK}.`)
  else print(`\nLook at what is new. If it is meant, accept it with \`goblet policy --write\` and commit ${LOCK}.`)
  return isFine
}

function openLock({ root, stage }: Checked): Lock {
  const file = join(root, LOCK)
  if (!existsSync(file)) throw problem('GOBLET_NO_LOCK', { file: LOCK })
  const lock = readLock(readFileSync(file, 'utf8'))
  if (lock === undefined) throw problem('GOBLET_BAD_LOCK', { file: LOCK, problem: 'is none that this version reads' })
  if (lock.stage !== stage)
    throw problem('GOBLET_BAD_LOCK', { file: LOCK, problem: `is of the stage ${lock.stage}, and this is ${stage}` })
  return lock
}

function printChanges({ grants, warnings, gone }: Changes): void {
  const rows = (all: readonly Change[], sign: string): string[] =>
    toTable(all.map((one) => [one.function, one.name, one.detail, one.places.join(', ')]))
      .split('\n')
      .map((line) => `${sign} ${line}`)
  if (grants.length > 0) print([`New permissions:`, ...rows(grants, paint('red', '+'))].join('\n'))
  if (warnings.length > 0) print([`New warnings:`, ...rows(warnings, paint('yellow', '!'))].join('\n'))
  if (gone.length > 0) print([`No longer needed:`, ...rows(gone, paint('dim', '-'))].join('\n'))
}

const toPlainChanges = ({ grants, warnings, gone }: Changes): unknown & object => ({
  new: grants.map(({ function: name, name: action, detail, places }) => ({
    function: name,
    action,
    resource: detail,
    from: places,
  })),
  warnings: warnings.map(({ function: name, name: kind, detail, places }) => ({
    function: name,
    kind,
    message: detail,
    from: places,
  })),
  gone: gone.map(({ function: name, name: action, detail }) => ({ function: name, action, resource: detail })),
})
