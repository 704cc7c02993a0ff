// `goblet import <file>`: an app.ts from the configuration of another framework, and a report of what became of it.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { problem, toPlace } from '../../errors.ts'
import { type Command, flagOption, type Input, JSON_OPTION, textOption } from '../command.ts'
import { paint, print, printJson } from '../terminal.ts'

const REPORT = 'goblet-import.md'

export const importing: Command = {
  name: 'import',
  summary: 'write an app.ts from a serverless.yml, a Chalice project or zappa_settings.json',
  examples: [
    'goblet import serverless.yml',
    'goblet import serverless.yml --stage prod --out goblet',
    'goblet import chalice   # .chalice/config.json and app.py of this folder',
    'goblet import zappa_settings.json',
  ],
  arguments: [
    { name: 'file', summary: 'serverless.yml, zappa_settings.json, or chalice for the project of this folder' },
  ],
  options: [
    { flag: '--stage <name>', summary: 'the stage whose values are written; others go to `stages`' },
    { flag: '--out <folder>', summary: 'where app.ts and the report go: the folder of the file' },
    JSON_OPTION,
  ],
  run,
}

async function run(input: Input): Promise<number> {
  const given = input.arguments[0] ?? ''
  const { importProject } = await import('../../import/index.ts')
  const { folder, made } = importProject(
    resolve(given),
    textOption(input, 'stage') || undefined,
    textOption(input, 'out') === '' ? undefined : resolve(textOption(input, 'out')),
  )
  const files = { ...made.files, [REPORT]: made.report }
  for (const file of Object.keys(files))
    if (existsSync(join(folder, file))) throw problem('GOBLET_FOLDER_TAKEN', { directory: folder, file })
  mkdirSync(folder, { recursive: true })
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
  const lost = made.findings.filter(({ outcome }) => outcome === 'lost').length
  if (flagOption(input, 'json')) printJson({ folder, files: Object.keys(files), findings: made.findings })
  else show(folder, given, Object.keys(files), made.findings)
  // What has no twin leaves the app incomplete: a script must not go on as if it were whole.
  return lost === 0 ? 0 : 2
}

type Findings = ReturnType<typeof import('../../import/index.ts').importProject>['made']['findings']

function show(folder: string, given: string, files: readonly string[], findings: Findings): void {
  const count = (outcome: string): number => findings.filter((one) => one.outcome === outcome).length
  for (const { outcome, where, subject, says } of findings) {
    if (outcome === 'mapped') continue
    const mark = outcome === 'lost' ? paint('red', '✗') : outcome === 'hand' ? paint('yellow', '!') : paint('dim', '·')
    print(`${mark} ${paint('cyan', toPlace(where))}  ${subject}: ${says}`)
  }
  const here = relative(process.cwd(), folder) || '.'
  print(
    `${paint('green', '✓')} ${basename(given)}: ${count('mapped')} taken over, ${count('noted')} to know, ${count('hand')} need a hand, ${count('lost')} not taken over`,
  )
  print(`  ${files.map((file) => (here === '.' ? file : `${here}/${file}`)).join(', ')}`)
  print(`\nNext:\n${here === '.' ? '' : `  cd ${here}\n`}  npm install goblet\n  npx goblet dev`)
}
