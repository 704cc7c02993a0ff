// Gives Node JavaScript for every .ts file: of the repository what was translated before, of others what is translated now.
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const ROOT = new URL('../', import.meta.url).href
// As tsconfig.json has them: an app in the repository means the sources, not what was built of them.
const DOORS = { goblet: 'src/index.ts', 'goblet/client': 'src/client.ts', 'goblet/testing': 'src/testing/index.ts' }
const TYPESCRIPT = /\.[mc]?ts$/

let folder

export function initialize(data) {
  folder = data.folder
}

export function resolve(specifier, context, next) {
  const door = Object.hasOwn(DOORS, specifier) ? DOORS[specifier] : undefined
  if (door === undefined || context.parentURL?.startsWith(ROOT) !== true) return next(specifier, context)
  return { url: new URL(door, ROOT).href, format: 'module', shortCircuit: true }
}

export async function load(url, context, next) {
  const { protocol, pathname } = new URL(url)
  if (protocol !== 'file:' || !TYPESCRIPT.test(pathname)) return next(url, context)
  return { format: 'module', source: (await translated(url)) ?? (await translate(url)), shortCircuit: true }
}

async function translated(url) {
  if (folder === undefined || !url.startsWith(ROOT)) return undefined
  const file = join(folder, decodeURIComponent(new URL(url).pathname.slice(new URL(ROOT).pathname.length)))
  return readFile(file.replace(TYPESCRIPT, '.js'), 'utf8').catch(() => undefined)
}

// A user's project that a test has written.
async function translate(url) {
  const file = fileURLToPath(url)
  const { transform } = await import('esbuild')
  const options = {
    loader: 'ts',
    format: 'esm',
    target: 'node20.19',
    sourcemap: 'inline',
    sourcefile: pathToFileURL(file).href,
  }
  const { code } = await transform(await readFile(file, 'utf8'), options)
  return code
}

/** Translates all of these files of the repository into a folder. */
export async function translateAll(files, outdir) {
  const { build } = await import('esbuild')
  await build({
    entryPoints: files,
    outdir,
    outbase: fileURLToPath(ROOT),
    absWorkingDir: dirname(fileURLToPath(new URL('.', import.meta.url))),
    format: 'esm',
    target: 'node20.19',
    sourcemap: 'inline',
    sourcesContent: false,
    logLevel: 'error',
  })
}
