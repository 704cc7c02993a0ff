// An entry that exports a web app and nothing of ours: the app that hosts it is written for it, among what is built.
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { type Description, toAppName } from '../model/index.ts'
import type { Given } from './build.ts'
import { shown } from './complaints.ts'
import type { WebApp } from './framework.ts'

/** What an entry was found to be that has no app of its own. */
export interface Hosted extends WebApp {
  /** As people call it: `server.ts`. */
  readonly entry: string
  /** The app's name: the package's, or else the folder's. */
  readonly app: string
  /** The function that answers. */
  readonly function: string
}

const FUNCTION = 'web'

export const toHosted = ({ root, entry }: Given, web: WebApp): Hosted => ({
  ...web,
  entry: shown(root, resolve(root, entry)),
  app: nameIn(dirname(resolve(root, entry))),
  function: FUNCTION,
})

/** Writes the module that hosts the entry: what a user would write. Gives the build of that one. */
export async function writeHost(given: Given, { app }: Hosted): Promise<Given> {
  const folder = join(given.outdir, 'hosted')
  const file = join(folder, 'app.ts')
  const entry = relative(folder, resolve(given.root, given.entry)).split(sep).join('/')
  const text = `import { app, mount } from 'goblet'

export default app(${JSON.stringify(app)})

export const ${FUNCTION} = mount('/{proxy+}', () => import(${JSON.stringify(entry)}))
`
  await mkdir(folder, { recursive: true })
  // Another command may read it at this moment.
  if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
    const draft = `${file}.${process.pid}`
    await writeFile(draft, text)
    await rename(draft, file)
  }
  return { ...given, entry: relative(given.root, file) }
}

/** What the module declares stands in the entry, as far as people are told. */
export function relocated(description: Description, { entry }: Hosted): Description {
  const where = { file: entry, line: 1 }
  return {
    ...description,
    entry,
    app: { ...description.app, where },
    functions: description.functions.map((one) => ({ ...one, where })),
  }
}

// The package that the folder lies in.
function nameIn(folder: string): string {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    const file = join(at, 'package.json')
    if (!existsSync(file)) continue
    const name = readName(file)
    return toAppName(name ?? basename(at))
  }
  return toAppName(basename(folder))
}

function readName(file: string): string | undefined {
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'))
    const name = typeof read === 'object' && read !== null && 'name' in read ? read.name : undefined
    // Without the scope: `@acme/shop` is `shop`.
    return typeof name === 'string' && name !== '' ? name.slice(name.lastIndexOf('/') + 1) : undefined
  } catch {
    return undefined
  }
}
