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

// A watcher of a large project must not keep every file that it ever saw.
const MOST = 2000

/** A file's code. The same object for as long as its text stays. Undefined where there is no such file. */
export function readCode(file: string): Code | undefined {
  const text = readText(file)
  if (text === undefined) return undefined
  const known = parsed.get(file)
  if (known?.text === text) return known.code
  const code = parse(file, text)
  if (parsed.size >= MOST) parsed.clear()
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
  const { program } = parseSync(file, text, optionsOf(file))
  return bind(file, text, program, isTypeScript)
}

function optionsOf(file: string): ParserOptions {
  const rest = { preserveParens: false } as const
  if (file.endsWith('.tsx')) return { ...rest, lang: 'tsx', sourceType: 'module' }
  if (/\.[mc]?jsx?$/.test(file)) return { ...rest, lang: 'jsx', sourceType: 'unambiguous' }
  return { ...rest, lang: 'ts', sourceType: file.endsWith('.cts') ? 'unambiguous' : 'module' }
}
