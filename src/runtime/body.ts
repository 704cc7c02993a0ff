// What a body is by its content type: the media type, its charset, and whether a route accepts it.
import { UnsupportedMediaTypeError } from './http-error.ts'

export interface MediaType {
  /** Lower case, without parameters: `application/json`; empty when none was sent. */
  readonly name: string
  readonly parameters: Readonly<Record<string, string | undefined>>
}

const PARAMETER = /[ \t]*;[ \t]*([!#$%&'*+.^_`|~0-9a-z-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/giy

/** Reads a `Content-Type`. What is malformed in its parameters is left out. */
export function toMediaType(header: string | undefined): MediaType {
  const text = header ?? ''
  const semicolon = text.indexOf(';')
  const name = (semicolon < 0 ? text : text.slice(0, semicolon)).trim().toLowerCase()
  const parameters: Record<string, string | undefined> = Object.create(null)
  if (semicolon < 0) return { name, parameters }
  for (const [, key = '', quoted, token] of text.slice(semicolon).matchAll(PARAMETER))
    parameters[key.toLowerCase()] ??= quoted?.replace(/\\(.)/g, '$1') ?? token
  return { name, parameters }
}

/** `application/json` and every `application/…+json`. */
export const isJson = (name: string): boolean => name === 'application/json' || /^[^/]+\/[^/]+\+json$/.test(name)

const TEXTUAL =
  /^(?:text\/.*|(?:application|image)\/.*\+(?:json|xml)|application\/(?:json|xml|javascript|x-ndjson|graphql))$/

/** Types whose bytes are text. */
export const isTextual = (name: string): boolean => TEXTUAL.test(name)

/** Text from bytes in the charset that the client names; UTF-8 where it names none. */
export function toText(bytes: Uint8Array, charset: string | undefined): string {
  if (charset === undefined || /^utf-?8$/i.test(charset))
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return toDecoder(charset).decode(bytes)
}

function toDecoder(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset)
  } catch {
    throw new UnsupportedMediaTypeError(`Unsupported charset: ${charset}`)
  }
}

/** A check that refuses other content types with 415. Patterns: a type, `image/*`, `application/*+json`, or any. */
export function toTypeCheck(accepted: readonly string[]): (header: string | undefined) => void {
  const names = new Set(accepted.map((type) => type.toLowerCase()))
  const patterns = [...names].filter((type) => type.includes('*')).map(toPattern)
  return (header) => {
    // A client that sends no type gets the benefit of the doubt: it is what the route expects, and is checked as that.
    if (header === undefined || header.trim() === '') return
    const { name } = toMediaType(header)
    if (!names.has(name) && !patterns.some((pattern) => pattern.test(name)))
      throw new UnsupportedMediaTypeError(`Unsupported media type: ${header}`)
  }
}

const toPattern = (type: string): RegExp =>
  new RegExp(
    `^${type
      .split('*')
      .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
      .join('[^/]+')}$`,
  )
