// What the analysis of permissions has to say at every save: only what it has not just said.
import type { Finding, Permissions } from '../model/index.ts'

export interface Found {
  readonly warnings: readonly Finding[]
  readonly errors: readonly Finding[]
}

/** Tells of an app's findings those that the app before it did not have. One in code that functions share is told once. */
export function openFindings(): (permissions: Permissions) => Found {
  let before: ReadonlySet<string> = new Set()
  return (permissions) => {
    const now = new Set<string>()
    const fresh = (finding: Finding): boolean => {
      const key = toKey(finding)
      const isNew = !before.has(key) && !now.has(key)
      now.add(key)
      return isNew
    }
    const all = [...permissions.values()]
    const errors = all.flatMap((own) => own.errors).filter(fresh)
    const warnings = all.flatMap((own) => own.warnings).filter(fresh)
    before = now
    return { warnings, errors }
  }
}

// Without the line: a line above it moves what has been told, and makes it no news.
const toKey = ({ kind, where, message }: Finding): string => JSON.stringify([kind, where.file, message])
