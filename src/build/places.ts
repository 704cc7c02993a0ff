// From a place in the bundled entry back to the place in the user's own file.
import { SourceMap } from 'node:module'
import { dirname, resolve } from 'node:path'
import type { Where } from '../errors.ts'
import { shown } from './complaints.ts'
import { packageOf } from './packages.ts'
import type { Frame } from './reader.ts'

/** A place in a file, by its absolute path. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** How to find the user's place of a frame; undefined when it lies in no file of the user's. */
export type Locate = (frame: Frame) => Place | undefined

/** `map` is the text of a source map, `file` the bundle that it belongs to. */
export function openPlaces(map: string, file: string, isOwn: (file: string) => boolean): Locate {
  const parsed = new SourceMap(JSON.parse(map))
  const directory = dirname(file)
  return ([line, column]) => {
    const entry = parsed.findEntry(line - 1, column - 1)
    if (!('originalSource' in entry)) return undefined
    const source = resolve(directory, entry.originalSource)
    if (packageOf(source) !== undefined || !isOwn(source)) return undefined
    return { file: source, line: entry.originalLine + 1, column: entry.originalColumn + 1 }
  }
}

export function toWhere(root: string, { file, line, column }: Place): Where {
  return { file: shown(root, file), line, column }
}
