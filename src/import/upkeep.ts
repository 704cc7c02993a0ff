// What every framework says alike of the upkeep of functions: tags, layers, how long logs are kept, what keeps them warm.
import type { CodeMap } from './code.ts'
import { itemsOf, textOf } from './node.ts'
import type { Section } from './section.ts'

/** Tags of these keys, whose values are texts. */
export function tagsOf(section: Section, ...keys: readonly string[]): CodeMap | undefined {
  const made = keys.flatMap((key) => {
    const node = section.take(key)
    if (node === undefined) return []
    if (node.kind !== 'dict') {
      section.hand(key, 'are no map of texts, and were left out.')
      return []
    }
    return [...node.entries].flatMap(([name, { value, where }]) => {
      const text = textOf(value)
      if (text !== undefined) return [[name, text] as const]
      section.report.hand(where, `${section.pathOf(key)}.${name}`, 'is no plain text, and was left out.')
      return []
    })
  })
  return made.length === 0 ? undefined : Object.fromEntries(made)
}

const LAYER = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:layer:[\w-]+:\d+$/

/** Layers that are there already. */
export function layersOf(section: Section): string[] | undefined {
  const node = section.take('layers')
  const named = itemsOf(node).map((one) => textOf(one) ?? '')
  const made = named.filter((one) => LAYER.test(one))
  if (made.length < named.length || (node !== undefined && named.length === 0))
    section.hand(
      'layers',
      'has what is no ARN of a layer with its version, which was left out: what the code imports is bundled, and needs no layer.',
    )
  if (made.length > 0)
    section.noted(
      'layers',
      'are kept. A package that only a layer brings is named in `external`; all others are bundled.',
    )
  return made.length === 0 ? undefined : made
}

/** `logs` with as many days as this key says. */
export function retentionOf(section: Section, key: string): CodeMap | undefined {
  const days = section.number(key)
  return days === undefined ? undefined : { retention: days }
}
