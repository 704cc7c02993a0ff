// Each try of an event that nobody waits for is a run of its own, at its own time.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { start } from '../../src/testing/index.ts'
import { folderOf } from '../support/command.ts'

const APP = `
  import { app, lambda } from 'goblet'
  export default app('retried')
  let count = 0
  export const fail = lambda(() => { console.log('try', ++count); throw new Error('no') })
`

test('an asynchronous event is tried again after one and two minutes', async () => {
  const folder = folderOf({ 'app.ts': APP })
  const cloud = await start(`${folder}/app.ts`, { clock: 'virtual' })
  try {
    const began = cloud.clock.now().getTime()
    const answer = await fetch(`${cloud.endpoint}/2015-03-31/functions/retried-dev-fail/invocations`, {
      method: 'POST',
      headers: { 'x-amz-invocation-type': 'Event' },
      body: '{}',
    })
    assert.equal(answer.status, 202)
    await cloud.settle()
    assert.equal(cloud.invocations('fail').length, 1)
    await cloud.clock.advance('1h')
    const runs = cloud.invocations('fail')
    assert.deepEqual(
      runs.map(({ time, status }) => [(time.getTime() - began) / 1000, status]),
      [
        [0, 'error'],
        [60, 'error'],
        [180, 'error'],
      ],
    )
    assert.equal(new Set(runs.map(({ requestId }) => requestId)).size, 1)
    assert.deepEqual(
      runs.map(({ logs }) =>
        logs
          .find((line) => line.includes('try'))
          ?.split('\t')
          .at(-1),
      ),
      ['try 1', 'try 2', 'try 3'],
    )
  } finally {
    await cloud.close()
  }
})
