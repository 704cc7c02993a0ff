// What is shipped beside a bundle: packages with compiled code, for the platform that the function runs on and no other.
import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import { openPacker, type Packed, type Platform } from '../../src/build/index.ts'
import { aPackage, elf } from '../support/elf.ts'
import { type Files, openProject, type Project } from '../support/project.ts'

const ARM: Platform = { architecture: 'arm64', runtime: 'nodejs24.x' }
const X64: Platform = { architecture: 'x86_64', runtime: 'nodejs24.x' }

const uses = (name: string): string => `
import { app, lambda } from 'goblet'
import used from '${name}'
export default app('packs')
export const run = lambda(() => used)
`

const linux = (cpu: string) => ({ os: ['linux'], cpu: [cpu], libc: ['glibc'] })

async function packed(project: Project, platform: Platform, name = 'run'): Promise<Packed> {
  const bundle = (await project.bundleAll()).functions.get(name)
  assert.ok(bundle)
  return openPacker({ root: project.root, directory: join(project.root, '.goblet') }).pack(bundle, platform)
}

/** What is beside the bundle. */
const beside = ({ files }: Packed): string[] =>
  files.flatMap(({ path }) => (path.startsWith('node_modules/') ? [path.slice('node_modules/'.length)] : [])).sort()

const CODE = { 'index.node': 'x' }

describe('a package for each platform', () => {
  const files = {
    'app.ts': uses('crunch'),
    ...aPackage(
      'crunch',
      {
        dependencies: { plain: '1', 'node-addon-api': '1' },
        optionalDependencies: {
          '@crunch/linux-x64': '1.0.0',
          '@crunch/linux-arm64': '1.0.0',
          '@crunch/darwin-arm64': '1.0.0',
          '@crunch/linuxmusl-arm64': '1.0.0',
        },
      },
      { 'README.md': '#', 'lib/a.d.ts': '', 'lib/a.js': '', 'src/a.cc': '', LICENSE: 'MIT' },
    ),
    ...aPackage('plain', {}),
    ...aPackage('@crunch/linux-x64', linux('x64'), { 'index.node': elf('x64') }),
    ...aPackage('@crunch/linux-arm64', linux('arm64'), { 'index.node': elf('arm64') }),
    ...aPackage('@crunch/darwin-arm64', { os: ['darwin'], cpu: ['arm64'] }, CODE),
    ...aPackage(
      '@crunch/linuxmusl-arm64',
      { os: ['linux'], cpu: ['arm64'], libc: ['musl'] },
      { 'index.node': elf('arm64', ['libc.musl-aarch64.so.1']) },
    ),
  }

  test('goes with the function that runs on it, and with what needs it', async () => {
    await using project = await openProject(files)
    const crunch = ['LICENSE', 'index.js', 'lib/a.js', 'package.json'].map((path) => `crunch/${path}`)
    const plain = ['plain/index.js', 'plain/package.json']
    const own = (name: string) => ['index.js', 'index.node', 'package.json'].map((path) => `${name}/${path}`)
    const arm = await packed(project, ARM)
    assert.deepEqual(beside(arm), [...own('@crunch/linux-arm64'), ...crunch, ...plain])
    assert.deepEqual(beside(await packed(project, X64)), [...own('@crunch/linux-x64'), ...crunch, ...plain])
    assert.deepEqual(arm.packages.map(({ name, version }) => `${name} ${version}`).sort(), [
      '@crunch/linux-arm64 1.0.0',
      'crunch 1.0.0',
      'plain 1.0.0',
    ])
    assert.equal(
      arm.unzipped,
      arm.files.reduce((sum, { bytes }) => sum + bytes, 0),
    )
    assert.equal(arm.sha256, Buffer.from(arm.hash, 'hex').toString('base64'))
    assert.equal((await arm.bytes()).length, arm.size)
  })

  test('makes the same zip wherever it lies, and no other until something changes', async () => {
    await using first = await openProject(files)
    await using second = await openProject(files)
    const [one, other] = [await packed(first, ARM), await packed(second, ARM)]
    assert.equal(one.hash, other.hash)
    const zips = join(first.root, '.goblet/zips')
    const times = () => readdirSync(zips).map((name) => `${name} ${statSync(join(zips, name)).ino}`)
    const before = times()
    assert.equal((await packed(first, ARM)).hash, one.hash)
    assert.deepEqual(times(), before)
    await first.write({ 'node_modules/plain/index.js': 'module.exports = 2\n' })
    assert.notEqual((await packed(first, ARM)).hash, one.hash)
    // Without packages beside it a function is the same everywhere.
    await using free = await openProject({ 'app.ts': uses('plain'), ...aPackage('plain', {}) })
    assert.equal((await packed(free, ARM)).hash, (await packed(free, X64)).hash)
  })

  test('is refused when it holds code for another one', async () => {
    await using project = await openProject(files)
    await project.write({ 'node_modules/@crunch/linux-arm64/index.node': elf('x64') })
    await project.write({ 'node_modules/crunch/lib/fast.node': elf('x64') })
    await assert.rejects(packed(project, ARM), (error: Error) => {
      assert.match(
        error.message,
        /The function run needs compiled code that Lambda \(Linux, arm64, nodejs24\.x\) could not run/,
      )
      assert.match(error.message, /crunch 1\.0\.0: lib\/fast\.node is not for arm64/)
      assert.match(error.message, /external.*layer.*image/)
      return true
    })
    await using bare = await openProject(files)
    await bare.write({ 'node_modules/@crunch/linux-arm64/index.node': elf('x64') })
    await assert.rejects(packed(bare, ARM), /crunch 1\.0\.0: has no compiled code for that platform/)
  })

  test('is found where pnpm puts it, through links', async () => {
    await using project = await openProject({ 'app.ts': uses('crunch') })
    const store = join(project.root, 'node_modules/.pnpm')
    const moved = Object.entries(files).flatMap(([path, text]) => {
      const [, name = ''] = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path) ?? []
      return name === ''
        ? []
        : [[path.replace(/^node_modules/, `node_modules/.pnpm/${name.replace('/', '+')}@1.0.0/node_modules`), text]]
    })
    await project.write(Object.fromEntries(moved))
    const link = async (from: string, name: string): Promise<void> => {
      await mkdir(dirname(join(from, name)), { recursive: true })
      await symlink(join(store, `${name.replace('/', '+')}@1.0.0/node_modules`, name), join(from, name))
    }
    await link(join(project.root, 'node_modules'), 'crunch')
    for (const name of ['plain', '@crunch/linux-arm64', '@crunch/linux-x64'])
      await link(join(store, 'crunch@1.0.0/node_modules'), name)
    await using npm = await openProject(files)
    const [linked, plain] = [await packed(project, ARM), await packed(npm, ARM)]
    assert.deepEqual(beside(linked), beside(plain))
    assert.equal(linked.hash, plain.hash)
  })
})

describe('a package that is compiled', () => {
  const gyp = { 'binding.gyp': '{}' }
  const refused = async (files: Files, why: RegExp, platform = ARM): Promise<void> => {
    await using project = await openProject({ 'app.ts': uses('made'), ...files })
    await assert.rejects(packed(project, platform), why)
  }
  const shipped = async (files: Files, platform = ARM): Promise<string[]> => {
    await using project = await openProject({ 'app.ts': uses('made'), ...files })
    return beside(await packed(project, platform)).filter((path) => path.endsWith('.node'))
  }

  test('is refused where nothing of it is for the platform', async () => {
    await refused(aPackage('made', {}, gyp), /made 1\.0\.0: has no compiled code for that platform/)
    await refused(aPackage('made', { gypfile: true }), /made 1\.0\.0: has no compiled code/)
    await refused(
      aPackage('made', {}, { ...gyp, 'build/Release/made.node': elf('x64') }),
      /build\/Release\/made\.node is not for arm64/,
    )
    await refused(
      aPackage('made', {}, { ...gyp, 'build/Release/made.node': '\xcf\xfa\xed\xfe' }),
      /made\.node is not for Linux/,
    )
    await refused(
      aPackage('made', {}, { 'prebuilds/darwin-arm64/made.node': 'x', ...gyp }),
      /has no other compiled code than prebuilds\/darwin-arm64/,
    )
    await refused(aPackage('made', { dependencies: { gone: '1' } }, gyp), /gone \(of made\) is not installed/)
  })

  test('is refused where it asks for more than Lambda has', async () => {
    const made = (...texts: string[]) =>
      aPackage('made', {}, { ...gyp, 'build/Release/made.node': elf('arm64', texts) })
    await refused(made('napi_x', 'GLIBC_2.17', 'GLIBC_2.39'), /needs glibc 2\.39, and Lambda has 2\.34/)
    await refused(made('napi_x', 'ld-musl-aarch64.so.1'), /is for Linux with musl/)
    await refused(made('node_register_module_v115'), /is for version 115 of Node’s interface, and the runtime has 137/)
    assert.equal((await shipped(made('napi_x', 'GLIBC_2.34'))).length, 1)
    assert.equal((await shipped(made('node_register_module_v137'))).length, 1)
    assert.equal((await shipped(made('node_register_module_v127'), { ...ARM, runtime: 'nodejs22.x' })).length, 1)
  })

  test('ships what it brings for the platform, not what was made here', async () => {
    const files = aPackage(
      'made',
      { dependencies: { 'node-gyp-build': '1' } },
      {
        ...gyp,
        'build/Release/made.node': elf('x64'),
        'prebuilds/darwin-x64+arm64/made.node': 'x',
        'prebuilds/linux-arm64/node.napi.glibc.node': elf('arm64'),
        'prebuilds/linux-arm64/node.napi.musl.node': elf('arm64', ['napi_x', 'libc.musl-aarch64.so.1']),
        'prebuilds/linux-x64/node.abi115.node': elf('x64', ['node_register_module_v115']),
        'prebuilds/linux-x64/node.abi137.node': elf('x64', ['node_register_module_v137']),
        'prebuilds/win32-x64/made.node': 'MZ',
      },
    )
    const all = { ...files, ...aPackage('node-gyp-build', {}) }
    assert.deepEqual(await shipped(all), ['made/prebuilds/linux-arm64/node.napi.glibc.node'])
    assert.deepEqual(await shipped(all, X64), ['made/prebuilds/linux-x64/node.abi137.node'])
  })

  test('is left out where whoever asks for it can do without', async () => {
    const files = {
      ...aPackage(
        'made',
        { optionalDependencies: { faster: '1' }, dependencies: { bindings: '1' } },
        { 'prebuilds/linux-arm64/a.node': elf('arm64') },
      ),
      ...aPackage('faster', {}, gyp),
      ...aPackage('bindings', {}),
    }
    await using project = await openProject({ 'app.ts': uses('made'), ...files })
    const names = (await packed(project, ARM)).packages.map(({ name }) => name).sort()
    assert.deepEqual(names, ['bindings', 'made'])
  })
})

test('two versions of one package stand where each is looked for', async () => {
  await using project = await openProject({
    'app.ts': uses('made'),
    ...aPackage(
      'made',
      { dependencies: { left: '1', right: '1', deep: '1' } },
      { 'prebuilds/linux-arm64/a.node': elf('arm64') },
    ),
    ...aPackage('left', { dependencies: { deep: '2' } }),
    ...aPackage('right', { dependencies: { deep: '1' } }),
    ...aPackage('deep', {}),
    ...aPackage('deep', { version: '2.0.0', dependencies: { left: '1' } }, {}, 'node_modules/left/node_modules/deep'),
  })
  await project.write({ 'node_modules/made/binding.gyp': '{}' })
  const { packages } = await packed(project, ARM)
  assert.deepEqual(packages.map(({ path, version }) => `${path} ${version}`).sort(), [
    'node_modules/deep 1.0.0',
    'node_modules/left 1.0.0',
    'node_modules/left/node_modules/deep 2.0.0',
    'node_modules/made 1.0.0',
    'node_modules/right 1.0.0',
  ])
})

test('links out of a package are not followed; programs may be run, and nothing else', async () => {
  await using project = await openProject({
    'app.ts': uses('made'),
    ...aPackage(
      'made',
      {},
      {
        'binding.gyp': '{}',
        'lib/tool': elf('arm64', [], 'program'),
        'lib/script.sh': '#!/bin/sh\n',
        'lib/lib.so.4': elf('arm64'),
      },
    ),
    'secret.txt': 'secret',
  })
  const made = join(project.root, 'node_modules/made')
  await symlink(join(project.root, 'secret.txt'), join(made, 'secret.txt'))
  await symlink(project.root, join(made, 'all'))
  await symlink(join(made, 'lib/lib.so.4'), join(made, 'lib/lib.so'))
  const result = await packed(project, ARM)
  assert.deepEqual(
    beside(result),
    ['index.js', 'lib/lib.so', 'lib/lib.so.4', 'lib/script.sh', 'lib/tool', 'package.json'].map(
      (path) => `made/${path}`,
    ),
  )
  const modes = await modesOf(result)
  const run = [...modes].flatMap(([path, mode]) => (mode === 0o100755 ? [path] : []))
  assert.deepEqual(run.sort(), ['node_modules/made/lib/script.sh', 'node_modules/made/lib/tool'])
})

/** The rights that a zip's directory tells, by path. */
async function modesOf({ bytes }: Packed): Promise<Map<string, number>> {
  const zip = Buffer.from(await bytes())
  const modes = new Map<string, number>()
  const end = zip.lastIndexOf(Buffer.from('504b0506', 'hex'))
  let at = zip.readUInt32LE(end + 16)
  while (at < end) {
    const length = zip.readUInt16LE(at + 28)
    modes.set(zip.toString('utf8', at + 46, at + 46 + length), zip.readUInt32LE(at + 38) >>> 16)
    at += 46 + length
  }
  return modes
}

test('what is too large is refused before it is read, with what is largest in it', async () => {
  await using project = await openProject({
    'app.ts': uses('made'),
    ...aPackage('made', { dependencies: { huge: '1' } }, { 'binding.gyp': '{}', 'a.node': elf('arm64') }),
    ...aPackage('huge', {}),
  })
  const { truncate } = await import('node:fs/promises')
  const file = join(project.root, 'node_modules/huge/data.bin')
  await writeFile(file, '')
  await truncate(file, 262_144_000)
  await assert.rejects(packed(project, ARM), (error: Error) => {
    assert.match(error.message, /takes 250\.0 MB unzipped, where Lambda allows 250\.0 MB/)
    assert.match(error.message, /The largest: huge 1\.0\.0 \(250\.0 MB\), /)
    assert.match(error.message, /GOBLET_TOO_LARGE/)
    return true
  })
})

describe('external packages', () => {
  const app = `
import { app, lambda } from 'goblet'
import plain from 'plain'
import made from 'made'
export default app('packs')
export const layered = lambda({ external: ['plain', 'made'] }, () => [plain, made])
export const whole = lambda(() => [plain, made])
`
  const files = {
    'app.ts': app,
    ...aPackage('plain', { dependencies: { dep: '1' } }),
    ...aPackage('dep', {}),
    ...aPackage('made', {}, { 'binding.gyp': '{}', 'made.node': elf('arm64') }),
  }

  test('are not shipped with the function that names them; any other has them beside its bundle', async () => {
    await using project = await openProject(files)
    const { functions: described } = await project.build.discover()
    const { functions } = await project.build.bundle(
      described.map(({ export: name, trigger }) => ({
        name,
        trigger,
        exports: [name],
        external: name === 'layered' ? ['plain', 'made'] : [],
      })),
    )
    const packer = openPacker({ root: project.root, directory: join(project.root, '.goblet') })
    const of = async (name: string): Promise<string[]> => {
      const bundle = functions.get(name)
      assert.ok(bundle)
      return (await packer.pack(bundle, ARM)).packages.map((one) => one.name).sort()
    }
    assert.deepEqual(await of('layered'), [])
    assert.deepEqual(await of('whole'), ['dep', 'made', 'plain'])
    // It still runs here, where all is installed.
    const bundle = functions.get('layered')
    assert.ok(bundle)
    const { handler } = await import(bundle.entry)
    assert.deepEqual(await handler(null, {}), [1, 1])
  })

  test('need not be installed for a bundle', async () => {
    await using project = await openProject(files)
    await project.build.discover()
    await rename(join(project.root, 'node_modules/plain'), join(project.root, 'plain-away'))
    const { functions } = await project.build.bundle([
      { name: 'layered', trigger: 'lambda', exports: ['layered'], external: ['plain', 'made'] },
    ])
    assert.deepEqual(functions.get('layered')?.native, [])
  })
})

test('what a package asks late for, does not depend on, and is not there for, is not shipped', async () => {
  const careful =
    "let found = 'none'\ntry { found = require('not-there/lib') } catch (error) { found = error.code }\nmodule.exports = found\n"
  await using project = await openProject({
    'app.ts': uses('careful'),
    ...aPackage('careful', { optionalDependencies: { 'not-there': '1' } }, { 'index.js': careful }),
  })
  const { packages, files } = await packed(project, ARM)
  assert.deepEqual(packages, [])
  assert.ok(files.length > 0)
  const bundle = (await project.bundleAll()).functions.get('run')
  const { handler } = await import(bundle?.entry ?? '')
  assert.equal(await handler(null, {}), 'MODULE_NOT_FOUND')
})
