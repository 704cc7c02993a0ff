// The limits SNS sets on a filter policy.
// Source: https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html; words recorded.
import { fail, isObject } from './error.ts'

const MOST_KEYS = 5
const MOST_COMBINATIONS = 150

export function checkComplexity(policy: unknown): void {
  if (!isObject(policy)) return
  if (Object.keys(policy).length > MOST_KEYS) fail(`Filter policy can not have more than ${MOST_KEYS} keys`)
  if (combinationsOf(policy, 1, 1) > MOST_COMBINATIONS) fail('Filter policy is too complex')
}

// The values of every array multiplied with one another, each times how deep its key is; the branches of `$or` add up.
function combinationsOf(policy: Readonly<Record<string, unknown>>, depth: number, before: number): number {
  let combinations = before
  for (const [name, value] of Object.entries(policy)) {
    // Enough is known, and a deep policy must not fill the stack.
    if (combinations > MOST_COMBINATIONS || depth > MOST_COMBINATIONS) return MOST_COMBINATIONS + 1
    if (isObject(value)) combinations = combinationsOf(value, depth + 1, combinations)
    else if (name === '$or' && Array.isArray(value) && value.every(isObject))
      combinations = value.reduce((sum: number, branch) => sum + combinationsOf(branch, depth, combinations), 0)
    else if (Array.isArray(value)) combinations *= Math.max(value.length, 1) * depth
  }
  return combinations
}
