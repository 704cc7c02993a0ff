// One field of a cron(…): `*`, numbers and names, ranges, steps and lists, read into a set of numbers.

/** A value, or what is wrong, worded to follow "The schedule `x` …". */
export type Read<T> = { readonly value: T } | { readonly problem: string }

/** One of the six fields: the numbers it takes and their names, the first name for the first number. */
export interface Field {
  readonly name: string
  readonly first: number
  readonly last: number
  readonly names: readonly string[]
  /** Whether a range may go over the end. */
  readonly wraps: boolean
}

export const ascending = (set: ReadonlySet<number>): number[] => [...set].sort((left, right) => left - right)

const ITEM = /^(?:(\*)|([0-9A-Z]+)(?:-([0-9A-Z]+))?)(?:\/(\d+))?$/

/** Reads `*`, `5`, `1-7`, `22-2`, `0/10`, `10-20/5`, and lists of these. */
export function readField(text: string, field: Field): Read<ReadonlySet<number>> {
  const found = new Set<number>()
  const { name, first, last } = field
  const wrong = (item: string): Read<never> => {
    const names = field.names.length === 0 ? '' : ` or ${field.names[0]}-${field.names.at(-1)}`
    return {
      problem: `has the ${name} \`${item}\`, where cron takes ${first}-${last}${names}, \`*\`, and , - / of these`,
    }
  }
  for (const item of text.split(',')) {
    const [matched, star, low = '', high, step] = ITEM.exec(item) ?? []
    if (matched === undefined) return wrong(item)
    const from = star === undefined ? toNumber(low, field) : first
    const open = star !== undefined || (high === undefined && step !== undefined)
    const to = open ? last : high === undefined ? from : toNumber(high, field)
    const by = step === undefined ? 1 : Number(step)
    if (from === undefined || to === undefined || by < 1 || by > last) return wrong(item)
    if (to < from && !field.wraps) return { problem: `has the years \`${item}\`, which end before they begin` }
    // A range may go over the end: 22-2 are the hours 22, 23, 0, 1 and 2.
    const length = last - first + 1
    const end = to < from ? to + length : to
    for (let value = from; value <= end; value += by) found.add(value > last ? value - length : value)
  }
  return { value: found }
}

/** The number that a number or a name stands for, or undefined where the field has none such. */
export function toNumber(word: string, { first, last, names }: Field): number | undefined {
  const index = names.indexOf(word)
  if (index >= 0) return first + index
  const value = /^\d{1,4}$/.test(word) ? Number(word) : Number.NaN
  return value >= first && value <= last ? value : undefined
}
