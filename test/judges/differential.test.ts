// The same seeded calls of S3, SQS and SNS, answered by goblet, MiniStack and moto: every difference stands in one table.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import rows from '../cases/differences.json' with { type: 'json' }
import { isInstalled, PEERS, startTarget } from '../support/peers.ts'
import { compare, type Difference, explains, type Row } from './differential/compare.ts'
import { plan } from './differential/plan.ts'
import { run } from './differential/run.ts'

// Another seed by hand, to look for more: GOBLET_SEED=… node scripts/test.mjs test/judges/differential.test.ts
const seed = Number(process.env.GOBLET_SEED ?? 7)
const scenarios = [...plan('s3', 800, seed), ...plan('sqs', 800, seed + 1), ...plan('sns', 500, seed + 2)]
const absent = PEERS.filter((peer) => !isInstalled(peer))

/** Differences that are alike, once. */
const told = (list: readonly Difference[]): string =>
  [...new Set(list.map((one) => JSON.stringify(one).slice(0, 700)))].sort().join('\n')

test('at least 1,000 calls are answered as the strictest peer does, or the table says who is right', {
  skip: absent.length > 0 ? `${absent.join(' and ')} is not installed` : false,
}, async () => {
  const running = await Promise.all((['goblet', ...PEERS] as const).map(startTarget))
  try {
    const [ours = [], ...theirs] = await Promise.all(running.map(({ endpoint }) => run(endpoint, scenarios)))
    const found = PEERS.map((peer, at) => compare(peer, scenarios, ours, theirs[at] ?? []))
    const differences = found.flatMap((one) => one.differences)
    const table: readonly Row[] = rows.map((row) => row as Row)
    const unexplained = differences.filter((one) => !table.some((row) => explains(row, one)))
    const calls = scenarios.flatMap((one) => one.calls).length
    const counts = PEERS.map((peer, at) => `${found[at]?.compared} compared with ${peer}`).join(', ')
    console.log(`${calls} calls, ${counts}, ${differences.length} differences, ${unexplained.length} not in the table`)
    assert.equal(told(unexplained), '')
    assert.ok(calls >= 1000 && found.every(({ compared }) => compared >= 1000))
    // A fault of our own shows itself without a peer, too.
    const broken = ours.flat().filter((answer) => /^(0|5\d\d) /.test(answer))
    assert.deepEqual([...new Set(broken)], [])
  } finally {
    await Promise.all(running.map(({ stop }) => stop()))
  }
})
