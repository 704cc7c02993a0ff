// JSON given on a command line: the text itself, a file, or standard input.
import { readFileSync, statSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { problem } from '../errors.ts'

/** Reads JSON from a text, a file's path, or `-`. Returns it as it was written. Throws GOBLET_BAD_JSON. */
export async function readPayload(given: string, what: string): Promise<string> {
  const source = given === '-' ? await text(process.stdin) : isFile(given) ? readFileSync(given, 'utf8') : given
  try {
    JSON.parse(source)
    return source
  } catch (error) {
    throw problem('GOBLET_BAD_JSON', { what, problem: error instanceof Error ? error.message : String(error) })
  }
}

// What begins like JSON is meant as JSON, even where a file has such a name.
const isFile = (given: string): boolean =>
  !/^\s*[[{"\d]/.test(given) && statSync(given, { throwIfNoEntry: false })?.isFile() === true
