// What every benchmark here does alike: entries in interleaved rounds, medians, and a table with the ratio to the first entry.
import { execFileSync } from 'node:child_process'

/** `[a, b, c]` in rounds a b c, c b a, a b c …: whatever drifts during the run meets every entry alike. */
export function* interleaved(entries, rounds) {
  for (let round = 0; round < rounds; round++) {
    for (const entry of round % 2 === 0 ? entries : entries.toReversed()) yield { entry, round }
  }
}

export function median(values) {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Prints rows of equal shape as a Markdown table, so that it can go into README.md as it is. */
export function print(title, rows) {
  const heads = Object.keys(rows[0] ?? {})
  const cells = [heads, heads.map(() => '---'), ...rows.map((row) => heads.map((head) => String(row[head] ?? '–')))]
  const widths = heads.map((_, column) => Math.max(...cells.map((row) => row[column].length)))
  console.log(`\n${title}\n`)
  for (const row of cells) console.log(`| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`)
}

/** A figure with as many digits as it deserves. */
export function figure(value, unit = '') {
  if (value === undefined || Number.isNaN(value)) return '–'
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return `${value.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`
}

export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** The heading of a run: figures mean nothing without the machine they come from. `node` is the program that was measured. */
export function heading(what, node = process.execPath) {
  const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
  console.log(`${what} · Node ${version} · ${process.platform} ${process.arch}`)
}
