// Sends the calls of a plan as bare JSON, for no client sends all of them, and makes each answer a text that can be compared.
import { isDeepStrictEqual } from 'node:util'
import type { Answer } from '../run.ts'
import type { Input } from '../steps.ts'
import type { TableScenario } from './plan.ts'
import type { Schema } from './values.ts'

type Body = Readonly<Record<string, unknown>>

/** The answers, call by call, scenario by scenario. */
export async function runTables(endpoint: string, scenarios: readonly TableScenario[]): Promise<Answer[][]> {
  const answers: Answer[][] = []
  for (const { calls, schema, creation } of scenarios) {
    await make(endpoint, creation)
    const own: Answer[] = []
    for (const { step, input } of calls) {
      const isPaged = (step === 'Query' || step === 'Scan') && input.Limit !== undefined
      if (step === 'ParallelScan') own.push(await parallel(endpoint, input))
      else own.push(isPaged ? await pages(endpoint, step, input, schema) : await once(endpoint, step, input, schema))
    }
    answers.push(own)
  }
  return answers
}

async function make(endpoint: string, creation: Input): Promise<void> {
  await post(endpoint, 'CreateTable', creation)
  for (let tries = 0; tries < 200; tries++) {
    const { body } = await post(endpoint, 'DescribeTable', { TableName: creation.TableName })
    if (isDeepStrictEqual([...statuses(body.Table)], ['ACTIVE'])) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`${endpoint} does not make ${creation.TableName}.`)
}

/** Every status of a table and its indexes, once. */
function statuses(table: unknown): Set<unknown> {
  const { TableStatus, GlobalSecondaryIndexes = [] } = {
    ...(table as { TableStatus?: string; GlobalSecondaryIndexes?: { IndexStatus?: string }[] }),
  }
  return new Set([TableStatus, ...GlobalSecondaryIndexes.map(({ IndexStatus = 'ACTIVE' }) => IndexStatus)])
}

interface Reply {
  readonly status: number
  readonly body: Body
}

const SIGNED =
  'AWS4-HMAC-SHA256 Credential=goblet/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00'

async function post(endpoint: string, action: string, input: Input): Promise<Reply> {
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${action}`,
    authorization: SIGNED,
  }
  const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(input) })
  const text = await response.text()
  try {
    return { status: response.status, body: JSON.parse(text) }
  } catch {
    return { status: response.status, body: { __type: 'NoJson', message: text.slice(0, 100) } }
  }
}

async function once(endpoint: string, step: string, input: Input, schema: Schema): Promise<Answer> {
  const { status, body } = await post(endpoint, step, input)
  return status === 200 ? told(body, (rest) => toComparable(step, input, rest, schema)) : refusal(status, body)
}

/** What it cost stands apart, as there the emulators differ most. */
function told(
  { ConsumedCapacity: cost, ItemCollectionMetrics: metrics, ...rest }: Body,
  order: (rest: Body) => unknown,
): Answer {
  const parts = [`200 ${JSON.stringify(order(rest))}`]
  if (cost !== undefined) parts.push(`cost ${JSON.stringify(sorted(cost, 'ConsumedCapacity'))}`)
  if (metrics !== undefined) parts.push(`metrics ${JSON.stringify(sorted(metrics))}`)
  return parts.join(' ')
}

/** Its status, name, and of a transaction each action's code and item. The words are DynamoDB Local's own, not AWS's. */
function refusal(status: number, { __type, CancellationReasons: reasons }: Body): Answer {
  const name = String(__type).replace(/^.*#/, '')
  const codes = Array.isArray(reasons) ? ` ${JSON.stringify(sorted(reasons))}` : ''
  return `${status} ${name.replace(/Exception$/, '')}${codes}`
}

/** Follows the pages to the end. Of an index, and of a scan, only what all have together is promised. */
async function pages(endpoint: string, step: string, input: Input, schema: Schema): Promise<Answer> {
  const items: unknown[] = []
  const counts: string[] = []
  let [count, start] = [0, {}]
  for (let page = 0; page < 50; page++) {
    const { status, body } = await post(endpoint, step, { ...input, ...start })
    if (status !== 200) return refusal(status, body)
    items.push(...(Array.isArray(body.Items) ? body.Items : []))
    count += Number(body.Count)
    counts.push(
      step === 'Query' && input.IndexName === undefined ? `${body.Count}/${body.ScannedCount}` : `${body.ScannedCount}`,
    )
    if (body.LastEvaluatedKey === undefined) break
    start = { ExclusiveStartKey: body.LastEvaluatedKey }
  }
  const all = { Count: count, ...(items.length === 0 ? {} : { Items: items }) }
  return `200 ${counts.join(' ')} ${JSON.stringify(toComparable(step, input, all, schema))}`
}

/** Which segment has which item is not promised; that one has each is. */
async function parallel(endpoint: string, input: Input): Promise<Answer> {
  const items: string[] = []
  for (let Segment = 0; Segment < 3; Segment++) {
    const { status, body } = await post(endpoint, 'Scan', { ...input, Segment, TotalSegments: 3 })
    if (status !== 200) return refusal(status, body)
    items.push(...(Array.isArray(body.Items) ? body.Items : []).map((item) => JSON.stringify(sorted(item))))
  }
  return `200 ${JSON.stringify(items.sort())}`
}

/** The answer with everything in one order that has none. */
function toComparable(step: string, input: Input, body: Body, { key, indexes }: Schema): unknown {
  const all = sorted(body)
  if (typeof all !== 'object' || all === null) return all
  // Without its hash key a statement scans.
  const isScan = step === 'Scan' || (step === 'ExecuteStatement' && !/WHERE pk = /.test(String(input.Statement)))
  if (isScan) return { ...all, ...orderedBy(all, undefined) }
  if (step !== 'Query') return all
  const { sort } = typeof input.IndexName === 'string' ? (indexes[input.IndexName] ?? key) : key
  return { ...all, ...orderedBy(all, sort?.[0]) }
}

/** Items in their order by this attribute; those that have the same, and all without one, by their text. */
function orderedBy(body: object, name: string | undefined): object {
  if (!('Items' in body) || !Array.isArray(body.Items)) return {}
  const runs: { value: string; items: string[] }[] = []
  for (const item of body.Items) {
    const value = name === undefined ? '' : String(JSON.stringify(item[name]))
    const last = runs.at(-1)
    if (last !== undefined && last.value === value) last.items.push(JSON.stringify(item))
    else runs.push({ value, items: [JSON.stringify(item)] })
  }
  return { Items: runs.flatMap(({ items }) => items.sort()) }
}

const UNORDERED = new Set(['SS', 'NS', 'BS', 'ConsumedCapacity', 'AttributeDefinitions'])

/** Members by name, sets by their text, and the items of a batch too; errors without their words. */
function sorted(value: unknown, name = '', above = ''): unknown {
  if (Array.isArray(value)) {
    const list = value.map((one) => sorted(one, '', name))
    const isUnordered = UNORDERED.has(name) || above === 'Responses'
    return isUnordered ? list.sort((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1)) : list
  }
  if (typeof value !== 'object' || value === null) return value
  const isError = 'Code' in value && 'Message' in value
  const members = Object.entries(value).filter(([key]) => !(isError && key === 'Message'))
  const entries = members.map(([key, one]) => [key, sorted(one, key, name)] as const)
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)))
}
