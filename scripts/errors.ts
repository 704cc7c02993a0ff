// Writes docs/errors.md from the catalogue of errors; a test compares the two.
import { writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { catalogue } from '../src/errors.ts'

const HEAD = `# Errors

Everything Goblet says when something is wrong, by code: what it says, and the way out. Words in ‹ › are filled in.
This page is written from \`src/errors.ts\` by \`npm run docs:errors\`.
`

// Every detail a message may ask for reads as its own name. Arithmetic on two of them has no answer to show.
const details: never = new Proxy({}, { get: (_, name) => `‹${String(name)}›` }) as never

function section(code: keyof typeof catalogue): string {
  const { says, mend } = catalogue[code]
  const [message, way] = [says(details), mend(details)].map((text) => text.replaceAll('NaN', '‹count›'))
  return `## ${code}\n\n${message}\n\n**The way out:** ${way}\n`
}

/** The whole page. */
export function page(): string {
  const codes = Object.keys(catalogue).filter((code): code is keyof typeof catalogue => code in catalogue)
  return [HEAD, ...codes.sort().map(section)].join('\n')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(new URL('../docs/errors.md', import.meta.url), page())
}
