// The door of import: configurations of other frameworks in, an app.ts and a report out.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { problem } from '../errors.ts'
import { importChalice } from './chalice/project.ts'
import { type Finding, toMarkdown } from './report.ts'
import { readService } from './serverless/service.ts'
import { settingsOf, tsconfig } from './setting.ts'
import { readYaml } from './yaml.ts'
import { importZappa } from './zappa.ts'

export type { Finding, Outcome } from './report.ts'

export interface Made {
  /** Path → text: `app.ts`, and what belongs to it. */
  readonly files: Readonly<Record<string, string>>
  readonly findings: readonly Finding[]
  /** The report, as Markdown. */
  readonly report: string
}

/**
 * Imports a serverless.yml, a zappa_settings.json, or the Chalice project of a folder, to be written to `out`. Throws
 * GOBLET_BAD_IMPORT for what cannot be read at all.
 */
export function importProject(given: string, stage?: string, out?: string): { folder: string; made: Made } {
  const name = basename(given)
  const chalice = chaliceOf(given)
  if (chalice !== undefined) return { folder: out ?? chalice, made: finished(importChalice(chalice, stage)) }
  if (!existsSync(given)) throw missing(name)
  if (/^zappa_settings\.(?:json|ya?ml)$/.test(name))
    return { folder: out ?? dirname(given), made: finished(importZappa(given, stage)) }
  if (statSync(given).isDirectory() || !/\.(?:ya?ml|json)$/.test(name)) throw missing(name)
  const folder = out ?? dirname(given)
  return { folder, made: finished(importServerless(given, folder, stage)) }
}

// `goblet import chalice`, or the folder, or its configuration, or its app.py.
function chaliceOf(given: string): string | undefined {
  const folders = [
    given,
    basename(given) === 'chalice' ? dirname(given) : given,
    dirname(given),
    dirname(dirname(given)),
  ]
  const named =
    /^(?:chalice|app\.py|config\.json)$/.test(basename(given)) || (existsSync(given) && statSync(given).isDirectory())
  return named ? folders.find((folder) => existsSync(join(folder, '.chalice', 'config.json'))) : undefined
}

const missing = (name: string) =>
  problem('GOBLET_BAD_IMPORT', {
    problem: `${name} is no serverless.yml, no zappa_settings.json and no folder with .chalice/config.json`,
  })

interface Draft {
  readonly files: Readonly<Record<string, string>>
  readonly findings: readonly Finding[]
  readonly title: string
}

const finished = ({ files, findings, title }: Draft): Made => ({ files, findings, report: toMarkdown(title, findings) })

function importServerless(file: string, out: string, stage: string | undefined): Draft {
  const name = basename(file)
  const tree = readYaml(readFileSync(file, 'utf8'), name)
  const settings = settingsOf(dirname(file))
  const { draft, report, context } = readService(tree, dirname(file), stage, { out, ...settings })
  settings.tell(report)
  const title = `${context.service}, from ${name}`
  const files = draft.toFiles(
    `// ${title}: its handlers are imported as they are. goblet-import.md says what is left to do.`,
    context.late,
  )
  return {
    files: settings.hasConfig ? files : { ...files, 'tsconfig.json': tsconfig },
    findings: report.findings,
    title,
  }
}
