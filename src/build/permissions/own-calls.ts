// Which operations an installed package asks for by clients of its own, as far as its text names them.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { field, isDirectory, readLooseJson } from './manifest.ts'

const known = new Map<string, readonly string[] | undefined>()

/** Undefined for a package that does not depend on the SDK. */
export function ownCalls(directory: string): readonly string[] | undefined {
  if (known.has(directory)) return known.get(directory)
  const dependencies = field(readLooseJson(join(directory, 'package.json')), 'dependencies')
  const names = typeof dependencies === 'object' && dependencies !== null ? Object.keys(dependencies) : []
  const isOpen = names.some((name) => /^(?:@aws-sdk\/(?:client|lib)-|aws-sdk$)/.test(name))
  const found = isOpen ? [...commandsIn(directory)].sort() : undefined
  known.set(directory, found)
  return found
}

// Enough to tell; the rest of a large package is not read for it.
const MOST_FILES = 80
const LARGEST = 300_000

function commandsIn(directory: string): Set<string> {
  const commands = new Set<string>()
  const waiting = [directory]
  let files = 0
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    for (const entry of readdirSync(folder)) {
      const path = join(folder, entry)
      if (isDirectory(path)) {
        if (entry !== 'node_modules') waiting.push(path)
        continue
      }
      if (!/\.[mc]?js$/.test(entry) || ++files > MOST_FILES) continue
      const text = readFileSync(path, 'utf8').slice(0, LARGEST)
      for (const [, name] of text.matchAll(/\bnew (?:\w+\.)?([A-Z]\w+)Command\(/g))
        if (name !== undefined) commands.add(name)
    }
  }
  return commands
}
