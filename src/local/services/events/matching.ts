// Which rules and archives of a bus want an event: their patterns, compiled once and kept until one of them changes.
import { compilePattern, type Matcher, PatternError } from '../../../aws/pattern.ts'
import { isObject } from '../../../aws/protocol/json.ts'
import type { Reader, Writer } from '../../store.ts'
import { type Archive, archivesOf } from './archive.ts'
import { syntaxProblem } from './pattern-syntax.ts'
import { badPattern } from './problems.ts'
import { type Room, type Rule, rulesOf } from './state.ts'

export interface Compiled {
  readonly rules: readonly { readonly rule: Rule; readonly matches: Matcher }[]
  readonly archives: readonly { readonly archive: Archive; readonly matches: Matcher }[]
}

/** Compiles a pattern as text. Throws InvalidEventPatternException. */
export function readPattern(text: string): Matcher {
  try {
    return compilePattern(parsed(text), 'events')
  } catch (error) {
    if (error instanceof PatternError) throw badPattern(error.message)
    throw error
  }
}

function parsed(text: string): unknown {
  const value = parsedObject(text)
  if (value === undefined) throw badPattern(syntaxProblem(text))
  return value
}

const everything: Matcher = () => true

export function compiledOf(room: Room, bus: string): Compiled {
  const known = room.compiled.get(bus)
  if (known !== undefined) return known
  const made = compile(room.store, bus)
  room.compiled.set(bus, made)
  return made
}

/** Has the bus read anew after this commit. */
export function forget(room: Room, writer: Writer, bus: string): void {
  writer.after(() => room.compiled.delete(bus))
}

function compile(reader: Reader, bus: string): Compiled {
  const rules = rulesOf(reader, bus).flatMap((rule) => {
    const isAwake = rule.state !== 'DISABLED' && rule.pattern !== undefined && rule.targets.length > 0
    return isAwake ? [{ rule, matches: readPattern(rule.pattern ?? '') }] : []
  })
  const archives = archivesOf(reader)
    .filter((archive) => archive.bus === bus)
    .map((archive) => ({
      archive,
      matches: archive.pattern === undefined ? everything : readPattern(archive.pattern),
    }))
  return { rules, archives }
}

/** The object that a text is; undefined where it is none. */
export function parsedObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
