// `goblet new [dir]`: a new project from a template.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { nearest, problem } from '../../errors.ts'
import { toAppName } from '../../model/index.ts'
import { type Command, flagOption, JSON_OPTION, textOption } from '../command.ts'
import { packageRoot } from '../package.ts'
import { paint, print, printJson, warn } from '../terminal.ts'

export const create: Command = {
  name: 'new',
  summary: 'start a project from a template',
  examples: ['goblet new my-app', 'goblet new imager --template image-pipeline'],
  arguments: [{ name: 'folder', summary: "where to; its name becomes the app's", optional: true }],
  options: [
    {
      flag: '--template <name>',
      summary: 'hello, crud, express, fastify, hono, image-pipeline or websocket-chat',
      default: 'hello',
    },
    JSON_OPTION,
  ],
  run: async (input) => {
    const template = textOption(input, 'template', 'hello')
    const folder = resolve(input.arguments[0] ?? template)
    const files = write(findTemplate(template), folder)
    const here = relative(process.cwd(), folder) || '.'
    if (flagOption(input, 'json')) {
      printJson({ folder, template, files })
      return 0
    }
    print(`${paint('green', '✓')} ${here} from the template ${template}: ${files.join(', ')}`)
    if (!hasTypes())
      warn(
        `${paint('yellow', '!')} This copy of goblet is built without types, so editors and tsc know nothing of it. Build them: npm run build`,
      )
    print(`\nNext:\n${here === '.' ? '' : `  cd ${here}\n`}  npm install\n  npx goblet dev`)
    return 0
  },
}

function findTemplate(name: string): string {
  const folder = fileURLToPath(new URL('templates/', packageRoot()))
  const known = readdirSync(folder)
  if (known.includes(name)) return join(folder, name)
  const suggestion = nearest(name, known)
  const did = suggestion === undefined ? '' : ` Did you mean \`${suggestion}\`?`
  throw problem('GOBLET_USAGE', {
    problem: `There is no template \`${name}\`.${did}`,
    mend: `The templates are: ${known.join(', ')}.`,
  })
}

// Nothing is overwritten: a folder that holds one of the template's files is left as it is.
function write(template: string, folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false)
    throw problem('GOBLET_FOLDER_TAKEN', { directory: dirname(folder), file: basename(folder) })
  const files = readdirSync(template, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => relative(template, join(one.parentPath, one.name)))
    .filter(isOfTemplate)
    .sort()
  for (const file of files) {
    const target = nameOf(file)
    if (existsSync(join(folder, target))) throw problem('GOBLET_FOLDER_TAKEN', { directory: folder, file: target })
  }
  mkdirSync(folder, { recursive: true })
  cpSync(template, folder, { recursive: true, filter: (path) => isOfTemplate(relative(template, path)) })
  for (const file of files) if (nameOf(file) !== file) renameSync(join(folder, file), join(folder, nameOf(file)))
  const name = toAppName(basename(folder))
  for (const file of ['package.json', 'app.ts', 'README.md']) fill(join(folder, file), 'my-app', name)
  const checkout = fileURLToPath(packageRoot())
  // From a checkout there may be no published package of this version yet: the new project takes the checkout itself.
  if (!checkout.includes(`${sep}node_modules${sep}`))
    fill(join(folder, 'package.json'), /"goblet": "[^"]*"/, `"goblet": "file:${relative(folder, checkout)}"`)
  return files.map(nameOf)
}

// Only a checkout may be without: packages are published with them.
const hasTypes = (): boolean => existsSync(fileURLToPath(new URL('dist/types/index.d.ts', packageRoot())))

// In a checkout somebody may have tried a template where it lies.
const isOfTemplate = (path: string): boolean => !/^(?:\.goblet|node_modules)(?:[\\/]|$)/.test(path)

// npm leaves .gitignore out of packages, so the template's has another name.
const nameOf = (file: string): string => (file === 'gitignore' ? '.gitignore' : file)

function fill(file: string, mark: string | RegExp, text: string): void {
  if (existsSync(file))
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(typeof mark === 'string' ? new RegExp(mark, 'g') : mark, text),
    )
}
