// Limits of a queue's tags. Source: SQS Developer Guide, "Cost allocation tags": 50 a queue, 128 and 256 characters.
import { invalidParameter } from './problems.ts'

export function checkTags(tags: readonly (readonly [string, string])[]): void {
  if (tags.length > 50) throw invalidParameter('Too many tags added for queue. Maximum number of tags: 50.')
  for (const [key, value] of tags) {
    if (key === '' || key.length > 128)
      throw invalidParameter('Tag keys must be between 1 and 128 characters in length.')
    // Source: SQS's tag naming rules.
    if (/^aws:/i.test(key)) throw invalidParameter('Tag keys may not start with aws:, which is reserved.')
    if (value.length > 256) throw invalidParameter('Tag values must be between 0 and 256 characters in length.')
  }
}
