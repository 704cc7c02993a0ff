// The platform that a function runs on, and which names of packages and files speak of it or of another one.

export type Cpu = 'x64' | 'arm64'

export interface Platform {
  /** `arm64` or `x86_64`, as Lambda says. */
  readonly architecture: string
  /** `nodejs24.x`. */
  readonly runtime: string
}

export const cpuOf = ({ architecture }: Platform): Cpu => (architecture === 'arm64' ? 'arm64' : 'x64')

/** The version of Node's binary interface. Source: Node's abi_version_registry.json. */
const ABIS: Readonly<Record<string, string>> = { 'nodejs22.x': '127', 'nodejs24.x': '137' }

export const abiOf = ({ runtime }: Platform): string | undefined => ABIS[runtime]

/** As people call it: `Linux, arm64, nodejs24.x`. */
export const titleOf = ({ architecture, runtime }: Platform): string => `Linux, ${architecture}, ${runtime}`

const OTHER_SYSTEM =
  /(?:^|[^a-z])(?:darwin|macos|osx|apple|win32|windows|msvc|freebsd|openbsd|netbsd|android|sunos|aix|openharmony|ohos|wasm32|wasi|webcontainers?|ios|electron|fsevents|(?:linux)?musl|alpine)(?:[^a-z]|$)/
const OTHER_CPU =
  /(?:^|[^a-z0-9])(?:arm|arm(?:v[67]l?|hf)|gnueabihf|ia32|x86|i686|ppc64(?:le|el)?|riscv64(?:gc)?|s390x|loong(?:arch)?64|mips(?:64)?(?:el)?)(?:[^a-z0-9_]|$)/
const CPUS: Readonly<Record<Cpu, RegExp>> = {
  x64: /(?:^|[^a-z0-9])(?:x64|x86[_-]64|amd64)(?:[^a-z0-9]|$)/,
  arm64: /(?:^|[^a-z0-9])(?:arm64|aarch64)(?:[^a-z0-9]|$)/,
}

/**
 * What the name of a package or a file says: `this` platform, `maybe` (it names the system or the processor only), an
 * `other` one, or none at all.
 */
export function spokenOf(name: string, cpu: Cpu): 'this' | 'maybe' | 'other' | 'none' {
  const text = name.toLowerCase()
  const isCpu = CPUS[cpu].test(text)
  if (OTHER_SYSTEM.test(text)) return 'other'
  if (!isCpu && (OTHER_CPU.test(text) || CPUS[cpu === 'x64' ? 'arm64' : 'x64'].test(text))) return 'other'
  const isLinux = /(?:^|[^a-z])linux(?:[^a-z]|$)/.test(text)
  if (isLinux && isCpu) return 'this'
  return isLinux || isCpu ? 'maybe' : 'none'
}

/** Whether what a manifest says of `os`, `cpu` and `libc` lets a package be installed there. Source: npm's package.json. */
export function suits(manifest: object, cpu: Cpu): boolean {
  return takes(manifest, 'os', 'linux') && takes(manifest, 'cpu', cpu) && takes(manifest, 'libc', 'glibc')
}

function takes(manifest: object, field: string, ours: string): boolean {
  const value: unknown = Reflect.get(manifest, field)
  const list: readonly unknown[] = Array.isArray(value) ? value : typeof value === 'string' ? [value] : []
  if (list.includes(`!${ours}`)) return false
  const wanted = list.filter((one) => typeof one === 'string' && !one.startsWith('!'))
  return wanted.length === 0 || wanted.includes(ours) || wanted.includes('any')
}
