// IP addresses in patterns: CIDR blocks, and an address written in another way than the event writes it.
// Source: CIDR.java of aws/event-ruler; the words of the errors are its own.
import { isIPv4, isIPv6 } from 'node:net'
import { fail } from './error.ts'

interface Address {
  readonly bits: 32 | 128
  readonly number: bigint
}

/** Undefined for what is no IP address. */
export function readAddress(text: string): Address | undefined {
  // The longest is an IPv6 address that ends in an IPv4 one; a longer text need not be looked at.
  if (text.length > 45) return undefined
  if (isIPv4(text)) return { bits: 32, number: toNumber(text.split('.').map(Number), 8n) }
  if (!isIPv6(text) || text.includes('%')) return undefined
  return { bits: 128, number: toNumber(toGroups(text), 16n) }
}

/** Whether an address lies between the one before the slash and the end of its block. */
export function compileCidr(cidr: string): (value: string) => boolean {
  const [text, mask, ...rest] = cidr.split('/')
  if (text === undefined || mask === undefined || rest.length > 0) fail("Malformed CIDR, one '/' required")
  if (!/^[+-]?\d+$/.test(mask)) fail('Malformed CIDR, mask bits must be an integer')
  const bits = Number(mask)
  if (bits < 0) fail('Malformed CIDR, mask bits must not be negative')
  const first = readAddress(text) ?? fail(`Nonstandard IP address: ${text}`)
  if (bits >= first.bits) fail(`IPv${first.bits === 32 ? 4 : 6} mask bits must be < ${first.bits}`)
  const last = first.number | ((1n << BigInt(first.bits - bits)) - 1n)
  return (value) => {
    const address = readAddress(value)
    return address?.bits === first.bits && address.number >= first.number && address.number <= last
  }
}

const toNumber = (parts: readonly number[], width: bigint): bigint =>
  parts.reduce((number, part) => (number << width) | BigInt(part), 0n)

function toGroups(text: string): number[] {
  const [head = '', tail] = text.split('::')
  const before = readGroups(head)
  const after = readGroups(tail ?? '')
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after]
}

function readGroups(text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => {
    if (!group.includes('.')) return [Number.parseInt(group, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}
