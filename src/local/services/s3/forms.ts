// Reads a form (multipart/form-data, RFC 7578) as it comes in: its fields into memory, up to a limit, its file as a stream.
import type { Readable } from 'node:stream'
import { S3Error } from './errors.ts'

export interface FormFile {
  readonly name: string
  readonly bytes: AsyncIterable<Uint8Array>
}

export interface Form {
  /** By lower-case name, in their order; `name` as it was given. The first of a name holds. */
  readonly fields: ReadonlyMap<string, { readonly name: string; readonly value: string }>
  /** The fields after it are not read, as S3 does not. */
  readonly file: FormFile | undefined
  /** Reads what is left, so that the sender gets to read the answer. */
  finish(): Promise<void>
}

// docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html: without the file, a form has at most 20 kB.
const LARGEST_FIELDS = 20 * 1024
const LONGEST_BOUNDARY = 70
/** What is still read of a form that is refused. */
const LARGEST_REST = 64 * 1024 * 1024

const malformed = (): S3Error => new S3Error('MalformedPOSTRequest')

export async function readForm(body: Readable, contentType: string): Promise<Form> {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? []
  const boundary = quoted ?? bare ?? ''
  if (boundary === '' || boundary.length > LONGEST_BOUNDARY) throw malformed()
  const source = openSource(body)
  try {
    return await readParts(source, boundary)
  } catch (error) {
    await source.drain()
    throw error
  }
}

async function readParts(source: Source, boundary: string): Promise<Form> {
  const fields = new Map<string, { name: string; value: string }>()
  let left = LARGEST_FIELDS
  const take = async (mark: string): Promise<Buffer> => {
    const bytes = await source.until(Buffer.from(mark, 'latin1'), left)
    left -= bytes.length
    return bytes
  }
  await take(`--${boundary}`)
  for (;;) {
    // After a boundary: `--` ends the form, a new line begins a part.
    if ((await take('\r\n')).toString('latin1').startsWith('--'))
      return { fields, file: undefined, finish: source.drain }
    const head = await take('\r\n\r\n')
    const { name, filename } = readHead(head.toString('utf8'))
    const end = `\r\n--${boundary}`
    if (name.toLowerCase() === 'file') {
      const bytes = source.streamUntil(Buffer.from(end, 'latin1'))
      return { fields, file: { name: filename ?? '', bytes }, finish: source.drain }
    }
    const value = (await take(end)).toString('utf8')
    if (!fields.has(name.toLowerCase())) fields.set(name.toLowerCase(), { name, value })
  }
}

function readHead(head: string): { name: string; filename: string | undefined } {
  const line = head.split('\r\n').find((one) => /^content-disposition:/i.test(one)) ?? ''
  const name = /;\s*name="([^"]*)"/i.exec(line)?.[1] ?? /;\s*name=([^\s;"]+)/i.exec(line)?.[1]
  if (name === undefined || name === '') throw malformed()
  // Browsers write a quote in a file's name as %22, and some old ones send the whole path.
  const filename = /;\s*filename="([^"]*)"/i.exec(line)?.[1]?.replaceAll('%22', '"')
  return { name, filename: filename?.slice(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1) }
}

interface Source {
  /** The bytes before a mark, which is taken as well. */
  until(mark: Buffer, limit: number): Promise<Buffer>
  streamUntil(mark: Buffer): AsyncGenerator<Uint8Array>
  drain(): Promise<void>
}

function openSource(body: Readable): Source {
  const pieces: AsyncIterator<Uint8Array> = body[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  const more = async (): Promise<void> => {
    const { value, done } = await pieces.next().catch(() => {
      throw new S3Error('IncompleteBody')
    })
    if (done === true) throw malformed()
    held = held.length === 0 ? Buffer.from(value) : Buffer.concat([held, value])
  }
  return {
    until: async (mark, limit) => {
      for (;;) {
        const at = held.indexOf(mark)
        if ((at < 0 ? held.length - mark.length : at) > limit)
          throw new S3Error('MaxPostPreDataLengthExceededError', { MaxPostPreDataLengthBytes: LARGEST_FIELDS })
        if (at < 0) {
          await more()
          continue
        }
        const bytes = held.subarray(0, at)
        held = held.subarray(at + mark.length)
        return bytes
      }
    },
    async *streamUntil(mark) {
      for (;;) {
        const at = held.indexOf(mark)
        // The mark may have begun at the end of what is here.
        const sure = at < 0 ? Math.max(held.length - mark.length + 1, 0) : at
        const bytes = held.subarray(0, sure)
        held = held.subarray(at < 0 ? sure : sure + mark.length)
        if (bytes.length > 0) yield bytes
        if (at >= 0) return
        await more()
      }
    },
    drain: async () => {
      let read = 0
      for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) {
        read += next.value.length
        if (read > LARGEST_REST) return void (await pieces.return?.())
      }
    },
  }
}
