// What every function has, whatever wakes it.
import { type Complaint, complaint, type Where } from '../errors.ts'
import type { DescribedFunction, Options } from './describe.ts'
import type { FunctionModel } from './model.ts'
import { checkName, physicalName, prefix, type Target } from './names.ts'
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
  show,
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
export const FUNCTION_RULES = {
  ...SHARED,
  concurrency: whole(0, 100_000, 'sandboxes'),
  description: text,
} satisfies Rules

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
      : { problem: `is ${show(value)}`, mend: 'It is an object of stages: { prod: { memory: 1024 } }.' },
} satisfies Rules

/** Complains of the app's own options and those of its stages. */
export function checkApp(options: Options, target: Target, where: Where): Complaint[] {
  const stages = Object.keys(objectOf(options, 'stages'))
  return [
    ...checkOptions('the app', options, APP_RULES, where),
    ...checkSize('the app', objectOf(options, 'env'), target, where),
    ...stages.flatMap((stage) => checkStage(stage, options, target, where)),
  ]
}

function checkStage(stage: string, options: Options, target: Target, where: Where): Complaint[] {
  const what = `the stage ${stage}`
  const given = objectOf(options, 'stages')[stage]
  if (given === undefined) return []
  if (!isObject(given)) {
    const details = { option: 'stages', what: 'the app', problem: `has ${show(given)} as ${stage}` }
    const mend = `It is an object of options: { ${stage}: { memory: 1024 } }.`
    return [complaint('GOBLET_BAD_OPTION', { ...details, mend }, where)]
  }
  const sized =
    given.env === undefined
      ? []
      : checkSize(what, objectOf(stageOptions(options, stage), 'env'), { ...target, stage }, where)
  return [...checkOptions(what, given, STAGE_RULES, where), ...sized]
}

const ENVIRONMENT_LIMIT = 4096

// Source: Lambda's quotas page: all variables of a function together, names and values. Goblet's own two are among them.
function checkSize(what: string, env: Options, target: Target, where: Where): Complaint[] {
  const all = { ...env, GOBLET_PREFIX: prefix(target), GOBLET_ACCOUNT: target.account }
  let bytes = 0
  for (const [name, value] of Object.entries(all))
    if (typeof value === 'string') bytes += Buffer.byteLength(name) + Buffer.byteLength(value)
  if (bytes <= ENVIRONMENT_LIMIT) return []
  const details = {
    option: 'env',
    what,
    problem: `takes ${bytes} bytes, with all that is set for the same function`,
    mend: 'Lambda allows 4,096 bytes in all: keep large values in S3 or Parameter Store.',
  }
  return [complaint('GOBLET_BAD_OPTION', details, where)]
}

/** The app's options with those of the stage laid over them. */
export function stageOptions(options: Options, stage: string): Options {
  const over = objectOf(objectOf(options, 'stages'), stage)
  return { ...options, ...given(over), env: { ...objectOf(options, 'env'), ...objectOf(over, 'env') } }
}

// `{ memory: undefined }` gives no memory, and takes none away.
const given = (options: Options): Options =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))

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
  const named = checkName('function', `the function ${name}`, name, target, where)
  const own = options.env !== undefined && checkSize(what, objectOf(app, 'env'), target, where).length === 0
  return { made, complaints: own ? [...named, ...checkSize(what, made.env, target, where)] : named }
}

function toEnvironment(app: Options, options: Options): Record<string, string> {
  const env: Record<string, string> = flagOf(app, 'debug') ? { GOBLET_DEBUG: 'true' } : {}
  for (const [name, value] of Object.entries({ ...objectOf(app, 'env'), ...objectOf(options, 'env') })) {
    if (typeof value === 'string') env[name] = value
  }
  return env
}
