// Turns src into dist: what users bundle is transpiled file by file, what runs on their machine is bundled with splitting.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { parseSync } from 'oxc-parser'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)

// What users bundle, one output per source, so that their bundler drops what a function does not reach.
const SHIPS = ['index.ts', 'client.ts', 'errors.ts', 'runtime', 'aws', 'web']
// What runs at home. Worker scripts are loaded by path, so each is an entry point and keeps its place.
const HOME = ['cli/main.ts', 'testing/index.ts', 'build/reader.ts', 'local/sandbox.ts']
// What is read as it is, by the same place below dist.
const DATA = ['aws/access/actions.br']
// The door in one file, for reading an app: sixty files would be read each time.
const DOOR = { 'build/goblet': 'src/index.ts' }
// The one output that is run as a program.
const PROGRAM = 'cli/main.js'

const shared = {
  absWorkingDir: root,
  outdir: 'dist',
  outbase: 'src',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  logLevel: 'error',
  write: false,
  tsconfigRaw: { compilerOptions: { target: 'es2023', verbatimModuleSyntax: true } },
}

// Packages in CommonJS are required, not imported: Node reads the source of what is imported once more, to learn its names,
// and the first time that costs 40 ms of every start.
const REQUIRED = ['commander', 'esbuild', 'lmdb', 'ws']

const required = {
  name: 'required',
  setup: (building) => {
    const filter = new RegExp(`^(?:${REQUIRED.join('|')})$`)
    building.onResolve({ filter }, ({ path }) => ({ path, namespace: 'required', sideEffects: false }))
    building.onLoad({ filter, namespace: 'required' }, ({ path }) => {
      const names = Object.keys(require(path)).filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && name !== 'default')
      const load = `createRequire(import.meta.url)(${JSON.stringify(path)})`
      const contents = `import { createRequire } from 'node:module'\nexport const { ${names.join(', ')} } = ${load}\n`
      return { contents, resolveDir: root }
    })
  },
}

/** The code with its imports of our own files named as they are in dist. By the parser: messages may hold code, too. */
function renamed(path, text) {
  const { staticImports, staticExports, dynamicImports } = parseSync(path, text).module
  const exported = staticExports.flatMap(({ entries }) => entries)
  const requests = [...staticImports, ...exported, ...dynamicImports].flatMap(
    ({ moduleRequest }) => moduleRequest ?? [],
  )
  const ends = new Set(requests.map(({ end }) => end))
  return [...ends]
    .sort((left, right) => right - left)
    .reduce(
      (code, end) =>
        /\.ts["'`]$/.test(code.slice(0, end)) ? `${code.slice(0, end - 4)}.js${code.slice(end - 1)}` : code,
      text,
    )
}

/** Every source below these paths of src, declarations left out. */
function sources(paths) {
  return paths.flatMap((path) => {
    if (path.endsWith('.ts')) return existsSync(join(root, 'src', path)) ? [`src/${path}`] : []
    const found = readdirSync(join(root, 'src', path), { recursive: true }).map((name) => `src/${path}/${name}`)
    return found.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  })
}

// A file that another build, running at the same time, is about to put in place.
const ASIDE = /\.\d+$/

/** Replaces a file in one step and only when it changes: somebody may be running the old one. */
function place(path, contents, mode) {
  if (!existsSync(path) || !readFileSync(path).equals(contents)) {
    mkdirSync(dirname(path), { recursive: true })
    const aside = `${path}.${process.pid}`
    writeFileSync(aside, contents)
    renameSync(aside, path)
  }
  if (mode !== undefined) chmodSync(path, mode)
}

function prune(folder, keep) {
  for (const name of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(name.parentPath, name.name)
    if (ASIDE.test(path)) continue
    if (name.isFile() && !path.startsWith(join(folder, 'types')) && !keep.has(path)) rmSync(path, { force: true })
  }
}

async function javascript() {
  const [ships, door, home] = await Promise.all([
    build({ ...shared, entryPoints: sources(SHIPS) }),
    build({ ...shared, entryPoints: DOOR, bundle: true, minifyWhitespace: true, minifySyntax: true }),
    build({
      ...shared,
      entryPoints: sources(HOME),
      bundle: true,
      splitting: true,
      packages: 'external',
      plugins: [required],
      chunkNames: 'chunks/[name]-[hash]',
      // Read at every start. Names stay: stack traces are read by people.
      minifyWhitespace: true,
      minifySyntax: true,
    }),
  ])
  const ready = ships.outputFiles.map(({ path, text }) => ({ path, contents: Buffer.from(renamed(path, text)) }))
  const outputs = [...ready, ...door.outputFiles, ...home.outputFiles]
  for (const { path, contents } of outputs) {
    const program = path === join(root, 'dist', PROGRAM)
    const text = Buffer.from(contents)
    const shebang = program && !text.subarray(0, 2).equals(Buffer.from('#!'))
    place(
      path,
      shebang ? Buffer.concat([Buffer.from('#!/usr/bin/env node\n'), text]) : text,
      program ? 0o755 : undefined,
    )
  }
  for (const path of DATA) place(join(root, 'dist', path), readFileSync(join(root, 'src', path)))
  const data = DATA.map((path) => join(root, 'dist', path))
  prune(join(root, 'dist'), new Set([...outputs.map(({ path }) => path), ...data]))
}

function declare(project, outDir) {
  const options = [
    '--noEmit',
    'false',
    '--declaration',
    '--emitDeclarationOnly',
    '--rootDir',
    'src',
    '--outDir',
    outDir,
  ]
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const run = spawnSync(process.execPath, [compiler, '-p', project, ...options], { cwd: root, stdio: 'inherit' })
  if (run.status !== 0) throw new Error('The declarations do not compile.')
}

// Emitted in the world of what ships, so that a type that needs Node's types cannot slip through the door. The test door
// stays home: of all that it reaches, only its own words are kept.
function types() {
  const folder = join(root, 'dist', 'types')
  const home = join(root, 'dist', 'types-home')
  rmSync(folder, { recursive: true, force: true })
  declare('src/runtime/tsconfig.json', folder)
  declare('src/testing/tsconfig.json', home)
  mkdirSync(join(folder, 'testing'))
  for (const name of ['index.d.ts', 'cloud.d.ts'])
    renameSync(join(home, 'testing', name), join(folder, 'testing', name))
  rmSync(home, { recursive: true, force: true })
  for (const name of readdirSync(folder, { recursive: true })) {
    if (!name.endsWith('.d.ts')) continue
    const path = join(folder, name)
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replace(/((?:from|import)\s*\(?\s*['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2'))
  }
}

const started = performance.now()
try {
  await javascript()
} catch (error) {
  // esbuild has shown these already, each with its line.
  if (!Array.isArray(error.errors)) throw error
  process.exit(1)
}
if (process.argv.includes('--types')) types()
console.log(
  `${relative(process.cwd(), join(root, 'dist')) || 'dist'}: built in ${Math.round(performance.now() - started)} ms`,
)
