// What is said of a pattern that cannot be compiled.

/** The message is AWS's reason alone: each service puts words of its own in front of it. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
}

export function fail(reason: string): never {
  throw new PatternError(reason)
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
