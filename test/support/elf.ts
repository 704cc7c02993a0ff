// Files of machine code, made by hand: as much of them as anybody reads who does not run them.
import type { Files } from './project.ts'

export type Machine = 'x64' | 'arm64'

/** The head of an ELF file, and texts that stand in it as they do in what was compiled. */
export function elf(
  machine: Machine,
  texts: readonly string[] = ['napi_create_function'],
  kind: 'program' | 'library' = 'library',
): Buffer {
  const head = Buffer.alloc(64)
  head.write('\x7fELF', 'latin1')
  head.set([2, 1, 1], 4)
  head.writeUInt16LE(kind === 'program' ? 2 : 3, 16)
  head.writeUInt16LE(machine === 'x64' ? 62 : 183, 18)
  return Buffer.concat([head, Buffer.from(texts.join('\0'), 'latin1')])
}

/** A package: its manifest and its files. */
export function aPackage(
  name: string,
  manifest: Readonly<Record<string, unknown>>,
  files: Files = {},
  folder = `node_modules/${name}`,
): Record<string, string | Uint8Array> {
  const all = {
    'package.json': JSON.stringify({ name, version: '1.0.0', main: 'index.js', ...manifest }),
    'index.js': 'module.exports = 1\n',
    ...files,
  }
  return Object.fromEntries(Object.entries(all).map(([path, text]) => [`${folder}/${path}`, text]))
}
