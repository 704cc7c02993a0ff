// Files that a function asks to have beside it: templates, pages, pictures. They go into its zip as they lie in the project.
import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { problem } from '../errors.ts'
import type { DescribedFunction } from '../model/index.ts'
import type { FunctionBundle, ShippedFile } from './bundle.ts'

/** The bundle with what its declaration asks for. Throws GOBLET_BAD_OPTION when that is not there. */
export async function withFiles(
  bundle: FunctionBundle,
  root: string,
  asked: DescribedFunction,
): Promise<FunctionBundle> {
  const { files } = asked.options
  const names = Array.isArray(files) ? files.filter((one): one is string => typeof one === 'string') : []
  if (names.length === 0) return bundle
  const found = await Promise.all(names.map((name) => below(root, name.replace(/^\.\/|\/$/g, ''), asked)))
  const paths = [...new Set(found.flat())].sort()
  const hash = createHash('sha256').update(bundle.hash)
  const shipped: ShippedFile[] = []
  for (const path of paths) {
    const file = join(root, path)
    const bytes = await readFile(file)
    hash.update(`${path}\0${bytes.length}\0`).update(bytes)
    shipped.push({ path, file, bytes: bytes.length })
  }
  const bytes = shipped.reduce((sum, one) => sum + one.bytes, bundle.bytes)
  return { ...bundle, files: [...bundle.files, ...shipped], bytes, hash: hash.digest('hex') }
}

// Paths in the project, with forward slashes. What begins with a dot is an editor's or a tool's.
async function below(root: string, name: string, asked: DescribedFunction): Promise<string[]> {
  const found = await stat(join(root, name)).catch(() => undefined)
  if (found === undefined) {
    const details = { what: asked.export, option: 'files', problem: `names ${name}, which is not there` }
    throw problem(
      'GOBLET_BAD_OPTION',
      { ...details, mend: 'Paths are those of the project: its folder has app.ts.' },
      asked.where,
    )
  }
  if (found.isFile()) return [name]
  const entries = (await readdir(join(root, name))).filter((one) => !one.startsWith('.'))
  return (await Promise.all(entries.map((one) => below(root, `${name}/${one}`, asked)))).flat()
}
