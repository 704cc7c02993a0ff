// How things look in a terminal: colour only where somebody sees it, complaints with their place first.
import { styleText } from 'node:util'
import { type Complaint, toPlace } from '../errors.ts'

type Style = Parameters<typeof styleText>[0]

// https://no-color.org; FORCE_COLOR is its opposite, for terminals behind pipes.
const coloured = (stream: NodeJS.WriteStream): boolean =>
  (process.env.NO_COLOR ?? '') === '' && ((process.env.FORCE_COLOR ?? '') !== '' || stream.isTTY === true)

/** Colours a text for standard output. */
export const paint = (style: Style, text: string): string => (coloured(process.stdout) ? styleText(style, text) : text)

const HUES = ['cyan', 'magenta', 'yellow', 'blue', 'green', 'cyanBright', 'magentaBright', 'blueBright'] as const

/** A colour of its own for a name: the same one in every run. */
export function toHue(name: string): Style {
  const sum = [...name].reduce((total, letter) => (total * 31 + letter.charCodeAt(0)) % 65_521, 7)
  return HUES[sum % HUES.length] ?? 'cyan'
}

const paintError = (style: Style, text: string): string => (coloured(process.stderr) ? styleText(style, text) : text)

export const print = (text = ''): void => {
  process.stdout.write(`${text}\n`)
}

/** Writes to standard error, so that it never mixes with what another program reads. */
export const warn = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

export const printJson = (value: unknown): void => print(JSON.stringify(value))

/** Shows complaints: what happened and where, then how to mend it. */
export function complain(complaints: readonly Complaint[], as: 'error' | 'warning' = 'error'): void {
  const mark = as === 'error' ? paintError('red', '✗') : paintError('yellow', '!')
  for (const { code, message, mend, where } of complaints) {
    const place = where === undefined ? '' : `${paintError('cyan', toPlace(where))}  `
    warn(`${mark} ${place}${message}`)
    warn(`  ${mend} ${paintError('dim', `[${code}]`)}`)
  }
}

// What others send may hold sequences that a terminal obeys: clear, move, answer in the user's name.
/** Text of others, its control characters made visible. */
export const toVisible = (text: string): string =>
  text.replace(/(?![\n\t])\p{Cc}/gu, (one) => `\\x${one.charCodeAt(0).toString(16).padStart(2, '0')}`)

/** Rows as columns, each as wide as its widest cell. */
export function toTable(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>(
    (known, row) => row.map((cell, index) => Math.max(known[index] ?? 0, cell.length)),
    [],
  )
  return rows
    .map((row) =>
      row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join('  '),
    )
    .join('\n')
}
