// Standard Schema validators for tests, made from one function: a value, or a text that says what is wrong.
import type { Schema } from '../../src/index.ts'

interface Made<Value> {
  readonly schema: Schema<Value>
  /** The same, answering later. */
  readonly later: Schema<Value>
  /** Of an object that holds it under this name. */
  within<Name extends string>(name: Name): Schema<{ [key in Name]: Value }>
}

export function toSchema<Value>(check: (value: unknown) => Value | string): Made<Exclude<Value, string>> {
  type Good = Exclude<Value, string>
  const isGood = (checked: Value | string): checked is Good => typeof checked !== 'string'
  const validate = (value: unknown) => {
    const checked = check(value)
    return isGood(checked) ? { value: checked } : { issues: [{ message: String(checked) }] }
  }
  const within = <Name extends string>(name: Name) => {
    const inner = (value: unknown) => {
      const checked = check(typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined)
      if (!isGood(checked)) return { issues: [{ message: String(checked), path: [{ key: name }] }] }
      return { value: { [name]: checked } as { [key in Name]: Good } }
    }
    return { '~standard': { version: 1, vendor: 'test', validate: inner } } as const
  }
  return {
    schema: { '~standard': { version: 1, vendor: 'test', validate } },
    later: { '~standard': { version: 1, vendor: 'test', validate: async (value) => validate(value) } },
    within,
  }
}
