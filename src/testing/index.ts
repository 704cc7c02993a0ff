// The door `goblet/testing`: an app on a local cloud of its own, in the test's own process.
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { problem } from '../errors.ts'
import { type Cloud, keepSpare, startClock, startCloud } from '../local/index.ts'
import type { Model } from '../model/index.ts'
import { type Built, buildOnce, makeFolder } from './builds.ts'
import type { StartOptions, TestCloud } from './cloud.ts'
import { OpenCloud } from './open.ts'

export { RefusedError } from '../local/index.ts'
export type {
  Answer,
  Asking,
  Connecting,
  Http,
  Invocation,
  Invoked,
  Permission,
  PermissionsReport,
  Sending,
  SocketEnd,
  SocketMessage,
  SocketTarget,
  StartOptions,
  Target,
  TestClock,
  TestCloud,
  TestSocket,
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
  keepWarm()
  const directory = await makeFolder('state')
  const clock = startClock(options.clock)
  const [cloud, built] = await both(
    startCloud({ directory, port: 0, awsPort: 0, clock }),
    buildOnce(entry, options.stage ?? 'dev'),
  )
  // Nobody waits for a folder that nobody looks into any more.
  const close = async (): Promise<void> => {
    if (options.iam !== undefined && options.iam !== 'enforce') tellOthers(cloud)
    await cloud.close()
    void rm(directory, { recursive: true, force: true }).catch(() => {})
  }
  try {
    const model = withEnvironment(built.model, options.env)
    checkModule(given, model, entry)
    const permissions = await built.permissions(model)
    await cloud.apply(model, built.code, { warm: false, permissions, iam: options.iam })
    return new OpenCloud(cloud, model, close)
  } catch (error) {
    await close()
    throw error
  }
}

/** Waits for both; a cloud whose app does not build is closed again. */
async function both(starting: Promise<Cloud>, building: Promise<Built>): Promise<[Cloud, Built]> {
  const [started, built] = await Promise.allSettled([starting, building])
  if (started.status === 'rejected') throw started.reason
  if (built.status === 'fulfilled') return [started.value, built.value]
  await started.value.close()
  throw built.reason
}

// What was let through would be refused on AWS: a test run that says nothing of it says too little.
function tellOthers(cloud: Cloud): void {
  const others = cloud.permissions().exercised.filter(({ allowed }) => !allowed)
  for (const { function: name, action, resource } of others) {
    const { message } = problem('GOBLET_DENIED', { name, action, resource, clues: [] })
    console.warn(message)
  }
}

let isWarm = false

// From one test to the next a thread is kept ready, which the process does not wait for when it ends.
function keepWarm(): void {
  if (!isWarm) keepSpare()
  isWarm = true
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
  const functions = model.functions.map((made) => {
    const kept = Object.entries(made.references).filter(([variable]) => !(variable in env))
    return { ...made, env: { ...made.env, ...env }, references: Object.fromEntries(kept) }
  })
  return { ...model, functions }
}
