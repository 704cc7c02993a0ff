// A day in a test: schedules, retries, visibility, delays, windows and expiry on one clock, in the right order, within a second.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { start, type TestCloud } from '../../src/testing/index.ts'

const entry = new URL('../fixtures/testing/day.ts', import.meta.url)
const MINUTE = 60_000

/** What ran, in the order it ran: minutes since `began`, and the function. */
function toStory(cloud: TestCloud, began: number, names: readonly string[]): string[] {
  const runs = names.flatMap((name) =>
    cloud.invocations(name).map(({ time, status }) => ({ minutes: (time.getTime() - began) / MINUTE, name, status })),
  )
  const found = runs.toSorted(
    (left, right) => left.minutes - right.minutes || names.indexOf(left.name) - names.indexOf(right.name),
  )
  return found.map(({ minutes, name, status }) => `${minutes} ${name}${status === 'done' ? '' : ` ${status}`}`)
}

async function setOut(cloud: TestCloud, began: number): Promise<void> {
  await cloud.send('jobs', { name: 'bad' })
  await cloud.send('jobs', { name: 'late' }, { delay: 15 * 60 })
  for (const number of [1, 2, 3]) await cloud.send('batches', { number })
  await cloud.send('batches', { number: 4 }, { delay: 10 * 60 })
  await cloud.invoke('login', { id: 'ada', expires: Math.ceil(began / 1000) + 90 * 60 })
}

const TICKS = Array.from({ length: 288 }, (_, index) => `${(index + 1) * 5} tick`)
// A message that failed comes back when its visibility ends; the third time it is dead, and found so an hour later.
const REST = ['0 work', '4 gather', '14 gather', '15 work', '60 work', '120 work', '180 mourn']

test('a day runs in order, every moment’s work before the next moment', async () => {
  const cloud = await start(entry, { clock: 'virtual' })
  try {
    const began = cloud.clock.now().getTime()
    await setOut(cloud, began)
    const cpu = process.cpuUsage()
    await cloud.clock.advance('24h')
    const { user, system } = process.cpuUsage(cpu)
    assert.ok(user + system < 1_000_000, `${Math.round((user + system) / 1000)} ms of processor time`)
    await cloud.settle()
    assert.deepEqual(toStory(cloud, began, ['tick']), TICKS)
    assert.deepEqual(toStory(cloud, began, ['work', 'gather', 'mourn']), REST)
    const numbers = cloud.logs('gather').map((line) => line.split('number ')[1])
    assert.deepEqual(numbers, ['1', '2', '3', '4'])
    // DynamoDB's expiry counts whole seconds.
    const forgotten = cloud.invocations('forget').map(({ time }) => Math.floor((time.getTime() - began) / MINUTE))
    assert.deepEqual(forgotten, [0, 90])
    const changes = cloud.logs('forget').map((line) => line.split('session ')[1])
    assert.deepEqual(changes, ['ada insert', 'ada remove expired'])
    assert.equal(cloud.clock.now().getTime(), began + 24 * 60 * MINUTE)
  } finally {
    await cloud.close()
  }
})
