// A user's project in a temporary folder, built with the real build room.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Build, type Bundled, openBuild } from '../../src/build/index.ts'
import { type Complaint, GobletError } from '../../src/errors.ts'

/** Contents by path. */
export type Files = Readonly<Record<string, string | Uint8Array>>

export interface Project extends AsyncDisposable {
  readonly root: string
  readonly build: Build
  write(files: Files): Promise<void>
  /** Bundles each exported function by itself, under its export's name. */
  bundleAll(): Promise<Bundled>
  /** What discovery complains of; throws when it does not. */
  complaints(): Promise<readonly Complaint[]>
}

/** Opens a project of these files (path → text). `app.ts` is its entry. */
export async function openProject(files: Files, seconds?: number): Promise<Project> {
  const root = await mkdtemp(join(tmpdir(), 'goblet-build-'))
  const write = async (more: Files): Promise<void> => {
    for (const [path, text] of Object.entries(more)) {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), text)
    }
  }
  await write(files)
  const given = { root, entry: 'app.ts', outdir: join(root, '.goblet', 'build') }
  const build = await openBuild(seconds === undefined ? given : { ...given, seconds })
  return {
    root,
    build,
    write,
    bundleAll: async () => {
      const { functions } = await build.discover()
      return build.bundle(functions.map(({ export: name, trigger }) => ({ name, trigger, exports: [name] })))
    },
    complaints: () => complaintsOf(() => build.discover()),
    [Symbol.asyncDispose]: async () => {
      await build.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}

/** The complaints that `work` ends with. */
export async function complaintsOf(work: () => Promise<unknown>): Promise<readonly Complaint[]> {
  try {
    await work()
  } catch (error) {
    if (error instanceof GobletError) return error.complaints
    throw error
  }
  throw new Error('Nothing was wrong.')
}
