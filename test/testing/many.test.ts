// goblet/testing used as test suites use it: many clouds one after the other and at once, apart from each other, quick after the first.
import assert from 'node:assert/strict'
import { utimesSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { start } from '../../src/testing/index.ts'
import { folderOf, writeFiles } from '../support/command.ts'

const APP = (word: string): string => `
  import { app, queue, route } from 'goblet'
  import { word } from './word.ts'
  export default app('many')
  export const jobs = queue<{ name: string }>('jobs')
  export const work = jobs.onMessage(({ name }) => { console.log('worked on', name) })
  export const say = route('GET /', () => ({ word, ${word}: true, stage: process.env.AWS_LAMBDA_FUNCTION_NAME }))
`
const project = (): string => folderOf({ 'app.ts': APP('first'), 'word.ts': "export const word = 'one'" })

// Processor time, which a busy machine leaves as it is; several, of which the best counts.
async function cost(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

test('a further cloud of the same app costs at most 20 ms', async () => {
  const entry = join(project(), 'app.ts')
  await (await start(entry)).close()
  const costs: number[] = []
  for (let count = 0; count < 8; count++) {
    costs.push(
      await cost(async () => {
        const cloud = await start(entry)
        await cloud.close()
      }),
    )
  }
  assert.ok(Math.min(...costs) <= 20, costs.map(Math.round).join(' '))
})

test('eight clouds at once do not see each other', async () => {
  const entry = join(project(), 'app.ts')
  const numbers = Array.from({ length: 8 }, (_, number) => number)
  const clouds = await Promise.all(numbers.map((number) => start(entry, { clock: number % 2 ? 'virtual' : 'real' })))
  assert.equal(new Set(clouds.flatMap(({ endpoint, http }) => [endpoint, http.url])).size, 16)
  await Promise.all(clouds.map((cloud, number) => cloud.send('jobs', { name: `job ${number}` })))
  await Promise.all(clouds.map((cloud) => cloud.settle()))
  for (const [number, cloud] of clouds.entries()) {
    const lines = cloud.logs('work')
    assert.equal(lines.length, 1)
    assert.match(String(lines[0]), new RegExp(`worked on job ${number}$`))
  }
  await Promise.all(clouds.map((cloud) => cloud.close()))
})

test('a file that changes is built again; another stage is another app', async () => {
  const folder = project()
  const entry = join(folder, 'app.ts')
  const said = async (stage?: string): Promise<unknown> => {
    const cloud = await start(entry, stage === undefined ? {} : { stage })
    try {
      return (await cloud.http.get('/')).json
    } finally {
      await cloud.close()
    }
  }
  assert.deepEqual(await said(), { word: 'one', first: true, stage: 'many-dev-api' })
  writeFiles(folder, { 'word.ts': "export const word = 'two'" })
  assert.deepEqual(await said(), { word: 'two', first: true, stage: 'many-dev-api' })
  assert.deepEqual(await said('prod'), { word: 'two', first: true, stage: 'many-prod-api' })
  // The same size, and a time of its own.
  writeFiles(folder, { 'word.ts': "export const word = 'six'" })
  utimesSync(join(folder, 'word.ts'), 1_000_000, 1_000_000)
  assert.deepEqual(await said(), { word: 'six', first: true, stage: 'many-dev-api' })
  writeFiles(folder, { 'app.ts': 'export const nothing = 1' })
  await assert.rejects(said(), /GOBLET_NO_APP/)
  writeFiles(folder, { 'app.ts': APP('second') })
  assert.deepEqual(await said(), { word: 'six', second: true, stage: 'many-dev-api' })
})
