// A project on disk, read into its model and its bundles, again and again while it is edited.
import { existsSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { GRAMMAR } from '../aws/grammar.ts'
import type { Build, Bundled, Hosted } from '../build/index.ts'
import { problem } from '../errors.ts'
import { ACCOUNT, type Code, REGION } from '../local/index.ts'
import { type Description, defineModel, type Model, type Permissions } from '../model/index.ts'
import { type Input, textOption } from './command.ts'
import { warn } from './terminal.ts'

export interface Loaded {
  readonly model: Model
  readonly bundles: Bundled
  /** What the local cloud runs. */
  readonly code: ReadonlyMap<string, Code>
  /** What its functions may do. */
  readonly permissions: Permissions
}

/** Where an app is deployed to. */
export interface Place {
  readonly account: string
  readonly region: string
}

export interface Deployable {
  readonly model: Model
  readonly bundles: Bundled
  readonly permissions: Permissions
}

export interface Project {
  readonly root: string
  /** Says that the app will be read within moments. */
  prepare(): void
  /** Reads the app, and builds it. Throws a GobletError with everything that is wrong. */
  read(): Promise<Loaded>
  /** The model alone. */
  describe(): Promise<Model>
  /** The model of a place. Reads the app while the place is being found out. */
  modelAt(place: Promise<Place>): Promise<Model>
  /** What is deployed, its permissions held against what its bundles hold. Reads the app while the place is being found out. */
  deployable(place: Promise<Place>): Promise<Deployable>
  /** The model, and what its functions may do, held against what their bundles hold. */
  permissions(): Promise<Pick<Loaded, 'model'> & { readonly permissions: Permissions }>
  /** The user's own files that were read. */
  files(): readonly string[]
  close(): Promise<void>
}

/** Where the project of a command is: the folder of its entry file. */
export function placeOf(input: Input): { root: string; entry: string } {
  const entry = resolve(textOption(input, 'entry', 'app.ts'))
  const root = dirname(entry)
  return { root, entry: relative(root, entry) }
}

/** The state directory that a command names, within the project. */
export const stateOf = (input: Input): string =>
  resolve(placeOf(input).root, textOption(input, 'state', '.goblet/state'))

/** Opens the project that a command names. Throws GOBLET_NO_ENTRY. */
export async function openProject(input: Input): Promise<Project> {
  const { root, entry } = placeOf(input)
  if (!existsSync(resolve(root, entry)))
    throw problem('GOBLET_NO_ENTRY', { entry: textOption(input, 'entry', 'app.ts') })
  const { openBuild } = await import('../build/index.ts')
  const build = await openBuild({ root, entry, outdir: resolve(root, '.goblet/build') })
  return new OpenProject(root, textOption(input, 'stage', 'dev'), build)
}

class OpenProject implements Project {
  readonly root: string
  readonly #stage: string
  readonly #build: Build
  #said = ''

  constructor(root: string, stage: string, build: Build) {
    this.root = root
    this.#stage = stage
    this.#build = build
  }

  prepare(): void {
    this.#build.prepare()
  }

  async describe(): Promise<Model> {
    const place = { stage: this.#stage, account: ACCOUNT, region: REGION }
    return defineModel(await this.#discover(), place, GRAMMAR)
  }

  async read(): Promise<Loaded> {
    const model = await this.describe()
    const [bundles, permissions] = await Promise.all([
      this.#build.bundle(model.functions),
      this.#build.permissions(model),
    ])
    return { model, bundles, code: bundles.functions, permissions }
  }

  async permissions(): Promise<{ model: Model; permissions: Permissions }> {
    const model = await this.describe()
    return { model, permissions: await this.#build.permissions(model, await this.#build.bundle(model.functions)) }
  }

  async modelAt(place: Promise<Place>): Promise<Model> {
    const [description, { account, region }] = await Promise.all([this.#discover(), place])
    return defineModel(description, { stage: this.#stage, account, region }, GRAMMAR)
  }

  async deployable(place: Promise<Place>): Promise<Deployable> {
    const model = await this.modelAt(place)
    const bundles = await this.#build.bundle(model.functions)
    return { model, bundles, permissions: await this.#build.permissions(model, bundles) }
  }

  // Once for each thing that it finds.
  async #discover(): Promise<Description> {
    const description = await this.#build.discover()
    const said = toFound(this.#build.hosted())
    if (said !== this.#said && said !== '') warn(said)
    this.#said = said
    return description
  }

  files(): readonly string[] {
    return this.#build.files()
  }

  close(): Promise<void> {
    return this.#build.close()
  }
}

// What was found where there is no app of the user's own.
function toFound(hosted: Hosted | undefined): string {
  if (hosted === undefined) return ''
  const { entry, word, exported, app, function: name } = hosted
  const held = exported === undefined ? `starts ${word}` : `exports ${word} (${exported})`
  return `${entry} ${held}: all its requests go to one function, ${name}, of the app ${app}.`
}
