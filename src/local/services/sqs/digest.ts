// The MD5 digests a client checks its messages with.
// Source: SQS Developer Guide, "Calculating the MD5 message digest for message attributes".
import { createHash, hash } from 'node:crypto'
import type { Attribute } from './message.ts'

export const md5 = (text: string): string => hash('md5', text)

/** Attributes sorted by name; each is name, type, one byte (1 text, 2 binary) and value, all but the byte after its length. */
export function md5OfAttributes(attributes: readonly Attribute[]): string {
  const hash = createHash('md5')
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(bytes.length)
    hash.update(length).update(bytes)
  }
  const sorted = [...attributes].sort((left, right) => Buffer.compare(Buffer.from(left.name), Buffer.from(right.name)))
  for (const { name, type, text, binary } of sorted) {
    add(Buffer.from(name))
    add(Buffer.from(type))
    hash.update(Buffer.of(binary === undefined ? 1 : 2))
    add(binary === undefined ? Buffer.from(text ?? '') : Buffer.from(binary, 'base64'))
  }
  return hash.digest('hex')
}
