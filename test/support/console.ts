// What code under test writes to the console, kept from the test's own output.
import { inspect } from 'node:util'

export interface Heard extends Disposable {
  /** Everything written since, as text. */
  readonly text: string
}

/** Listens to console.error until it is disposed. */
export function hearErrors(): Heard {
  const before = console.error
  const lines: string[] = []
  console.error = (...values: unknown[]) => {
    lines.push(values.map((value) => (typeof value === 'string' ? value : inspect(value))).join(' '))
  }
  return {
    get text() {
      return lines.join('\n')
    },
    [Symbol.dispose]: () => {
      console.error = before
    },
  }
}
