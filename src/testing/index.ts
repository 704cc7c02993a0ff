// The door `goblet/testing`: an app on a local cloud of its own, in the test's own process.
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GRAMMAR } from '../aws/grammar.ts'
import { openBuild } from '../build/index.ts'
import { problem } from '../errors.ts'
import { ACCOUNT, REGION, startClock, startCloud } from '../local/index.ts'
import { defineModel, type Model } from '../model/index.ts'
import type { StartOptions, TestCloud } from './cloud.ts'
import { OpenCloud } from './open.ts'

export type {
  Answer,
  Asking,
  Http,
  Invocation,
  Invoked,
  QueueReference,
  Sending,
  StartOptions,
  TestClock,
  TestCloud,
} from './cloud.ts'

/**
 * Builds an app and starts it on a local cloud of its own: fresh state, free ports. Throws a GobletError when it does not build.
 * The entry is a path (relative to the working directory), a URL, or the app's module.
 *
 * @example
 * await using cloud = await start('./app.ts', { clock: 'virtual' })
 * const { status, json } = await cloud.http.get('/cities/seattle')
 */
export async function start(given: string | URL | object, options: StartOptions = {}): Promise<TestCloud> {
  const entry = entryOf(given, options)
  // Lambda's clock is UTC; functions share this process, so the process must be too.
  process.env.TZ = 'UTC'
  if (!existsSync(entry)) throw problem('GOBLET_NO_ENTRY', { entry })
  const folder = await mkdtemp(join(tmpdir(), 'goblet-test-'))
  const undo: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })]
  const close = async (): Promise<void> => {
    for (let next = undo.pop(); next !== undefined; next = undo.pop()) await next()
  }
  try {
    const clock = startClock(options.clock)
    const build = await openBuild({ root: dirname(entry), entry: basename(entry), outdir: join(folder, 'build') })
    undo.push(() => build.close())
    const place = { stage: options.stage ?? 'dev', account: ACCOUNT, region: REGION }
    const made = defineModel(await build.discover(), place, GRAMMAR)
    const model = withEnvironment(made, options.env)
    checkModule(given, model, entry)
    const { functions } = await build.bundle(model.functions)
    const cloud = await startCloud({ directory: join(folder, 'state'), port: 0, awsPort: 0, clock })
    undo.push(() => cloud.close())
    await cloud.apply(model, functions)
    return new OpenCloud(cloud, model, close)
  } catch (error) {
    await close()
    throw error
  }
}

function entryOf(given: string | URL | object, { entry = 'app.ts' }: StartOptions): string {
  if (given instanceof URL) return fileURLToPath(given)
  if (typeof given === 'string') return given.startsWith('file:') ? fileURLToPath(given) : resolve(given)
  // A module does not know its own file.
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    const found = resolve(folder, entry)
    if (existsSync(found) || folder === dirname(folder)) return found
  }
}

function checkModule(given: string | URL | object, model: Model, entry: string): void {
  if (typeof given === 'string' || given instanceof URL) return
  const name: unknown = 'default' in given && isNamed(given.default) ? given.default.name : undefined
  if (name === model.app) return
  throw problem('GOBLET_USAGE', {
    problem: `The module given to start(…) is the app ${String(name)}, and ${entry} is the app ${model.app}.`,
    mend: "Name its file: start('./app.ts'), or start(module, { entry: './app.ts' }).",
  })
}

const isNamed = (value: unknown): value is { name: unknown } =>
  typeof value === 'object' && value !== null && 'name' in value

function withEnvironment(model: Model, env: StartOptions['env']): Model {
  if (env === undefined) return model
  return { ...model, functions: model.functions.map((made) => ({ ...made, env: { ...made.env, ...env } })) }
}
