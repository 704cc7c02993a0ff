// The hashes under the signatures S3 checks.
import { createHash, createHmac } from 'node:crypto'
import type { Digest } from '../../../aws/signer.ts'

// A signing key is four HMACs long and good for a day: kept, it halves what a signature costs. What is hashed on the way
// to it is short (a day, a region, a service), what is signed with it is not.
const LONGEST_KEPT = 32
const MOST_KEPT = 100
const fromSecret = new Map<string, Buffer>()
let fromKey = new WeakMap<object, Map<string, Buffer>>()

export const digest: Digest = {
  sha256: (data) => createHash('sha256').update(data).digest('hex'),
  hmac: (key, data) => {
    if (data.length > LONGEST_KEPT) return createHmac('sha256', key).update(data).digest()
    const kept = typeof key === 'string' ? fromSecret : keptOf(key)
    const name = typeof key === 'string' ? `${key} ${data}` : data
    const found = kept.get(name)
    if (found !== undefined) return found
    if (kept.size >= MOST_KEPT) forget(kept)
    const made = createHmac('sha256', key).update(data).digest()
    kept.set(name, made)
    return made
  },
}

function keptOf(key: object): Map<string, Buffer> {
  const found = fromKey.get(key)
  if (found !== undefined) return found
  const made = new Map<string, Buffer>()
  fromKey.set(key, made)
  return made
}

function forget(kept: Map<string, Buffer>): void {
  kept.clear()
  fromKey = new WeakMap()
}
