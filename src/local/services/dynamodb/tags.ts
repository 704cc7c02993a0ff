// Tags of tables.
import { invalid } from './problems.ts'
import { listOf, textOf } from './schema.ts'

export type Tags = Readonly<Record<string, string>>

export function readTags(value: unknown): Record<string, string> {
  const tags: Record<string, string> = Object.create(null)
  for (const one of listOf(value)) tags[textOf(one.Key)] = textOf(one.Value)
  return tags
}

const MOST = 50

export function checkTags(tags: Tags): Tags {
  for (const key of Object.keys(tags)) {
    if (key === '' || key.length > 128) throw invalid(`Tag keys must be between 1 and 128 characters long. Key: ${key}`)
    if (key.toLowerCase().startsWith('aws:')) throw invalid('Tag keys starting with aws: are reserved for system use')
  }
  if (Object.keys(tags).length > MOST)
    throw invalid(`One or more parameter values were invalid: Too many tags. Limit: ${MOST}`)
  return tags
}
