// What every function has, whatever wakes it.
import type { Complaint, Where } from '../errors.ts'
import type { DescribedFunction, Options } from './describe.ts'
import type { FunctionModel } from './model.ts'
import { checkName, physicalName, type Target } from './names.ts'
import {
  checkOptions,
  environment,
  flag,
  flagOf,
  isObject,
  numberOf,
  objectOf,
  oneOf,
  type Rules,
  text,
  textOf,
  whole,
} from './options.ts'

// Limits: Lambda's quotas page.
const SHARED = {
  memory: whole(128, 10240, 'MB'),
  timeout: whole(1, 900, 'seconds'),
  env: environment,
  ephemeralStorage: whole(512, 10240, 'MB'),
} satisfies Rules

/** Options of everything that has a handler. */
export const FUNCTION_RULES = { ...SHARED, concurrency: whole(0, 1000, 'sandboxes'), description: text } satisfies Rules

const STAGE_RULES = {
  ...SHARED,
  runtime: oneOf('nodejs24.x', 'nodejs22.x'),
  architecture: oneOf('arm64', 'x86_64'),
  debug: flag,
} satisfies Rules

const APP_RULES = {
  ...STAGE_RULES,
  stages: (value) =>
    isObject(value)
      ? undefined
      : { problem: 'is no object', mend: 'It is an object of stages: { prod: { memory: 1024 } }.' },
} satisfies Rules

/** Complains of the app's own options and those of its stages. */
export function checkApp(options: Options, where: Where): Complaint[] {
  const stages = Object.entries(objectOf(options, 'stages'))
  return [
    ...checkOptions('app', options, APP_RULES, where),
    ...stages.flatMap(([stage, given]) =>
      checkOptions(`the stage ${stage}`, isObject(given) ? given : {}, STAGE_RULES, where),
    ),
  ]
}

/** The app's options with those of the stage laid over them. */
export function stageOptions(options: Options, stage: string): Options {
  const over = objectOf(objectOf(options, 'stages'), stage)
  return { ...options, ...over, env: { ...objectOf(options, 'env'), ...objectOf(over, 'env') } }
}

interface Given {
  readonly name: string
  readonly exports: readonly string[]
  readonly described: Pick<DescribedFunction, 'trigger' | 'where'>
  readonly options: Options
  readonly app: Options
  readonly target: Target
}

/** The function with every default spelled out. */
export function toFunction({ name, exports, described, options, app, target }: Given): {
  made: FunctionModel
  complaints: Complaint[]
} {
  const { trigger, where } = described
  const all: Options = { ...app, ...options }
  const made: FunctionModel = {
    name,
    physicalName: physicalName('function', name, target),
    trigger,
    exports,
    memory: numberOf(all, 'memory', 512),
    timeout: numberOf(all, 'timeout', 30),
    runtime: textOf(all, 'runtime', 'nodejs24.x'),
    architecture: textOf(all, 'architecture', 'arm64'),
    env: toEnvironment(app, options),
    concurrency: numberOf(options, 'concurrency', undefined),
    description: textOf(options, 'description', ''),
    ephemeralStorage: numberOf(all, 'ephemeralStorage', 512),
    where,
  }
  return { made, complaints: checkName('function', `the function ${name}`, name, target, where) }
}

function toEnvironment(app: Options, options: Options): Record<string, string> {
  const env: Record<string, string> = flagOf(app, 'debug') ? { GOBLET_DEBUG: 'true' } : {}
  for (const [name, value] of Object.entries({ ...objectOf(app, 'env'), ...objectOf(options, 'env') })) {
    if (typeof value === 'string') env[name] = value
  }
  return env
}
