// Analyses code that a test gives as text: grants as `action resource`, findings as `kind file:line`.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type AnalyseGiven, analyse } from '../../src/build/permissions/analyse.ts'

export interface Analysed {
  readonly grants: readonly string[]
  readonly findings: readonly string[]
}

export const PLACE = { partition: 'aws', region: 'us-east-1', account: '000000000000' }

/** Files by their paths; the handler is `handler` of handler.ts, unless `given` says otherwise. */
export function analysed(files: Readonly<Record<string, string>>, given: Partial<AnalyseGiven> = {}): Analysed {
  const root = mkdtempSync(join(tmpdir(), 'goblet-code-'))
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    const file = Object.keys(files).find((path) => /^handler\./.test(path)) ?? 'handler.ts'
    const { grants, warnings, errors } = analyse({ file, export: 'handler', root, env: {}, place: PLACE, ...given })
    return {
      grants: grants.map(({ action, resource }) => `${action} ${tailOf(resource)}`),
      findings: [...warnings, ...errors].map(({ kind, where }) => `${kind} ${where.file}:${where.line}`),
    }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

/** What follows account and region in an ARN: `table/orders`. */
const tailOf = (resource: string): string => resource.split(':').slice(5).join(':') || resource
