// What a pipeline is made for: the app, where it lies in its repository, and how its packages are installed.

export type Installer = 'npm' | 'pnpm' | 'yarn'

export interface PipelineProject {
  readonly app: string
  /** What the branch is deployed as. */
  readonly stage: string
  readonly branch: string
  readonly region: string
  /** Node's major version: the one the functions run on. */
  readonly node: string
  /** Its folder in the repository; empty: the repository itself. */
  readonly folder: string
  readonly entry: string
  readonly installer: Installer
  /** There is a lock file, so that what is installed is what was tested. */
  readonly locked: boolean
  /** The stage that `iam.lock.json` is of, where there is one: permissions that it does not hold stop the pipeline. */
  readonly lockedStage: string | undefined
}

/** A file to be written, relative to the repository. */
export interface PipelineFile {
  readonly path: string
  readonly text: string
  /** What it is for, in a few words. */
  readonly summary: string
}

interface Commands {
  /** Before Node's packages can be installed. */
  readonly before: readonly string[]
  readonly install: string
  /** Runs a program of the project. */
  readonly run: string
  readonly test: string
}

/** How the project's packages are installed, and its programs run. */
export function commandsOf({ installer, locked }: PipelineProject): Commands {
  if (installer === 'pnpm')
    return {
      before: ['corepack enable'],
      install: locked ? 'pnpm install --frozen-lockfile' : 'pnpm install',
      run: 'pnpm exec',
      test: 'pnpm run --if-present test',
    }
  if (installer === 'yarn')
    return {
      before: ['corepack enable'],
      install: locked ? 'yarn install --immutable' : 'yarn install',
      run: 'yarn run',
      // It has no word for "if there is one".
      test: `if node -p "require('./package.json').scripts?.test ?? ''" | grep -q .; then yarn run test; fi`,
    }
  return {
    before: [],
    install: locked ? 'npm ci' : 'npm install',
    run: 'npx --no-install',
    test: 'npm test --if-present',
  }
}

/** The words that name the app and the stage to a command. */
export const wordsOf = ({ entry }: PipelineProject, stage: string): string =>
  `--stage ${stage}${entry === 'app.ts' ? '' : ` --entry ${entry}`}`

/** A path of the app's, as the repository has it. */
export const inFolder = ({ folder }: PipelineProject, path: string): string =>
  folder === '' ? path : `${folder}/${path}`
