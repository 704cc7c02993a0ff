// The checksums S3 knows: docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html.
import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number]

/** A checksum being computed; `value` is base64, as the headers carry it. */
export interface RunningChecksum {
  update(data: Uint8Array): void
  value(): string
}

/** The header that carries a checksum. */
export const checksumHeader = (algorithm: ChecksumAlgorithm): string => HEADERS[algorithm]

const HEADERS = {
  CRC32: 'x-amz-checksum-crc32',
  CRC32C: 'x-amz-checksum-crc32c',
  CRC64NVME: 'x-amz-checksum-crc64nvme',
  SHA1: 'x-amz-checksum-sha1',
  SHA256: 'x-amz-checksum-sha256',
} satisfies Record<ChecksumAlgorithm, string>

export function toAlgorithm(text: string): ChecksumAlgorithm | undefined {
  const upper = text.toUpperCase()
  return CHECKSUM_ALGORITHMS.find((one) => one === upper)
}

export function startChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  return STARTERS[algorithm]()
}

const STARTERS = {
  CRC32: () => {
    let value = 0
    return {
      update: (data) => {
        value = crc32(data, value)
      },
      value: () => toBase64([value]),
    }
  },
  CRC32C: () => {
    let value = 0xffffffff
    return {
      update: (data) => {
        const table = crc32cTable()
        for (const byte of data) value = (table[(value ^ byte) & 0xff] ?? 0) ^ (value >>> 8)
      },
      value: () => toBase64([~value >>> 0]),
    }
  },
  CRC64NVME: startCrc64,
  SHA1: () => hashing('sha1'),
  SHA256: () => hashing('sha256'),
} satisfies Record<ChecksumAlgorithm, () => RunningChecksum>

function hashing(name: string): RunningChecksum {
  const hash = createHash(name)
  return { update: (data) => void hash.update(data), value: () => hash.digest('base64') }
}

// Two 32-bit halves, because a BigInt for every byte is fifty times slower.
function startCrc64(): RunningChecksum {
  let high = 0xffffffff
  let low = 0xffffffff
  return {
    update: (data) => {
      const [highs, lows] = crc64Tables()
      for (const byte of data) {
        const index = (low ^ byte) & 0xff
        low = ((low >>> 8) | (high << 24)) ^ (lows[index] ?? 0)
        high = (high >>> 8) ^ (highs[index] ?? 0)
      }
    },
    value: () => toBase64([~high >>> 0, ~low >>> 0]),
  }
}

function toBase64(words: readonly number[]): string {
  const bytes = Buffer.alloc(words.length * 4)
  for (const [index, word] of words.entries()) bytes.writeUInt32BE(word >>> 0, index * 4)
  return bytes.toString('base64')
}

let crc32c: Uint32Array | undefined
function crc32cTable(): Uint32Array {
  crc32c ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
    return value >>> 0
  })
  return crc32c
}

// CRC-64/NVME: polynomial 0xad93d23594c93659, reflected below.
let crc64: [Uint32Array, Uint32Array] | undefined
function crc64Tables(): [Uint32Array, Uint32Array] {
  if (crc64 !== undefined) return crc64
  const highs = new Uint32Array(256)
  const lows = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte++) {
    let value = BigInt(byte)
    for (let bit = 0; bit < 8; bit++) value = value & 1n ? (value >> 1n) ^ 0x9a6c9329ac4bc9b5n : value >> 1n
    highs[byte] = Number(value >> 32n)
    lows[byte] = Number(value & 0xffffffffn)
  }
  crc64 = [highs, lows]
  return crc64
}
