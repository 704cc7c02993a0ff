// Resident memory of an idle `goblet dev`, ten seconds after it is ready: its own process, and all the processes below it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { figure, heading, median, print, sleep } from './measure.mjs'
import { launch, resident, residentOf } from './processes.mjs'
import { gobletProject } from './projects.mjs'

const { values: flags } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, wait: { type: 'string', default: '10000' } },
})
const folder = mkdtempSync(join(tmpdir(), 'goblet-memory-'))
const found = { own: [], tree: [], called: [], calledTree: [] }

try {
  for (let round = 0; round < Number(flags.rounds); round++) {
    const { file, args, cwd } = gobletProject(join(folder, String(round)))
    const running = launch(file, args, { cwd })
    const { http } = await running.line
    await sleep(Number(flags.wait))
    found.own.push(residentOf(running.pid))
    found.tree.push(resident(running.pid))
    for (let call = 0; call < 200; call++) await (await fetch(`${http}/hello`)).text()
    await sleep(Number(flags.wait))
    found.called.push(residentOf(running.pid))
    found.calledTree.push(resident(running.pid))
    await running.stop()
  }
  heading('Resident memory of an idle goblet dev, in megabytes')
  const rows = [
    { when: 'ready, idle', 'dev itself': figure(median(found.own)), 'with its children': figure(median(found.tree)) },
    {
      when: 'after 200 requests, idle again',
      'dev itself': figure(median(found.called)),
      'with its children': figure(median(found.calledTree)),
    },
  ]
  print(`${flags.rounds} starts, ${Number(flags.wait) / 1000} s after each`, rows)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
