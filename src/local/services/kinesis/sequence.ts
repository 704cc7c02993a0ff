// Sequence numbers: what a shard was made with, which record of the stream it is, when it came, and the shard, in one number.
// Source: numbers that AWS gave out, as kinesalite takes them apart.
export interface Sequence {
  /** Seconds since 1970 at which the shard was made. */
  readonly created: number
  /** Counts the records of the whole stream. */
  readonly count: bigint
  /** Seconds since 1970. */
  readonly time: number
  readonly shard: number
}

/** The count that ends every shard. */
export const LAST = 0x7fff_ffff_ffff_ffffn

const hex = (value: number | bigint, digits: number): string => value.toString(16).padStart(digits, '0')

export function toSequence({ created, count, time, shard }: Sequence): string {
  const digits = `2${hex(created, 9)}${hex(shard & 15, 1)}${hex(count, 16)}00${hex(time, 9)}${hex(shard, 8)}2`
  return BigInt(`0x${digits}`).toString()
}

/** Undefined where it can never have been given out. */
export function readSequence(text: string): Sequence | undefined {
  const digits = BigInt(text).toString(16)
  if (digits.length !== 47 || !digits.startsWith('2') || !digits.endsWith('2')) return undefined
  const count = BigInt(`0x${digits.slice(11, 27)}`)
  const shard = Number.parseInt(digits.slice(38, 46), 16)
  if (count > LAST || shard > 0x7fff_ffff) return undefined
  return {
    created: Number.parseInt(digits.slice(1, 10), 16),
    count,
    time: Number.parseInt(digits.slice(29, 38), 16),
    shard,
  }
}
