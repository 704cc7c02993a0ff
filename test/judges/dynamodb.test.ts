// The same seeded calls of DynamoDB, answered by goblet and by Amazon's own DynamoDB Local: every difference stands in one table.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import rows from '../cases/differences-tables.json' with { type: 'json' }
import { noDynamoDbLocal, startDynamoDbLocal } from '../support/dynamodb-local.ts'
import { isInstalled, startTarget } from '../support/peers.ts'
import { compare, type Difference, explains, type Row } from './differential/compare.ts'
import { planTables } from './differential/tables/plan.ts'
import { runTables } from './differential/tables/run.ts'

// Another seed by hand, to look for more: GOBLET_SEED=… node scripts/test.mjs test/judges/dynamodb.test.ts
const seed = Number(process.env.GOBLET_SEED ?? 11)
const scenarios = planTables(2400, seed)

/** Differences that are alike, once. */
const told = (list: readonly Difference[]): string =>
  [...new Set(list.map((one) => JSON.stringify(one).slice(0, 2000)))].sort().join('\n')

test('at least 2,000 calls are answered as by DynamoDB Local, or the table says who is right', {
  skip: noDynamoDbLocal(),
}, async () => {
  const others = isInstalled('ministack') ? [startTarget('ministack')] : []
  const [goblet, judge, ...peers] = await Promise.all([startTarget('goblet'), startDynamoDbLocal(), ...others])
  try {
    const [ours, theirs] = await Promise.all([goblet, judge].map(({ endpoint }) => runTables(endpoint, scenarios)))
    const { compared, differences } = compare('dynamodb-local', scenarios, ours ?? [], theirs ?? [])
    const table: readonly Row[] = rows.map((row) => row as Row)
    const unexplained = differences.filter((one) => !table.some((row) => explains(row, one)))
    const good = (ours ?? []).flat().filter((answer) => answer.startsWith('200')).length
    console.log(
      `${compared} compared (${good} taken), ${differences.length} differences, ${unexplained.length} not in the table`,
    )
    // For information: how often an emulator of the same calls is another than DynamoDB Local.
    for (const { endpoint } of peers) {
      const peer = compare('ministack', scenarios, await runTables(endpoint, scenarios), theirs ?? [])
      console.log(`ministack: ${peer.compared} compared, ${peer.differences.length} differences`)
    }
    assert.equal(told(unexplained), '')
    assert.ok(compared >= 2000 && good >= 1000)
    // A fault of our own shows itself without a judge, too.
    const broken = (ours ?? []).flat().filter((answer) => /^(0|5\d\d) /.test(answer))
    assert.deepEqual([...new Set(broken)], [])
  } finally {
    await Promise.all([goblet, judge, ...peers].map(({ stop }) => stop()))
  }
})
