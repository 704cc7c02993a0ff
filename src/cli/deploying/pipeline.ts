// What `goblet pipeline` does: reads the app and its repository, and writes the pipeline's files.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import {
  askedOf,
  codeBeside,
  NOWHERE,
  PIPELINES,
  type Pipeline,
  type PipelineKind,
  type PipelineProject,
  pipelineRights,
  toTemplate,
} from '../../deploy/index.ts'
import { nearest, problem } from '../../errors.ts'
import { type Model, readLock } from '../../model/index.ts'
import { flagOption, type Input, textOption } from '../command.ts'
import { LOCK } from '../policy-check.ts'
import { openProject, placeOf } from '../project.ts'
import { paint, print, printJson, warn } from '../terminal.ts'

export async function runPipeline(input: Input): Promise<number> {
  const kind = readKind(input.arguments[0] ?? '')
  const { root, entry } = placeOf(input)
  const repository = repositoryOf(root)
  const region = readRegion(input)
  const project = await openProject(input)
  const read = await project.deployable(Promise.resolve(NOWHERE)).finally(() => project.close())
  const { model, permissions } = read
  const code = new Map(model.functions.map(({ name }) => [name, codeBeside(`${name}.zip`)]))
  const template = toTemplate({ model, permissions, code, known: askedOf(model).known })
  const rights = pipelineRights(template, model)
  const described = { ...describe(root, repository, model), entry, region, branch: textOption(input, 'branch', 'main') }
  const made = PIPELINES[kind](described, rights)
  if (rights.unknown.length > 0)
    warn(`${paint('yellow', '!')} Add to the roles what deploying these takes: ${rights.unknown.join(', ')}.`)
  if (flagOption(input, 'write')) write(repository, made)
  if (flagOption(input, 'json')) printJson({ kind, ...made, unknown: rights.unknown })
  else show(made, flagOption(input, 'write'))
  return 0
}

function readKind(text: string): PipelineKind {
  const kinds = Object.keys(PIPELINES)
  const found = kinds.find((one): one is PipelineKind => one === text)
  if (found !== undefined) return found
  const near = nearest(text, kinds)
  throw problem('GOBLET_USAGE', {
    problem: `There is no pipeline ${text}.${near === undefined ? '' : ` Did you mean ${near}?`}`,
    mend: `There are: ${kinds.join(', ')}.`,
  })
}

function readRegion(input: Input): string {
  const { AWS_REGION = '', AWS_DEFAULT_REGION = '' } = process.env
  const region = textOption(input, 'region') || AWS_REGION || AWS_DEFAULT_REGION
  if (region === '') throw problem('GOBLET_NO_REGION', {})
  return region
}

/** The folder that holds the repository; the project's own where there is none. */
function repositoryOf(root: string): string {
  for (let folder = root; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder
    if (dirname(folder) === folder) return root
  }
}

const LOCKS = { pnpm: 'pnpm-lock.yaml', yarn: 'yarn.lock', npm: 'package-lock.json' } as const
const INSTALLERS = ['pnpm', 'yarn', 'npm'] as const

function describe(
  root: string,
  repository: string,
  { app, stage, functions }: Model,
): Omit<PipelineProject, 'entry' | 'region' | 'branch'> {
  const found = INSTALLERS.find((one) => existsSync(join(root, LOCKS[one])))
  return {
    app,
    stage,
    // Of functions that are images, there is none.
    node: /\d+/.exec(functions[0]?.runtime ?? '')?.[0] ?? '24',
    folder: relative(repository, root).split(sep).join('/'),
    installer: found ?? 'npm',
    locked: found !== undefined,
    lockedStage: lockedStageOf(join(root, LOCK)),
  }
}

function lockedStageOf(file: string): string | undefined {
  if (!existsSync(file)) return undefined
  const lock = readLock(readFileSync(file, 'utf8'))
  if (lock === undefined) throw problem('GOBLET_BAD_LOCK', { file: LOCK, problem: 'is none that this version reads' })
  return lock.stage
}

function write(repository: string, { files }: Pipeline): void {
  const paths = files.map(({ path, text }) => ({ path, text, file: resolve(repository, path) }))
  const changed = paths.find(({ file, text }) => existsSync(file) && readFileSync(file, 'utf8') !== text)
  if (changed !== undefined)
    throw problem('GOBLET_USAGE', {
      problem: `${changed.path} is there already, and is another one. Nothing was written.`,
      mend: 'Without --write the new one is shown. Take from it what you want, or move the old one away.',
    })
  for (const { file, text } of paths) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

function show({ files, steps }: Pipeline, written: boolean): void {
  for (const { path, text, summary } of files) {
    print(`${paint('cyan', path)}   ${paint('dim', summary)}`)
    if (!written) print(`\n${text}`)
  }
  print('')
  for (const step of steps) print(step)
}
