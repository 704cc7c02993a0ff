// Many messages in few calls: ten at a time, or as many as the service takes in bytes.

const BATCH = 10

/** What is put in the same call; ids are places in the whole list. */
export interface Batched<Entry> {
  readonly id: string
  readonly entry: Entry
}

/** Splits entries into batches of at most `most` bytes and `count` entries. One that is larger by itself is for the service to refuse. */
export function toBatches<Entry>(
  entries: readonly Entry[],
  most: number,
  sizeOf: (entry: Entry) => number,
  count = BATCH,
): Batched<Entry>[][] {
  const batches: Batched<Entry>[][] = []
  let batch: Batched<Entry>[] = []
  let bytes = 0
  entries.forEach((entry, index) => {
    const size = sizeOf(entry)
    if (batch.length === count || (batch.length > 0 && bytes + size > most)) {
      batches.push(batch)
      batch = []
      bytes = 0
    }
    batch.push({ id: String(index), entry })
    bytes += size
  })
  if (batch.length > 0) batches.push(batch)
  return batches
}

/** What the refused ones of a whole list are told as. */
export function refusal(refused: readonly string[], all: number): Error {
  return new Error(`${refused.length} of ${all} messages were refused: ${refused.join('; ')}`)
}
