// Many calls at once, but never more than AWS takes without throttling.

/** What `work` makes of each, in their order; at most `limit` at a time. The first failure starts no further ones. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let next = 0
  let isOver = false
  const worker = async () => {
    for (;;) {
      const index = next++
      const item = items[index]
      if (item === undefined || isOver) return
      try {
        results[index] = await work(item)
      } catch (error) {
        isOver = true
        throw error
      }
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, worker))
  const failed = ended.find((one) => one.status === 'rejected')
  if (failed !== undefined) throw failed.reason
  return results
}
