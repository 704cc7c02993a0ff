// Parses the user's files and binds their names, once per content.
import { readFileSync } from 'node:fs'
import { type ParserOptions, parseSync } from 'oxc-parser'
import { bind } from './bind.ts'
import type { Code } from './scope.ts'

interface Parsed {
  readonly text: string
  readonly code: Code
}

const parsed = new Map<string, Parsed>()
let held = 0

// Characters of all that is kept: a tree takes some sixty times as many bytes.
const MOST = 3_000_000

/** A file's code. The same object for as long as its text stays. Undefined where there is no such file. */
export function readCode(file: string): Code | undefined {
  // What is no code, such as a query or a picture, is data that nobody looks into.
  const text = /\.[mc]?[jt]sx?$/.test(file) ? readText(file) : undefined
  if (text === undefined) return undefined
  const known = parsed.get(file)
  if (known?.text === text) return known.code
  const code = parse(file, text)
  held += text.length - (known?.text.length ?? 0)
  if (held > MOST) {
    parsed.clear()
    held = text.length
  }
  parsed.set(file, { text, code })
  return code
}

export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function parse(file: string, text: string): Code {
  const isTypeScript = /\.[mc]?tsx?$/.test(file)
  const { program, errors } = parseSync(file, text, optionsOf(file))
  const isBroken = errors.length > 0 && program.body.length === 0
  try {
    return { ...bind(file, text, program, isTypeScript), isBroken }
  } catch (error) {
    // It is nested deeper than the stack.
    if (!(error instanceof RangeError)) throw error
    return { ...bind(file, text, { ...program, body: [] }, isTypeScript), isBroken: true }
  }
}

function optionsOf(file: string): ParserOptions {
  const rest = { preserveParens: false } as const
  if (file.endsWith('.tsx')) return { ...rest, lang: 'tsx', sourceType: 'module' }
  if (/\.[mc]?jsx?$/.test(file)) return { ...rest, lang: 'jsx', sourceType: 'unambiguous' }
  return { ...rest, lang: 'ts', sourceType: file.endsWith('.cts') ? 'unambiguous' : 'module' }
}
