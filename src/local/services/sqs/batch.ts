// What the three batch actions have in common: the rules for entries, and one answer for each.
import type { JsonObject } from '../../../aws/protocol/json.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import { objectsOf, textOf } from './input.ts'
import { emptyBatch, invalidEntryId, repeatedEntryId, tooManyEntries } from './problems.ts'

export interface BatchEntry {
  readonly id: string
  readonly input: JsonObject
}

/** Reads and checks the entries; a problem here refuses the whole batch. */
export function readEntries(input: JsonObject, kind: string): BatchEntry[] {
  const entries = objectsOf(input, 'Entries').map((one) => ({ id: textOf(one, 'Id') ?? '', input: one }))
  if (entries.length === 0) throw emptyBatch(kind)
  if (entries.length > 10) throw tooManyEntries(entries.length)
  const seen = new Set<string>()
  for (const { id } of entries) {
    if (!/^[\w-]{1,80}$/.test(id)) throw invalidEntryId()
    if (seen.has(id)) throw repeatedEntryId(id)
    seen.add(id)
  }
  return entries
}

/** Does each entry on its own; what is refused is reported and keeps nothing else back. Refusals must come before writes. */
export function eachEntry(entries: readonly BatchEntry[], work: (entry: BatchEntry) => JsonObject): JsonObject {
  const successful: JsonObject[] = []
  const failed: JsonObject[] = []
  for (const entry of entries) {
    try {
      successful.push({ Id: entry.id, ...work(entry) })
    } catch (problem) {
      if (!(problem instanceof ServiceError)) throw problem
      failed.push({
        Id: entry.id,
        SenderFault: problem.fault === 'Sender',
        Code: problem.code,
        Message: problem.message,
      })
    }
  }
  return {
    ...(successful.length === 0 ? {} : { Successful: successful }),
    ...(failed.length === 0 ? {} : { Failed: failed }),
  }
}
