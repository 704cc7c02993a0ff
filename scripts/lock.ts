// Completes package-lock.json with the platform packages that the registry did not answer for when the lock was written.
// npm leaves such optional packages out of the lock, and `npm ci` then refuses the lock on every platform.
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

interface Entry {
  readonly version?: string
  readonly cpu?: readonly string[]
  readonly dev?: boolean
  readonly optional?: boolean
  readonly os?: readonly string[]
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

interface Lock {
  readonly packages: Readonly<Record<string, Entry>>
}

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']

// The name of a platform package says which machines it is for.
function entry(name: string, version: string, dev: boolean | undefined): Entry {
  const words = name.replace(/^@[^/]*\//, '').split('-')
  const cpu = words.filter((word) => PROCESSORS.includes(word))
  const os = words.filter((word) => SYSTEMS.includes(word))
  return { version, ...(cpu.length > 0 && { cpu }), ...(dev && { dev }), optional: true, ...(os.length > 0 && { os }) }
}

/** The entries that a lock lacks, by path. Ranges are left out: platform packages are pinned by those that bring them. */
export function absent({ packages }: Lock): Record<string, Entry> {
  const found: Record<string, Entry> = {}
  for (const { optionalDependencies = {}, dev } of Object.values(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const path = `node_modules/${name}`
      if (packages[path] === undefined && /^\d+\.\d+\.\d+$/.test(version)) found[path] = entry(name, version, dev)
    }
  }
  return found
}

export const path = new URL('../package-lock.json', import.meta.url)

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const lock: Lock = JSON.parse(readFileSync(path, 'utf8'))
  const added = absent(lock)
  const sorted = Object.entries({ ...lock.packages, ...added }).sort(([left], [right]) =>
    left.localeCompare(right, 'en'),
  )
  writeFileSync(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`)
  console.log(`package-lock.json: ${Object.keys(added).length} entries added`)
}
