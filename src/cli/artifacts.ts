// The functions' code as it is uploaded: packed for their platform, each under a name that says what is in it.
import { join } from 'node:path'
import type { Bundled } from '../build/index.ts'
import type { Artifact } from '../deploy/index.ts'
import type { FunctionModel, Model } from '../model/index.ts'

/** Packs every function but those that are images. Throws GOBLET_NATIVE_PACKAGE and its like for what cannot run on Lambda. */
export async function packArtifacts(root: string, model: Model, bundles: Bundled): Promise<Artifact[]> {
  const { openPacker } = await import('../build/index.ts')
  const packer = openPacker({ root, directory: join(root, '.goblet') })
  const zipped = model.functions.filter(({ image }) => image === undefined)
  return Promise.all(
    zipped.flatMap((made) => {
      const bundle = bundles.functions.get(made.name)
      return bundle === undefined ? [] : [packer.pack(bundle, made).then((packed) => toArtifact(model, made, packed))]
    }),
  )
}

interface Zip {
  readonly hash: string
  readonly sha256: string
  readonly size: number
  bytes(): Promise<Uint8Array>
}

const toArtifact = ({ app, stage }: Model, made: FunctionModel, { hash, sha256, size, bytes }: Zip): Artifact => ({
  function: made.name,
  physicalName: made.physicalName,
  key: `${app}/${stage}/${made.name}-${hash.slice(0, 20)}.zip`,
  sha256,
  size,
  bytes,
})
