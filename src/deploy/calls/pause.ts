// Waits between two looks at AWS; somebody who stops the command is not kept waiting for the next one.

/** Throws what `stopped` makes when the signal comes. */
export async function pause(
  milliseconds: number,
  signal: AbortSignal | undefined,
  stopped: () => Error,
): Promise<void> {
  if (signal?.aborted) throw stopped()
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(stopped())
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
