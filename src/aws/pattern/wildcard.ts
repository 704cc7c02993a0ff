// Wildcards: `*` stands for any text, `\*` and `\\` for themselves.
// A text is looked through once, from left to right, whatever the pattern: no text makes a match slow (ReDoS).
// Source: WildcardParser.java of aws/event-ruler.
import { fail } from './error.ts'

export function compileWildcard(pattern: string): (value: string) => boolean {
  const pieces = toPieces(pattern)
  const [first = '', ...rest] = pieces
  const last = rest.pop()
  if (last === undefined) return (value) => value === first
  const searches = rest.map(toSearch)
  return (value) => {
    if (!value.startsWith(first) || !value.endsWith(last)) return false
    let from = first.length
    for (const search of searches) {
      from = search(value, from)
      if (from < 0) return false
    }
    return from <= value.length - last.length
  }
}

/** The texts between the stars. */
function toPieces(pattern: string): string[] {
  const pieces: string[] = []
  let piece = ''
  for (let index = 0; index < pattern.length; index++) {
    const char = pattern[index] ?? ''
    const next = pattern[index + 1]
    if (char === '*') {
      // The ruler counts from the quote before the text.
      if (next === '*') fail(`Consecutive wildcard characters at pos ${index + 1}`)
      pieces.push(piece)
      piece = ''
    } else if (char === '\\') {
      if (next !== '*' && next !== '\\') fail(`Invalid escape character at pos ${index + 1}`)
      piece += next
      index++
    } else piece += char
  }
  return [...pieces, piece]
}

/** Where the piece ends when it is next found, or -1: Knuth, Morris and Pratt's search, as `indexOf` may take a product of lengths. */
function toSearch(piece: string): (text: string, from: number) => number {
  const borders = toBorders(piece)
  return (text, from) => {
    let matched = 0
    for (let index = from; index < text.length; index++) {
      matched = step(piece, borders, matched, text[index])
      if (matched === piece.length) return index + 1
    }
    return piece === '' ? from : -1
  }
}

function toBorders(piece: string): number[] {
  const borders = [0]
  let matched = 0
  for (let index = 1; index < piece.length; index++) {
    matched = step(piece, borders, matched, piece[index])
    borders.push(matched)
  }
  return borders
}

function step(piece: string, borders: readonly number[], matched: number, char: string | undefined): number {
  let at = matched
  while (at > 0 && piece[at] !== char) at = borders[at - 1] ?? 0
  return piece[at] === char ? at + 1 : 0
}
