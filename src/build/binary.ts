// What a file of machine code is for, as its own head says, and what it asks of the system that loads it.
import type { Cpu } from './platform.ts'

export interface Binary {
  readonly system: 'linux' | 'other'
  readonly cpu: Cpu | 'other'
  /** It is run by itself, not loaded: it needs the right to be. */
  readonly isProgram: boolean
}

/** As much of a file as `readBinary` looks at. */
export const HEAD = 20

// Source: the ELF specification, e_machine.
const MACHINES: Readonly<Record<number, Cpu>> = { 62: 'x64', 183: 'arm64' }

const FOREIGN: Binary = { system: 'other', cpu: 'other', isProgram: false }

/** What the beginning of a file says; undefined of one that is no machine code. */
export function readBinary(path: string, head: Buffer): Binary | undefined {
  const isLibrary = /\.(?:node|so(?:\.[\d.]+)?)$/.test(path)
  const isElf = head.length >= HEAD && head.readUInt32BE(0) === 0x7f454c46
  if (!isElf) return path.endsWith('.node') ? FOREIGN : undefined
  const isLittle = head[5] === 1
  // A relocatable object: a part of what was compiled, which nothing loads.
  const kind = isLittle ? head.readUInt16LE(16) : head.readUInt16BE(16)
  if (kind === 1) return undefined
  const cpu = isLittle && head[4] === 2 ? MACHINES[head.readUInt16LE(18)] : undefined
  return { system: 'linux', cpu: cpu ?? 'other', isProgram: !isLibrary }
}

/** Programs and scripts, told by their beginning: rights on disk differ from one system to the next. */
export const isExecutable = (path: string, head: Buffer): boolean =>
  readBinary(path, head)?.isProgram === true || head.subarray(0, 2).toString('latin1') === '#!'

// Source: "Lambda runtimes": nodejs22.x and nodejs24.x run on Amazon Linux 2023, whose glibc is 2.34.
const GLIBC = 34

/** What keeps a Linux file of the right processor from being loaded there; undefined: nothing is known of. */
export function obstacleOf(path: string, contents: Buffer, abi: string | undefined): string | undefined {
  const text = contents.toString('latin1')
  if (/libc\.musl-|ld-musl-/.test(text)) return 'is for Linux with musl'
  const glibc = Math.max(0, ...[...text.matchAll(/GLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor)))
  if (glibc > GLIBC) return `needs glibc 2.${glibc}, and Lambda has 2.${GLIBC}`
  if (!path.endsWith('.node') || /napi_[a-z]/.test(text)) return undefined
  // Without Node-API an addon is for one version of Node's own interface, which its entry point may name.
  const named = /node_register_module_v(\d+)/.exec(text)?.[1] ?? /abi(\d+)/.exec(path)?.[1] ?? process.versions.modules
  return named === abi ? undefined : `is for version ${named} of Node’s interface, and the runtime has ${abi}`
}
