// How to export what is not exported: the words differ with where it stands and what is exported already.
import { dirname, relative, sep } from 'node:path'
import type { Found } from './describe.ts'
import { isExported, type Sources } from './sources.ts'

export interface SuggestGiven {
  readonly root: string
  readonly found: Found
  /** Absolute. */
  readonly entry: string
  readonly sources: Sources
}

export function suggest({ root, found, entry, sources }: SuggestGiven): string {
  const { binding, place, recorded } = found
  if (recorded.role === 'app') return 'One entry holds one app: keep the one that is the default export.'
  if (binding === undefined) return 'Give it a name and export it: `export const myName = …`.'
  const from = specifier(entry, place.file)
  const passes = place.file === entry || reexports(entry, from, sources)
  const entryName = relative(root, entry)
  const exported = isExported(sources.get(place.file), binding.name)
  const declare = `\`export const ${binding.name} = …\``
  if (passes) return `Export it: ${declare}.`
  const pass = `\`export * from '${from}'\` to ${entryName}`
  return exported ? `Add ${pass}.` : `Export it, ${declare}, and add ${pass}.`
}

function specifier(entry: string, file: string): string {
  const path = relative(dirname(entry), file).split(sep).join('/')
  return path.startsWith('.') ? path : `./${path}`
}

// Whether the entry has `export * from` the file; extensions may be written, left out, or be those of the output.
function reexports(entry: string, from: string, sources: Sources): boolean {
  const entries = sources.get(entry)?.module.staticExports.flatMap((one) => one.entries) ?? []
  const stem = (path: string): string => path.replace(/\.[cm]?[jt]sx?$/, '')
  return entries.some(({ moduleRequest, exportName }) => {
    return moduleRequest !== null && exportName.name === null && stem(moduleRequest.value) === stem(from)
  })
}
