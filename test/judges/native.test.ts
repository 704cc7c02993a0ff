// The registry judges what we fetch for another platform; sharp itself, whether what is shipped runs where it can run.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openPacker, type Packed, type Platform } from '../../src/build/index.ts'
import { missing } from '../support/judge.ts'
import { openProject, type Project } from '../support/project.ts'

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url))

const APP = `
import { app, lambda } from 'goblet'
import sharp from 'sharp'
export default app('images')
export const thumb = lambda(async () => {
  const { info } = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } }).resize(3).webp().toBuffer({ resolveWithObject: true })
  return \`\${info.format} \${info.width}\`
})
`

/** A project with the sharp that is installed here, and a lockfile that says so. */
async function openImages(lock: (text: string) => string = (text) => text): Promise<Project> {
  const project = await openProject({ 'app.ts': APP })
  const from = JSON.parse(await readFile(join(MODULES, '../package-lock.json'), 'utf8'))
  const names = ['sharp', '@img/colour', 'detect-libc', 'semver']
  const installed = (await readdir(join(MODULES, '@img'))).map((name) => `@img/${name}`)
  for (const name of new Set([...names, ...installed]))
    await cp(join(MODULES, name), join(project.root, 'node_modules', name), { recursive: true, dereference: true })
  const kept = Object.entries(from.packages).filter(([path]) => /node_modules\/(?:@img\/|sharp$)/.test(path))
  await project.write({
    'package-lock.json': lock(JSON.stringify({ lockfileVersion: 3, packages: Object.fromEntries(kept) })),
  })
  return project
}

async function packed(project: Project, platform: Platform): Promise<Packed> {
  const bundle = (await project.bundleAll()).functions.get('thumb')
  assert.ok(bundle)
  return openPacker({ root: project.root, directory: join(project.root, '.goblet') }).pack(bundle, platform)
}

const ARM: Platform = { architecture: 'arm64', runtime: 'nodejs24.x' }
const X64: Platform = { architecture: 'x86_64', runtime: 'nodejs24.x' }
const OTHER = process.arch === 'arm64' ? X64 : ARM
const OWN = process.arch === 'arm64' ? ARM : X64
const cpuOf = ({ architecture }: Platform): string => (architecture === 'arm64' ? 'arm64' : 'x64')

test('sharp for the other processor is fetched, in the versions of the lockfile', {
  skip: missing('registry'),
}, async (context) => {
  await using project = await openImages()
  const result = await packed(project, OTHER)
  const names = result.packages.map(({ name }) => name)
  const cpu = cpuOf(OTHER)
  assert.ok(
    names.includes(`@img/sharp-linux-${cpu}`) && names.includes(`@img/sharp-libvips-linux-${cpu}`),
    names.join(),
  )
  assert.ok(!names.includes(`@img/sharp-linux-${cpuOf(OWN)}`))
  const lock = JSON.parse(await readFile(join(MODULES, '../package-lock.json'), 'utf8'))
  for (const { name, version } of result.packages)
    if (name.startsWith('@img/sharp-')) assert.equal(version, lock.packages[`node_modules/${name}`].version)
  // Every file of machine code in the zip is for that processor.
  const machine = cpu === 'arm64' ? 183 : 62
  const folder = await unpacked(context, project, result)
  const libraries = result.files.filter(({ path }) => /\.(?:node|so[.\d]*)$/.test(path))
  assert.ok(libraries.length >= 2)
  for (const { path } of libraries) assert.equal((await readFile(join(folder, path))).readUInt16LE(18), machine, path)
  // Nothing is asked of the registry again.
  const again = await packed(project, OTHER)
  assert.equal(again.hash, result.hash)
})

test('what the lockfile does not agree to is not shipped', { skip: missing('registry') }, async () => {
  await using project = await openImages((text) => text.replaceAll(/"sha512-[^"]+"/g, '"sha512-AAAA"'))
  await assert.rejects(packed(project, OTHER), /GOBLET_NATIVE_FETCH/)
  await assert.rejects(packed(project, OTHER), /is not what the lockfile says it is/)
})

test('what is shipped for this processor runs by itself', { skip: missing('python3') }, async (context) => {
  await using project = await openImages()
  const result = await packed(project, OWN)
  const folder = await unpacked(context, project, result)
  const script = "const { handler } = await import('./index.mjs'); console.log(await handler(null, {}))"
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: folder,
    encoding: 'utf8',
  })
  assert.equal(stdout, 'webp 3\n', stderr)
})

/** Where the zip was unpacked: away from every other node_modules. */
async function unpacked(context: TestContext, project: Project, { bytes }: Packed): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'goblet-unpacked-'))
  context.after(() => rm(folder, { recursive: true, force: true }))
  const file = join(project.root, 'function.zip')
  await writeFile(file, await bytes())
  const { status, stderr } = spawnSync('python3', ['-m', 'zipfile', '-e', file, folder], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  return folder
}
