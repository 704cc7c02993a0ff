// Events that stand in line for a sandbox: each gets its own answer, once, whatever the ones before and behind it do.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { runApp } from '../support/cloud.ts'

const CODE = `
  export const handler = async ({ id, how, wait }) => {
    console.log('ran ' + id)
    if (wait) await new Promise((resolve) => setTimeout(resolve, wait))
    if (how === 'loop') for (;;);
    if (how === 'exit') process.exit(1)
    if (how === 'memory') { const all = []; for (;;) all.push(new Array(100_000).fill(Math.random())) }
    if (how === 'later') setImmediate(() => { throw new Error('after the answer') })
    return id
  }`

for (const how of ['loop', 'exit', 'memory', 'later'])
  test(`an event that ends its sandbox (${how}) takes no other event with it`, async () => {
    await using app = await runApp({ functions: { work: { code: CODE, timeout: 1 } } })
    await app.call('work', { id: 0 })
    const ids = [1, 2, 3, 4, 5, 6]
    const answers = await Promise.all(ids.map((id) => app.call('work', { id, how: id === 3 ? how : 'well' })))
    const failed = ids.filter((_, index) => answers[index]?.failed)
    assert.deepEqual(failed, how === 'later' ? [] : [3], JSON.stringify(answers))
    for (const [index, { failed: bad, value }] of answers.entries()) if (!bad) assert.equal(value, ids[index])
    const ran = app.lines('work').filter((line) => line.includes('\tran '))
    assert.equal(ran.length, 7, 'each ran once')
  })

test('no event gets the answer of another or runs twice, also while the local cloud is slow to look', async () => {
  await using app = await runApp({ functions: { work: CODE } })
  const ran = new Map<string, number>()
  app.cloud.journal.follow((entry) => {
    const id = entry.kind === 'log' ? /\tran (\S+)/.exec(entry.text)?.[1] : undefined
    if (id !== undefined) ran.set(id, (ran.get(id) ?? 0) + 1)
  })
  let asked = 0
  const call = async (): Promise<void> => {
    const id = `id-${asked++}`
    const { value } = await app.call('work', { id, wait: asked % 9 === 0 ? (asked % 5) * 12 : 0 })
    assert.equal(value, id)
  }
  const caller = async (): Promise<void> => {
    for (let count = 0; count < 60; count++) await call()
  }
  // Events that come while answers are on their way and nobody has read them.
  const arrivals: Promise<void>[] = []
  const busy = async (): Promise<void> => {
    for (let round = 0; round < 60; round++) {
      const end = performance.now() + 15
      while (performance.now() < end);
      for (let count = 0; count < 8; count++) arrivals.push(call())
      await sleep(2)
    }
  }
  await Promise.all([busy(), ...Array.from({ length: 20 }, caller)])
  await Promise.all(arrivals)
  assert.equal(ran.size, asked)
  assert.deepEqual(
    [...ran].filter(([, times]) => times !== 1),
    [],
  )
})

test('closing while events run ends them and leaves nothing that still wants the store', async () => {
  const unhandled: unknown[] = []
  const hear = (reason: unknown): void => {
    unhandled.push(reason)
  }
  process.on('unhandledRejection', hear)
  for (let round = 0; round < 5; round++) {
    const app = await runApp({ functions: { work: CODE } })
    const calls = Array.from({ length: 10 }, (_, id) => app.call('work', { id, wait: id * 20 }))
    await sleep(round * 25)
    await app[Symbol.asyncDispose]()
    for (const { failed } of await Promise.all(calls)) assert.equal(typeof failed, 'boolean')
  }
  await sleep(300)
  process.off('unhandledRejection', hear)
  assert.deepEqual(unhandled, [])
})
