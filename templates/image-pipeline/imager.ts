// Fetches photographs and makes them small.
import sharp from 'sharp'

/** The longest side of what is kept, in pixels. */
const LONGEST = 800

/** The bytes at a URL. Throws when there are none, or more than `megabytes`: counted while they come, so none can fill the memory. */
export async function download(url: string, { megabytes }: { megabytes: number }): Promise<Uint8Array> {
  const answer = await fetch(url).catch((error: unknown) => {
    throw new Error(`${url} cannot be reached`, { cause: error })
  })
  if (!answer.ok || answer.body === null) throw new Error(`${url} answered ${answer.status}`)
  const limit = megabytes * 1024 * 1024
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body) {
    size += chunk.byteLength
    if (size > limit) throw new Error(`${url} is larger than ${megabytes} MB`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The same picture as WebP, upright and at most 800 pixels wide and high. */
export async function compress(original: Uint8Array): Promise<Uint8Array> {
  const box = { width: LONGEST, height: LONGEST, fit: 'inside', withoutEnlargement: true } as const
  return sharp(original).rotate().resize(box).webp({ quality: 80 }).toBuffer()
}
