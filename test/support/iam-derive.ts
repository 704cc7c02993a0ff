// What the build derives for a case of the corpus: for a plain handler, or for every function of an app.
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { GRAMMAR } from '../../src/aws/grammar.ts'
import { openBuild } from '../../src/build/index.ts'
import { analyse } from '../../src/build/permissions/analyse.ts'
import { defineModel, type Permissions } from '../../src/model/index.ts'
import type { Case } from './iam.ts'

const PLACE = { account: '000000000000', region: 'us-east-1' }

export async function derive(one: Case): Promise<Permissions> {
  const linked = one.links === undefined ? one : link(one)
  try {
    return linked.app === undefined ? deriveHandlers(linked) : await deriveApp(linked)
  } finally {
    if (linked !== one) rmSync(linked.folder, { recursive: true, force: true })
  }
}

function deriveHandlers({ folder, entry, env = {}, trigger, functions }: Case): Permissions {
  const given = { file: entry, root: folder, env, place: { partition: 'aws', ...PLACE } }
  return new Map(
    Object.keys(functions).map((name) => [
      name,
      analyse({ ...given, export: name, ...(trigger === undefined ? {} : { trigger }) }),
    ]),
  )
}

async function deriveApp({ folder, entry }: Case): Promise<Permissions> {
  const outdir = mkdtempSync(join(tmpdir(), 'goblet-corpus-'))
  const build = await openBuild({ root: folder, entry, outdir })
  try {
    const model = defineModel(await build.discover(), { stage: 'dev', ...PLACE }, GRAMMAR)
    return await build.permissions(model)
  } finally {
    await build.close()
    rmSync(outdir, { recursive: true, force: true })
  }
}

/** A copy in which the packages of the workspace are linked, as installers do. */
function link(one: Case): Case {
  const folder = mkdtempSync(join(tmpdir(), 'goblet-corpus-'))
  cpSync(one.folder, folder, { recursive: true })
  for (const [name, target] of Object.entries(one.links ?? {})) {
    const place = join(folder, 'node_modules', name)
    mkdirSync(dirname(place), { recursive: true })
    symlinkSync(join(folder, target), place)
  }
  return { ...one, folder }
}
