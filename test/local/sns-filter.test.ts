// Filter policies: the recorded rows, and random policies against an evaluator that is slow and plain.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { compilePattern } from '../../src/aws/pattern.ts'
import { ServiceError } from '../../src/aws/protocol/service-error.ts'
import { checkFilter, wants } from '../../src/local/services/sns/filter.ts'
import { seeded } from '../support/random.ts'

interface Row {
  readonly id: string
  readonly service: string
  readonly given: { readonly FilterPolicyScope?: string; readonly FilterPolicy?: unknown }
  readonly when: {
    readonly FilterPolicy?: unknown
    readonly Message?: unknown
    readonly MessageAttributes?: Readonly<Record<string, { readonly Type: string; readonly Value: unknown }>>
  }
  readonly expect: { readonly delivered?: boolean; readonly messageContains?: string }
}

const { cases } = JSON.parse(readFileSync(new URL('../cases/sns-filters.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Row[]
}
const rows = cases.filter(({ service }) => service === 'sns.filter')

const checked = (policy: unknown, scope: string): string | undefined => {
  try {
    checkFilter(JSON.stringify(policy), scope, 'Attributes Reason: ')
  } catch (error) {
    assert.ok(error instanceof ServiceError, String(error))
    return error.message
  }
  return undefined
}

describe('recorded filter policies', () => {
  it('are 57', () => assert.equal(rows.length, 57))

  for (const { id, given, when, expect } of rows)
    if (expect.delivered === undefined)
      it(`${id}: ${expect.messageContains}`, () => {
        // Whatever its scope: what is wrong is wrong inside the policy.
        const message = checked(when.FilterPolicy, 'MessageBody') ?? ''
        assert.ok(message.startsWith(`Invalid parameter: Attributes Reason: ${expect.messageContains}`), message)
      })
    else
      it(`${id}: ${expect.delivered ? 'delivered' : 'kept back'}`, () => {
        const scope = given.FilterPolicyScope ?? 'MessageAttributes'
        assert.equal(checked(given.FilterPolicy, scope), undefined)
        const attributes = Object.entries(when.MessageAttributes ?? {}).map(
          ([name, { Type, Value }]) => [name, { DataType: Type, StringValue: String(Value) }] as const,
        )
        const message = { text: JSON.stringify(when.Message ?? 'text'), attributes: Object.fromEntries(attributes) }
        const subscription = { FilterPolicy: JSON.stringify(given.FilterPolicy), FilterPolicyScope: scope }
        assert.equal(wants(subscription, message), expect.delivered)
      })
})

describe('what the rows do not tell', () => {
  const nested = { a: { b: ['x'] } }

  it('refuses nested policies of attributes, with or without $or', () => {
    const words =
      'Invalid parameter: Attributes Reason: Filter policy scope MessageAttributes does not support nested filter policy'
    assert.equal(checked(nested, 'MessageAttributes'), words)
    assert.equal(checked({ $or: [{ a: ['x'] }, nested] }, 'MessageAttributes'), words)
    assert.equal(checked(nested, 'MessageBody'), undefined)
  })

  it('keeps back a body that is no JSON object', () => {
    const subscription = { FilterPolicy: '{"a":["b"]}', FilterPolicyScope: 'MessageBody' }
    for (const text of ['Regular string message', '"json string"', '["a"]', 'null', '{"a":"b"'])
      assert.equal(wants(subscription, { text, attributes: {} }), false, text)
    assert.equal(wants(subscription, { text: '{"a":"b"}', attributes: {} }), true)
  })

  it('lets everything through an empty policy', () => {
    assert.equal(wants({ FilterPolicy: '{}' }, { text: 'x', attributes: {} }), true)
  })

  it('does not see binary attributes', () => {
    const attributes = { a: { DataType: 'Binary', BinaryValue: 'eA==' } }
    assert.equal(wants({ FilterPolicy: '{"a":[{"exists":true}]}' }, { text: 'x', attributes }), false)
  })
})

type Fields = Readonly<Record<string, unknown>>

/** Every path of an event with the values there. Events of this test hold no arrays of objects. */
function flatten(event: Fields, path = '', into = new Map<string, unknown[]>()): Map<string, unknown[]> {
  for (const [name, value] of Object.entries(event)) {
    const at = path === '' ? name : `${path}.${name}`
    if (Array.isArray(value)) into.set(at, value)
    else if (typeof value === 'object' && value !== null) flatten({ ...value }, at, into)
    else into.set(at, [value])
  }
  return into
}

function naive(policy: Fields, event: Map<string, unknown[]>, path = ''): boolean {
  return Object.entries(policy).every(([name, value]) => {
    const at = path === '' ? name : `${path}.${name}`
    if (name === '$or') return (value as Fields[]).some((branch) => naive(branch, event, path))
    if (!Array.isArray(value)) return naive(value as Fields, event, at)
    const found = event.get(at) ?? []
    return value.some((condition) => naiveCondition(condition, found))
  })
}

function naiveCondition(condition: unknown, found: readonly unknown[]): boolean {
  if (typeof condition !== 'object' || condition === null) return found.includes(condition)
  const [[operator, operand] = ['', undefined]] = Object.entries(condition)
  if (operator === 'exists') return operand === found.length > 0
  return found.some((value) => {
    if (operator === 'anything-but') return !(Array.isArray(operand) ? operand : [operand]).includes(value)
    if (operator === 'numeric') return typeof value === 'number' && value > operand[1] && value <= operand[3]
    if (typeof value !== 'string') return false
    if (operator === 'prefix') return value.startsWith(operand)
    if (operator === 'suffix') return value.endsWith(operand)
    return value.toLowerCase() === operand.toLowerCase()
  })
}

describe('random filter policies', () => {
  it('agree with an evaluator that is slow and plain', () => {
    const { whole, pick } = seeded(11)
    const toText = (): string => Array.from({ length: whole(3) }, () => pick(['a', 'B', 'b'])).join('')
    const toLeaf = (): unknown => pick([toText(), toText(), whole(5), whole(2) === 0, null])
    const toCondition = (): unknown =>
      pick([
        toLeaf(),
        { prefix: toText() },
        { suffix: toText() },
        { 'equals-ignore-case': toText() },
        { 'anything-but': toText() },
        { 'anything-but': [whole(5), whole(5)] },
        { numeric: ['>', whole(3), '<=', 3 + whole(3)] },
        { exists: whole(2) === 0 },
      ])
    const toName = (): string => pick(['a', 'b', 'c'])
    const toPolicy = (depth: number): Fields => {
      const names = Array.from({ length: 1 + whole(2) }, toName)
      const fields = names.map((name) => {
        const isDeep = depth < 2 && whole(3) === 0
        return [name, isDeep ? toPolicy(depth + 1) : Array.from({ length: 1 + whole(2) }, toCondition)] as const
      })
      const choice = depth < 2 && whole(5) === 0 ? { $or: [toPolicy(depth + 1), toPolicy(depth + 1)] } : {}
      return { ...Object.fromEntries(fields), ...choice }
    }
    const toEvent = (depth: number): Fields =>
      Object.fromEntries(
        Array.from({ length: 1 + whole(3) }, () => {
          const roll = whole(4)
          const value = roll === 0 && depth < 2 ? toEvent(depth + 1) : roll === 1 ? [toLeaf(), toLeaf()] : toLeaf()
          return [toName(), value] as const
        }),
      )
    let matched = 0
    for (let round = 0; round < 20_000; round++) {
      const policy = toPolicy(0)
      const event = toEvent(0)
      const result = compilePattern(policy, 'events')(event)
      assert.equal(result, naive(policy, flatten(event)), JSON.stringify({ policy, event }))
      if (result) matched++
    }
    assert.ok(matched > 1000, String(matched))
  })
})
