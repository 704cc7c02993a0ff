// Finds code that reads files lying beside it: in Lambda there is only the bundle, and they would be missing.
import type { BundleWarning } from './bundle.ts'
import { shown } from './complaints.ts'
import { type Sources, toPosition } from './sources.ts'
import type { Source } from './syntax.ts'

/** A warning for each such place in the given files, as far as they are the user's own. */
export function findAssets(root: string, files: readonly string[], sources: Sources): BundleWarning[] {
  return files.flatMap((file) => {
    const source = sources.get(file)
    if (source === undefined) return []
    return placesIn(source).map((offset) => {
      const [line, column] = toPosition(source.text, offset)
      return { where: { file: shown(root, file), line, column }, message: MESSAGE }
    })
  })
}

const MESSAGE =
  'A path is made from where this file lies. In Lambda that is the bundle, and files beside the source are not packed: import what you need (JSON, text) instead, or name it in `files` and read it by a path from the working directory.'

// `createRequire(import.meta.url)` and the like are fine; what makes a path is not.
function placesIn({ text, module }: Source): number[] {
  const metas = module.importMetas.filter(({ start, end }) => {
    const after = text.slice(end, end + 12)
    if (/^\.(dirname|filename)\b/.test(after)) return true
    return /^\.url\b/.test(after) && /new URL\([^()]*,\s*$/.test(text.slice(Math.max(0, start - 200), start))
  })
  return metas.map(({ start }) => start)
}
