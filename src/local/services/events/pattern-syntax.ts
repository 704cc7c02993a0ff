// What is said of a pattern that is no JSON, or no object: the words of Jackson, which AWS reads patterns with, and the place.
// Source: recorded answers.

const TOKEN = /[ \t\r\n]*(?:"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|(?:true|false|null)(?![\w$])|([{}[\]:,]))/y
const VALUES = "JSON String, Number, Array, Object or token 'null', 'true' or 'false'"

/** The reason why a text is not even a JSON object. */
export function syntaxProblem(text: string): string {
  let before = ''
  TOKEN.lastIndex = 0
  let at = 0
  for (let found = TOKEN.exec(text); found !== null; found = TOKEN.exec(text)) {
    at = TOKEN.lastIndex
    // An array, or a plain value: the first token tells.
    if (before === '' && found[1] !== '{') return `Filter is not an object${place(text, endOf(text, found[0], at))}`
    before = found[1] ?? 'value'
  }
  const start = at + (/^[ \t\r\n]*/.exec(text.slice(at))?.[0].length ?? 0)
  const word = /^[A-Za-z_$][\w$]*/.exec(text.slice(start, start + 256))?.[0]
  if (word !== undefined)
    return `Unrecognized token '${word}': was expecting (${VALUES})${place(text, start + word.length)}`
  const char = text[start]
  if (char === undefined) return `Unexpected end-of-input${place(text, start)}`
  const wanted = before === '{' || before === ',' ? 'double-quote to start field name' : `a valid value (${VALUES})`
  return `Unexpected character ('${char}' (code ${char.charCodeAt(0)})): was expecting ${wanted}${place(text, start)}`
}

// Of a text Jackson has read the quote only.
const endOf = (text: string, token: string, end: number): number =>
  token.trimStart().startsWith('"') ? text.indexOf('"') + 1 : end

function place(text: string, index: number): string {
  const lines = text.slice(0, index).split('\n')
  return `\n at [Source: (String)"${text}"; line: ${lines.length}, column: ${(lines.at(-1) ?? '').length + 1}]`
}
