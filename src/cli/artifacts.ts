// The functions' code as it is uploaded. What was packed once is kept in .goblet/zips, by what is in it.
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Bundled, FunctionBundle } from '../build/index.ts'
import type { Artifact } from '../deploy/index.ts'
import type { FunctionModel, Model } from '../model/index.ts'

// Of the way zips are made: another one makes other bytes of the same code.
const FORMAT = 1
const KEPT = 30 * 24 * 60 * 60 * 1000

/** Packs every function. Throws GOBLET_NATIVE_PACKAGE for what cannot run on Lambda. */
export async function packArtifacts(root: string, model: Model, bundles: Bundled): Promise<Artifact[]> {
  const folder = join(root, '.goblet/zips')
  await mkdir(folder, { recursive: true })
  const artifacts = await Promise.all(
    model.functions.flatMap((made) => {
      const bundle = bundles.functions.get(made.name)
      return bundle === undefined ? [] : [toArtifact(folder, model, made, bundle)]
    }),
  )
  await sweep(folder)
  return artifacts
}

async function toArtifact(
  folder: string,
  model: Model,
  made: FunctionModel,
  bundle: FunctionBundle,
): Promise<Artifact> {
  const { name, physicalName } = made
  const { file, bytes } = await pack(folder, made, bundle)
  const hash = createHash('sha256').update(bytes).digest()
  return {
    function: name,
    physicalName,
    key: `${model.app}/${model.stage}/${name}-${hash.toString('hex').slice(0, 20)}.zip`,
    sha256: hash.toString('base64'),
    size: bytes.length,
    bytes: () => readFile(file),
  }
}

async function pack(
  folder: string,
  made: FunctionModel,
  bundle: FunctionBundle,
): Promise<{ file: string; bytes: Uint8Array }> {
  // What native packages bring is not told by the bundle's hash.
  const isWhole = bundle.native.length === 0
  const file = join(folder, `${made.name}-${bundle.hash.slice(0, 32)}-${FORMAT}.zip`)
  if (isWhole) {
    const known = await readFile(file).catch(() => undefined)
    if (known !== undefined) {
      await utimes(file, new Date(), new Date()).catch(() => {})
      return { file, bytes: known }
    }
  }
  const { zip } = await import('../build/index.ts')
  const { bytes } = await zip(bundle)
  // Never a half-written one, whoever else packs the same.
  const temporary = `${file}.${process.pid}.tmp`
  await writeFile(temporary, bytes)
  await rename(temporary, file)
  return { file, bytes }
}

async function sweep(folder: string): Promise<void> {
  const names = await readdir(folder)
  await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined)
      if (found !== undefined && Date.now() - found.mtimeMs > KEPT) await rm(join(folder, name), { force: true })
    }),
  )
}
