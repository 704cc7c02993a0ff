// What every app on a judge goes through: new code that goes live and back, and an end that leaves nothing.
import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { openPlace, type Place, type Project } from './deployed.ts'
import { inventory } from './inventory.ts'
import { isInstalled } from './peers.ts'

export const skip = isInstalled('ministack') ? false : 'ministack is not installed'

// The lock is taken, and given back.
const LOCKING = 2

/** Asks until the answer is as wanted: what an event starts takes a moment. */
export async function until<Answer>(ask: () => Promise<Answer>, wanted: (answer: Answer) => boolean): Promise<Answer> {
  for (let tries = 0; ; tries++) {
    const answer = await ask()
    if (wanted(answer) || tries === 60) return answer
    await sleep(250)
  }
}

export const textAt = async (url: string): Promise<string> => (await fetch(url)).text()
export const jsonAt = async (url: string, init?: RequestInit): Promise<unknown> => (await fetch(url, init)).json()

export async function withPlace(work: (place: Place) => Promise<void>): Promise<void> {
  await using place = await openPlace()
  await work(place)
}

/** New code of one function goes live by one upload and one update, and back by the alias alone. */
export async function changed(
  project: Project,
  [file, from, to]: readonly [file: string, from: string, to: string],
  answers: () => Promise<boolean>,
  ...words: string[]
): Promise<void> {
  assert.equal(await answers(), false)
  await project.edit(file, from, to)
  const { did, functions, mutations } = await project.deploy(...words)
  assert.equal(did, 'code')
  assert.equal(functions.filter((one) => one.changed).length, 1)
  // The zip, the function's code, its alias.
  assert.equal(mutations - LOCKING, 3)
  assert.equal(await answers(), true)
  const back = await project.goblet('rollback', '--json', ...words)
  assert.equal(back.status, 0, back.error)
  assert.equal(await answers(), false)
}

/** Deletes it, and says what is left in the account besides the artifact bucket. */
export async function removed(place: Place, project: Project, ...words: string[]): Promise<string[]> {
  const { status, error } = await project.goblet('delete', '--yes', ...words)
  assert.equal(status, 0, error)
  const left = await inventory(place.endpoint)
  return left.filter((one) => !one.startsWith('bucket goblet-artifacts-'))
}
