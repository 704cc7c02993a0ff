// What the project's lockfile says of a package: which versions, and what their archives must be. Of npm, pnpm, yarn and bun.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** One version of a package that was agreed on. */
export interface Locked {
  readonly version: string
  /** `sha512-…`; undefined where the lockfile does not say. */
  readonly integrity: string | undefined
}

type Reader = (text: string, name: string) => Locked[]

/** Every version of the package in the nearest lockfile, of the folder or one above it. */
export function lockedOf(root: string, name: string): Locked[] {
  for (let folder = root; ; folder = dirname(folder)) {
    const file = Object.keys(READERS).find((one) => existsSync(join(folder, one)))
    if (file !== undefined) return READERS[file]?.(readFileSync(join(folder, file), 'utf8'), name) ?? []
    if (folder === dirname(folder)) return []
  }
}

const fromNpm: Reader = (text, name) => {
  const packages = memberOf(toJson(text), 'packages')
  const all = typeof packages === 'object' && packages !== null ? Object.entries(packages) : []
  return all.flatMap(([path, entry]) => {
    if (path !== `node_modules/${name}` && !path.endsWith(`/node_modules/${name}`)) return []
    const version = memberOf(entry, 'version')
    const integrity = memberOf(entry, 'integrity')
    if (typeof version !== 'string') return []
    return [{ version, integrity: typeof integrity === 'string' ? integrity : undefined }]
  })
}

// `'@img/sharp-linux-arm64@0.35.5':` and, on the next line, `resolution: {integrity: sha512-…}`.
const fromPnpm: Reader = (text, name) =>
  found(
    text,
    new RegExp(`^ +['"]?/?${escaped(name)}[@/]([^'":(]+)[^\n]*:\n +resolution: \\{[^}\n]*integrity: ([^,}\n]+)`, 'gm'),
  )

// A head of ranges, then `  version "0.35.5"` … `  integrity sha512-…`. Yarn 2 and later check archives of their own making.
const fromYarn: Reader = (text, name) =>
  found(
    text,
    new RegExp(
      `^"?${escaped(name)}@[^\n]*:\n(?: +[^\n]*\n)*? +version:? "?([^"\n]+)"?\n(?:(?: +resolved [^\n]*\n)? +integrity ([^\n]+))?`,
      'gm',
    ),
  )

// `"name": ["name@0.35.5", "", { … }, "sha512-…"],` on one line.
const fromBun: Reader = (text, name) =>
  found(text, new RegExp(`\\["${escaped(name)}@([^"]+)",[^\n]*"(sha\\d+-[^"]+)"\\]`, 'g'))

const READERS: Readonly<Record<string, Reader>> = {
  'package-lock.json': fromNpm,
  'npm-shrinkwrap.json': fromNpm,
  'pnpm-lock.yaml': fromPnpm,
  'yarn.lock': fromYarn,
  'bun.lock': fromBun,
}

const found = (text: string, pattern: RegExp): Locked[] =>
  [...text.matchAll(pattern)].map(([, version = '', integrity]) => ({ version, integrity: integrity?.trim() }))

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

function toJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
