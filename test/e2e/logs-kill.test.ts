// What functions have logged before `goblet dev` is killed is there for `goblet logs`, but for the last moment.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { GOBLET, startDev } from '../support/dev.ts'

const APP = `import { app, lambda } from 'goblet'
export default app('last')
export const say = lambda((word: string) => { console.log('said', word) })
`
// The journal waits 40 ms; what is left is for a machine that has more to do.
const MOMENT = 90

test('the last lines before a SIGKILL are kept', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'goblet-logs-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'app.ts'), APP)
  const logs = (): Promise<string> =>
    new Promise((resolve, reject) => {
      execFile(process.execPath, [GOBLET, 'logs', '--filter', 'said'], { cwd: folder }, (error, out) =>
        error === null ? resolve(out) : reject(error),
      )
    })
  for (const [round, times] of [1, 2, 60].entries()) {
    const dev = await startDev(folder)
    const say = async (word: string): Promise<void> => {
      const path = '/2015-03-31/functions/last-dev-say/invocations'
      const answer = await fetch(dev.aws + path, { method: 'POST', body: JSON.stringify(word) })
      assert.equal(await answer.text(), 'null')
    }
    const said = new Map<string, number>()
    for (let index = 0; index < times; index++) {
      const word = `${round}.${index};`
      await say(word)
      said.set(word, performance.now())
      await sleep(5)
    }
    // Of many in a row the last ones may be lost; a single one has had its moment.
    if (times < 10) await sleep(MOMENT)
    const killed = performance.now()
    await dev.stop('SIGKILL')
    const shown = await logs()
    const lost = [...said].filter(([word, time]) => time < killed - MOMENT && !shown.includes(`said ${word}`))
    assert.deepEqual(lost, [])
    assert.ok(shown.split('\n').filter((line) => line.includes(`said ${round}.`)).length >= Math.min(times, 30))
  }
})
