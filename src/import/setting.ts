// What the project of an import has already: its tsconfig.json says how imports are written.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { GobletError } from '../errors.ts'
import { member, textOf } from './node.ts'
import type { Report } from './report.ts'
import { readYaml } from './yaml.ts'

export interface Settings {
  readonly hasConfig: boolean
  /** Imports of TypeScript end with `.ts`. */
  readonly tsEndings: boolean
  tell(report: Report): void
}

export function settingsOf(folder: string): Settings {
  const file = join(folder, 'tsconfig.json')
  if (!existsSync(file)) return { hasConfig: false, tsEndings: true, tell: tellNew }
  const config = read(file)
  const has = (name: string): boolean => textOf(member(config, 'compilerOptions', name)) === 'true'
  return {
    hasConfig: true,
    tsEndings: has('allowImportingTsExtensions'),
    tell: (report) => {
      const where = { file: 'tsconfig.json', line: 1 }
      if (!has('allowJs'))
        report.noted(
          where,
          'compilerOptions',
          '`allowJs: true` lets app.ts import handlers that are written in JavaScript.',
        )
    },
  }
}

const tellNew = (report: Report): void =>
  report.noted(
    { file: 'tsconfig.json', line: 1 },
    'compilerOptions',
    'was written, for the editor and `tsc`; Goblet itself does not need it.',
  )

// It may have comments, which YAML's flow form does not know.
function read(file: string): ReturnType<typeof readYaml> | undefined {
  const text = readFileSync(file, 'utf8')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/\/\*[\s\S]*?\*\//g, '')
  try {
    return readYaml(text, 'tsconfig.json')
  } catch (error) {
    if (error instanceof GobletError) return undefined
    throw error
  }
}

/** For projects that have none: handlers may be CommonJS, in packages that say nothing of modules. */
export const tsconfig = `${JSON.stringify(
  {
    compilerOptions: {
      target: 'es2023',
      lib: ['es2023'],
      module: 'preserve',
      moduleResolution: 'bundler',
      moduleDetection: 'force',
      types: ['node'],
      strict: true,
      allowJs: true,
      allowImportingTsExtensions: true,
      skipLibCheck: true,
      noEmit: true,
    },
    files: ['app.ts'],
  },
  undefined,
  2,
)}\n`
