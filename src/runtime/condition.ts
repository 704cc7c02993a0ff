// Conditions and filters of tables, from plain objects to DynamoDB's expressions.
import type { TableItem, TableValue } from '../aws/events/table.ts'
import { toAttribute } from './items.ts'

/** Names and values of expressions; those of one request share a bag. */
export class Expression {
  readonly #names = new Map<string, string>()
  readonly #values: Record<string, TableValue> = {}
  #count = 0

  /** A path, `address.city`, with a placeholder for every step: names may be reserved words. */
  path(path: string): string {
    return path
      .split('.')
      .map((step) => {
        const known = this.#names.get(step) ?? `#${this.#names.size}`
        this.#names.set(step, known)
        return known
      })
      .join('.')
  }

  value(value: unknown, path: string): string {
    const name = `:${this.#count++}`
    this.#values[name] = toAttribute(value, path)
    return name
  }

  /** What a request says beside its expressions; DynamoDB refuses empty maps. */
  fields(): { ExpressionAttributeNames?: Record<string, string>; ExpressionAttributeValues?: TableItem } {
    const names = [...this.#names].map(([name, placeholder]) => [placeholder, name] as const)
    return {
      ...(names.length === 0 ? {} : { ExpressionAttributeNames: Object.fromEntries(names) }),
      ...(this.#count === 0 ? {} : { ExpressionAttributeValues: this.#values }),
    }
  }
}

type Test = (path: string, operand: unknown, bag: Expression) => string

const compared =
  (sign: string): Test =>
  (path, operand, bag) =>
    `${bag.path(path)} ${sign} ${bag.value(operand, path)}`

const called =
  (name: string): Test =>
  (path, operand, bag) =>
    `${name}(${bag.path(path)}, ${bag.value(operand, path)})`

const TESTS: Readonly<Record<string, Test>> = {
  equals: compared('='),
  not: compared('<>'),
  after: compared('>'),
  from: compared('>='),
  before: compared('<'),
  to: compared('<='),
  beginsWith: called('begins_with'),
  contains: called('contains'),
  in: (path, operand, bag) => {
    const all = Array.isArray(operand) ? operand : [operand]
    return `${bag.path(path)} IN (${all.map((one) => bag.value(one, path)).join(', ')})`
  },
  exists: (path, operand, bag) => `attribute_${operand === false ? 'not_' : ''}exists(${bag.path(path)})`,
}

const isTests = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype

/** What must hold of one attribute: a value that it equals, or tests that it passes all. */
function testsOf(path: string, asked: unknown, bag: Expression): string[] {
  if (!isTests(asked)) return [compared('=')(path, asked, bag)]
  return Object.entries(asked).flatMap(([name, operand]) => {
    if (operand === undefined) return []
    const test = Object.hasOwn(TESTS, name) ? TESTS[name] : undefined
    if (test !== undefined) return [test(path, operand, bag)]
    throw new TypeError(
      `The condition of ${path} has no test \`${name}\`: there are ${Object.keys(TESTS).join(', ')}. To compare with an object, write { equals: … }.`,
    )
  })
}

/** A condition as an expression: all attributes of an object, any of several objects. Empty where nothing is asked. */
export function toCondition(asked: unknown, bag: Expression): string {
  const all: readonly unknown[] = Array.isArray(asked) ? asked : [asked]
  const parts = all.flatMap((one) => {
    const tests = Object.entries(one ?? {}).flatMap(([path, value]) =>
      value === undefined ? [] : testsOf(path, value, bag),
    )
    return tests.length === 0 ? [] : [tests.join(' AND ')]
  })
  return parts.length === 1 ? (parts[0] ?? '') : parts.map((part) => `(${part})`).join(' OR ')
}

/** A query's key: the partition key's value, and what the sort key must be. */
export function toKeyCondition(asked: Readonly<Record<string, unknown>>, partition: string, bag: Expression): string {
  const { [partition]: value, ...rest } = asked
  if (value === undefined) throw new TypeError(`A query names the value of the partition key ${partition}.`)
  const parts = [compared('=')(partition, value, bag)]
  for (const [path, test] of Object.entries(rest)) {
    if (test === undefined) continue
    // DynamoDB takes one condition on the sort key, of which BETWEEN is the only one with two ends.
    if (isTests(test) && test.from !== undefined && test.to !== undefined)
      parts.push(`${bag.path(path)} BETWEEN ${bag.value(test.from, path)} AND ${bag.value(test.to, path)}`)
    else parts.push(...testsOf(path, test, bag))
  }
  return parts.join(' AND ')
}
