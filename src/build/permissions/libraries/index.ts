// Libraries that make calls of AWS by themselves, and are known.
import type { Values } from '../atoms.ts'

/** What a library that is known exports; undefined where it is none of them. */
export function libraryExport(specifier: string, name: string): Values | undefined {
  void specifier
  void name
  return undefined
}
