// What keeps a function warm: an event of a rule of its own, answered before anything of the user's is asked.

/** What Lambda calls, whatever its form. */
type Handler = (...given: unknown[]) => unknown

/** The handler, which is not asked when the rule only wakes it. Only build's generated entries call this. */
export function warmed(handler: Handler): Handler {
  const around: Handler = (event, ...rest) => {
    if ((event as { 'goblet.warm'?: unknown } | null)?.['goblet.warm'] !== true) return handler(event, ...rest)
    // Of a function that streams, the second one is the answer.
    const [answer] = rest as [{ end?: () => void }?]
    if (typeof answer?.end === 'function') answer.end()
    // A promise: without one, Lambda up to Node.js 22 waits for a callback.
    return Promise.resolve()
  }
  // Lambda knows by a mark on it that a handler streams.
  for (const mark of Object.getOwnPropertySymbols(handler))
    Object.defineProperty(around, mark, { value: Reflect.get(handler, mark) })
  return around
}
