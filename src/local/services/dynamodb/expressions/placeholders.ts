// The `#names` and `:values` of a request: read, looked up, and every one of them used.
import { invalid } from '../problems.ts'
import type { AttributeValue } from '../values.ts'
import { ExpressionProblem } from './problem.ts'
import type { Path, Step } from './tree.ts'

/** A path with its placeholders resolved: names of attributes, indexes of lists. */
export type Place = readonly (string | number)[]

export class Placeholders {
  readonly #names: ReadonlyMap<string, string>
  readonly #values: ReadonlyMap<string, AttributeValue>
  readonly #unused = new Set<string>()

  constructor(names: ReadonlyMap<string, string>, values: ReadonlyMap<string, AttributeValue>) {
    this.#names = names
    this.#values = values
    for (const name of names.keys()) this.#unused.add(name)
    for (const name of values.keys()) this.#unused.add(name)
  }

  /** Where a path leads. Counts its placeholders as used. */
  place({ steps }: Path): Place {
    return steps.map((step) => this.#resolve(step))
  }

  #resolve(step: Step): string | number {
    if ('index' in step) return step.index
    if ('name' in step) return step.name
    const name = this.#names.get(step.placeholder)
    if (name === undefined)
      throw new ExpressionProblem(
        `An expression attribute name used in the document path is not defined; attribute name: ${step.placeholder}`,
      )
    this.#unused.delete(step.placeholder)
    return name
  }

  value(name: string): AttributeValue {
    const value = this.#values.get(name)
    if (value === undefined)
      throw new ExpressionProblem(
        `An expression attribute value used in expression is not defined; attribute value: ${name}`,
      )
    this.#unused.delete(name)
    return value
  }

  checkAllUsed(): void {
    if (this.#unused.size === 0) return
    this.#refuseUnused('Names', '#', this.#names)
    this.#refuseUnused('Values', ':', this.#values)
  }

  #refuseUnused(kind: string, sign: string, given: ReadonlyMap<string, unknown>): void {
    const unused = [...this.#unused].filter((name) => name.startsWith(sign))
    if (unused.length === 0) return
    const keys = inJavaOrder(unused, given.size).join(', ')
    throw invalid(`Value provided in ExpressionAttribute${kind} unused in expressions: keys: {${keys}}`)
  }
}

/** Lists keys as a Java HashSet made of `total` keys does: AWS prints them so. */
export function inJavaOrder(keys: readonly string[], total: number): string[] {
  let slots = 16
  while (slots * 0.75 < total) slots *= 2
  const slotOf = (key: string): number => {
    let code = 0
    for (let at = 0; at < key.length; at++) code = (Math.imul(31, code) + key.charCodeAt(at)) | 0
    return (code ^ (code >>> 16)) & (slots - 1)
  }
  return [...keys].sort((left, right) => slotOf(left) - slotOf(right))
}

/** A place as AWS writes it: `[a, [1], b]`. */
export const placeText = (place: Place): string =>
  `[${place.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`
