// The user's own files as they were read last: parsed once per content, and the list of what to watch.
import { readFile } from 'node:fs/promises'
import type { Frame } from './reader.ts'
import type { Source } from './syntax.ts'
import type { Span } from './tree.ts'

export interface Sources {
  /** Reads a file from disk, parsing it only when its content is new. */
  load(file: string): Promise<Source>
  /** A file as it was loaded last. */
  get(file: string): Source | undefined
  /** Notes a file that is the user's own but no code. */
  note(file: string): void
  files(): readonly string[]
}

export function openSources(): Sources {
  const sources = new Map<string, Source>()
  const others = new Set<string>()
  // The parser takes longest to load of all that a build needs; it does so while esbuild starts.
  const syntax = import('./syntax.ts')
  return {
    load: async (file) => {
      const text = await readFile(file, 'utf8')
      const known = sources.get(file)
      if (known?.text === text) return known
      const { readSource } = await syntax
      const source = readSource(file, text)
      sources.set(file, source)
      return source
    },
    get: (file) => sources.get(file),
    note: (file) => {
      others.add(file)
    },
    files: () => [...new Set([...sources.keys(), ...others])].sort(),
  }
}

/** The place of an offset. */
export function toPosition(text: string, offset: number): Frame {
  const before = text.lastIndexOf('\n', offset - 1)
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return [line, offset - before]
}

/** The offset of a place. */
export function toOffset(text: string, [line, column]: Frame): number {
  let start = 0
  for (let count = 1; count < line; count++) {
    const next = text.indexOf('\n', start)
    if (next < 0) return text.length
    start = next + 1
  }
  return start + column - 1
}

export const holds = ({ start, end }: Span, offset: number): boolean => start <= offset && offset < end

/** Whether a file exports a name of its own, under whatever name. */
export function isExported(source: Source | undefined, name: string): boolean {
  const entries = source?.module.staticExports.flatMap((one) => one.entries) ?? []
  return entries.some((one) => one.localName.name === name && one.moduleRequest === null && !one.isType)
}
