// Several things that one event brings: every one is tried, then all that failed is told at once.

/** Hands over one after the other. Throws what was thrown; of several an AggregateError whose message names them all. */
export async function each<One>(all: readonly One[], handle: (one: One) => unknown): Promise<void> {
  const errors: unknown[] = []
  for (const one of all) {
    try {
      await handle(one)
    } catch (error) {
      errors.push(error)
    }
  }
  if (errors.length > 1)
    throw new AggregateError(errors, `${errors.length} of ${all.length} failed: ${errors.join('; ')}`)
  if (errors.length === 1) throw errors[0]
}
