// Filter policies: what a subscription wants of what is published.
import { compilePattern, type Matcher, PatternError } from '../../../aws/pattern.ts'
import type { Attributes } from './message.ts'
import { invalidParameter } from './problems.ts'

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

// Compiling costs more than matching; policies are few.
const MOST_KEPT = 1000
const compiled = new Map<string, Matcher>()

function compile(text: string): Matcher {
  const known = compiled.get(text)
  if (known !== undefined) return known
  const policy: unknown = JSON.parse(text)
  // Recorded: an empty policy lets everything through.
  const matcher = isFields(policy) && Object.keys(policy).length === 0 ? () => true : compilePattern(policy, 'sns')
  if (compiled.size >= MOST_KEPT) compiled.clear()
  compiled.set(text, matcher)
  return matcher
}

/** Refuses a policy that AWS refuses. `reason` comes before what is wrong. */
export function checkFilter(text: string, scope: string, reason: string): void {
  let policy: unknown
  try {
    policy = JSON.parse(text === '' ? '{}' : text)
  } catch {
    throw invalidParameter(`${reason}FilterPolicy: failed to parse JSON.`)
  }
  try {
    if (text !== '') compile(text)
  } catch (problem) {
    if (!(problem instanceof PatternError)) throw problem
    throw invalidParameter(`${reason}FilterPolicy: ${problem.message}`)
  }
  // Recorded, without the words "FilterPolicy:".
  if (scope === 'MessageAttributes' && isFields(policy) && isNested(policy))
    throw invalidParameter(`${reason}Filter policy scope MessageAttributes does not support nested filter policy`)
}

function isNested(policy: Fields): boolean {
  return Object.entries(policy).some(([name, value]) =>
    name === '$or' && Array.isArray(value)
      ? value.some((branch) => isFields(branch) && isNested(branch))
      : isFields(value),
  )
}

/** Whether a subscription with these attributes wants a message. */
export function wants(
  subscription: Readonly<Record<string, string>>,
  message: { readonly text: string; readonly attributes: Attributes },
): boolean {
  const policy = subscription.FilterPolicy
  if (policy === undefined || policy === '') return true
  const matches = compile(policy)
  if (subscription.FilterPolicyScope !== 'MessageBody') return matches(toEvent(message.attributes))
  try {
    const body: unknown = JSON.parse(message.text)
    // Recorded: a body that is no JSON object is not delivered.
    return isFields(body) && matches(body)
  } catch {
    return false
  }
}

/** Message attributes as an event. Binary ones count as not there. Source: "Amazon SNS subscription filter policies". */
export function toEvent(attributes: Attributes): Fields {
  const event: Record<string, unknown> = Object.create(null)
  for (const [name, { DataType, StringValue = '' }] of Object.entries(attributes)) {
    if (DataType === 'String.Array') event[name] = toList(StringValue)
    else if (DataType.startsWith('Number')) event[name] = Number(StringValue)
    else if (DataType.startsWith('String')) event[name] = StringValue
  }
  return event
}

function toList(text: string): unknown {
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? list : undefined
  } catch {
    return undefined
  }
}
