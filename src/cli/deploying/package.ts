// Runs `goblet package`.
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import {
  askedOf,
  codeBeside,
  EXPORTS,
  type ExportFile,
  type ExportFormat,
  NOWHERE,
  toListeners,
  toPortable,
  toTemplate,
} from '../../deploy/index.ts'
import { nearest, problem } from '../../errors.ts'
import { packArtifacts } from '../artifacts.ts'
import { flagOption, type Input, textOption } from '../command.ts'
import { openProject } from '../project.ts'
import { paint, print, printJson } from '../terminal.ts'
import { refuseUnknown } from './deployment.ts'

const FORMATS = Object.keys(EXPORTS)

export async function runPackage(input: Input): Promise<number> {
  const format = readFormat(textOption(input, 'format', 'cloudformation'))
  const out = resolve(textOption(input, 'out') || join('package', format))
  refuseTaken(out)
  const { files, code } = await toFiles(input, format)
  await write(out, files, code)
  const shown = relative(process.cwd(), out) || '.'
  if (flagOption(input, 'json'))
    printJson({ format, out, files: [...files.map(({ path }) => path), ...code.keys()].sort() })
  else {
    for (const { path } of files) print(`  ${join(shown, path)}`)
    print(`  ${join(shown, 'code')}/   ${paint('dim', `${code.size} function${code.size === 1 ? '' : 's'}`)}`)
    print(`${join(shown, 'README.md')} says how to deploy it without Goblet.`)
  }
  return 0
}

function readFormat(text: string): ExportFormat {
  const found = FORMATS.find((one): one is ExportFormat => one === text)
  if (found !== undefined) return found
  const near = nearest(text, FORMATS)
  throw problem('GOBLET_USAGE', {
    problem: `There is no format ${text}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
    mend: `The formats are: ${FORMATS.join(', ')}.`,
  })
}

// Of an export before, which is written anew.
const MARK = 'goblet-export.json'

function refuseTaken(out: string): void {
  if (!existsSync(out) || existsSync(join(out, MARK))) return
  const [file] = readdirSync(out)
  if (file !== undefined) throw problem('GOBLET_FOLDER_TAKEN', { directory: out, file })
}

interface Written {
  readonly files: readonly ExportFile[]
  /** Zips by path. */
  readonly code: ReadonlyMap<string, () => Promise<Uint8Array>>
}

async function toFiles(input: Input, format: ExportFormat): Promise<Written> {
  const project = await openProject(input)
  try {
    const { model, bundles, permissions } = await project.deployable(Promise.resolve(NOWHERE))
    refuseUnknown(permissions)
    const artifacts = await packArtifacts(project.root, model, bundles)
    const places = artifacts.map((one) => [one, codeBeside(basename(one.key))] as const)
    const { known, parameters } = askedOf(model)
    const code = new Map(places.map(([one, place]) => [one.function, place]))
    const making = { model, permissions, code, known }
    const { app, stage } = model
    const template = toPortable(toTemplate(making), parameters)
    const files = EXPORTS[format]({ app, stage, template, listeners: toListeners(making) })
    return { files, code: new Map(places.map(([one, { key }]) => [key, one.bytes])) }
  } finally {
    await project.close()
  }
}

async function write(out: string, files: readonly ExportFile[], code: Written['code']): Promise<void> {
  // Zips of code that has changed since would stay for ever. What a tool keeps beside (Terraform's state) is not touched.
  await rm(join(out, 'code'), { recursive: true, force: true })
  await mkdir(join(out, 'code'), { recursive: true })
  const mark: ExportFile = { path: MARK, text: `${JSON.stringify({ files: files.map(({ path }) => path) })}\n` }
  for (const { path, text } of [...files, mark]) {
    await mkdir(dirname(join(out, path)), { recursive: true })
    await writeFile(join(out, path), text)
  }
  for (const [path, bytes] of code) await writeFile(join(out, path), await bytes())
}
