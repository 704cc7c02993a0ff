// Where a peer answers otherwise than goblet, and which row of the table explains it.
import type { Scenario } from './plan.ts'
import type { Answer } from './run.ts'

/** One line of test/cases/differences.json or differences-tables.json: expressions over what was asked and answered, and who is right. */
export interface Row {
  readonly peer: 'ministack' | 'moto' | 'dynamodb-local'
  readonly step: string
  readonly input?: string
  readonly ours: string
  readonly theirs: string
  readonly right: 'goblet' | 'either'
  readonly source: string
}

export interface Difference {
  readonly peer: string
  readonly step: string
  readonly input: string
  readonly ours: Answer
  readonly theirs: Answer
}

// These change nothing, so what one answers says nothing of what comes after.
const READS =
  /^(get|head|list|queueAttributes|queueUrl|queueTags|topicAttributes|subscriptionAttributes|subscriptions|Get|Query|Scan|ParallelScan|BatchGet|TransactGet|Describe)/

export interface Comparison {
  /** How many answers were held against the peer's. */
  readonly compared: number
  readonly differences: readonly Difference[]
}

/** A peer that took what goblet refused, or the other way round, is in another state from there to the end of the scenario. */
export function compare(
  peer: string,
  scenarios: readonly Scenario[],
  ours: readonly Answer[][],
  theirs: readonly Answer[][],
): Comparison {
  const differences: Difference[] = []
  let compared = 0
  for (const [place, { calls, fifo }] of scenarios.entries()) {
    for (const [at, { step, input }] of calls.entries()) {
      const [mine = '', other = ''] = [ours[place]?.[at], theirs[place]?.[at]]
      compared++
      if (mine === other) continue
      differences.push({
        peer,
        step: fifo ? `${step} fifo` : step,
        input: JSON.stringify(input),
        ours: mine,
        theirs: other,
      })
      if (!READS.test(step) && mine.startsWith('200') !== other.startsWith('200')) break
    }
  }
  return { compared, differences }
}

/** Whether the row is about this difference. What both expressions name `same` has to be the same text. */
export function explains(row: Row, { peer, step, input, ours, theirs }: Difference): boolean {
  if (row.peer !== peer || !new RegExp(`^(${row.step})( fifo)?$`).test(step)) return false
  if (row.input !== undefined && !new RegExp(row.input).test(input)) return false
  const [mine, other] = [new RegExp(row.ours).exec(ours), new RegExp(row.theirs).exec(theirs)]
  return mine !== null && other !== null && mine.groups?.same === other.groups?.same
}
