// What every function has, whatever wakes it.
import type { Complaint } from '../errors.ts'
import { doorOf } from './api.ts'
import type { DescribedFunction, Options } from './describe.ts'
import { destinationOf, destinations, handleOf } from './destinations.ts'
import { checkSize } from './environment.ts'
import type { TriggerKind } from './kinds.ts'
import type { FunctionModel } from './model.ts'
import { checkName, functionName, physicalName, type Target } from './names.ts'
import {
  callable,
  callables,
  environment,
  flagOf,
  given,
  numberOf,
  objectOf,
  type Rules,
  text,
  textOf,
  whole,
} from './options.ts'
import { called, type Owner } from './reading.ts'

/** Options that the app gives to all of its functions. Limits: Lambda's quotas page. */
export const SIZE_RULES = {
  memory: whole(128, 10240, 'MB'),
  timeout: whole(1, 900, 'seconds'),
  env: environment,
  ephemeralStorage: whole(512, 10240, 'MB'),
} satisfies Rules

/** Options of everything that has a handler. */
export const FUNCTION_RULES = {
  ...SIZE_RULES,
  concurrency: whole(0, 100_000, 'sandboxes'),
  description: text,
  // Limits: PutFunctionEventInvokeConfig.
  retries: whole(0, 2, 'times'),
  maximumAge: whole(60, 21_600, 'seconds'),
  deadLetter: handleOf('queue', 'topic'),
  destinations,
  use: callables,
  onError: callable,
} satisfies Rules

/** A function that is nobody else's. */
export const ownFunction = (described: DescribedFunction): Owner => ({
  name: functionName(described.export),
  identity: called(described),
  where: described.where,
  options: described.options,
})

interface Given {
  /** How people call it: `the lambda resize`. */
  readonly what: string
  readonly name: string
  readonly exports: readonly string[]
  readonly described: Pick<DescribedFunction, 'trigger' | 'where'>
  readonly options: Options
  readonly app: Options
  readonly target: Target
}

/** The function with every default spelled out. */
export function toFunction({ what, name, exports, described, options, app, target }: Given): {
  made: FunctionModel
  complaints: Complaint[]
} {
  const { trigger, where } = described
  const all: Options = { ...app, ...given(options) }
  const ends = objectOf(options, 'destinations')
  const made: FunctionModel = {
    name,
    physicalName: physicalName('function', name, target),
    trigger,
    exports,
    memory: numberOf(all, 'memory', 512),
    timeout: numberOf(all, 'timeout', 30),
    runtime: textOf(all, 'runtime', 'nodejs24.x'),
    architecture: textOf(all, 'architecture', 'arm64'),
    env: toEnvironment(trigger, app, options),
    concurrency: numberOf(options, 'concurrency', undefined),
    description: textOf(options, 'description', ''),
    ephemeralStorage: numberOf(all, 'ephemeralStorage', 512),
    retries: numberOf(options, 'retries', 2),
    maximumAge: numberOf(options, 'maximumAge', 21_600),
    deadLetter: destinationOf(options, 'deadLetter'),
    destinations: { success: destinationOf(ends, 'success'), failure: destinationOf(ends, 'failure') },
    where,
  }
  const named = checkName('function', `the function ${name}`, name, target, where)
  // What the app gives to all has been told once, at the app.
  const own = options.env !== undefined && checkSize(what, objectOf(app, 'env'), target, where).length === 0
  return { made, complaints: own ? [...named, ...checkSize(what, made.env, target, where)] : named }
}

function toEnvironment(trigger: TriggerKind, app: Options, options: Options): Record<string, string> {
  const env: Record<string, string> = flagOf(app, 'debug') ? { GOBLET_DEBUG: 'true' } : {}
  const door = doorOf(app)
  // A stage may have another front door than the options in the bundle say.
  if (trigger === 'http' && door !== 'http') env.GOBLET_DOOR = door
  for (const [name, value] of Object.entries({ ...objectOf(app, 'env'), ...objectOf(options, 'env') })) {
    if (typeof value === 'string') env[name] = value
  }
  return env
}
