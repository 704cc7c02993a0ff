// What every function has, whatever wakes it.
import { type Complaint, complaint, type Where } from '../errors.ts'
import { alarms, toAlarms } from './alarms.ts'
import { doorOf } from './api.ts'
import type { DescribedFunction, Options } from './describe.ts'
import { destinationOf, destinations, handleOf } from './destinations.ts'
import { checkSize } from './environment.ts'
import type { TriggerKind } from './kinds.ts'
import { checkLogs, logs, toLogs } from './logs.ts'
import type { FunctionModel } from './model.ts'
import { checkName, functionName, physicalName, type Target } from './names.ts'
import {
  callable,
  callables,
  environment,
  flag,
  flagOf,
  given,
  isObject,
  listOf,
  numberOf,
  objectOf,
  type Rule,
  type Rules,
  show,
  text,
  textOf,
  texts,
  textsOf,
  whole,
} from './options.ts'
import { type Asked, askedIn, PERMISSION_RULES } from './permission-options.ts'
import { called, type Owner } from './reading.ts'
import { referencesIn } from './references.ts'
import { checkShipping, image, SHIPPING_RULES, toShipping } from './shipping.ts'
import { checkTags, tags, tagsIn } from './tags.ts'

const vpc: Rule = (value) => {
  const mend = "Write { subnets: ['subnet-1'], securityGroups: ['sg-1'] }."
  if (!isObject(value) || value.$ !== undefined) return { problem: `is ${show(value)}`, mend }
  const wrong = Object.entries(value).find(
    ([name, list]) => !['subnets', 'securityGroups'].includes(name) || texts(list) !== undefined,
  )
  if (wrong !== undefined) return { problem: `has \`${wrong[0]}\``, mend }
  return textsOf(value, 'subnets').length > 0 && textsOf(value, 'securityGroups').length > 0
    ? undefined
    : { problem: 'lacks subnets or security groups', mend }
}

/** Options that the app gives to all of its functions. Limits: Lambda's quotas page. */
export const SIZE_RULES = {
  memory: whole(128, 10240, 'MB'),
  timeout: whole(1, 900, 'seconds'),
  env: environment,
  ephemeralStorage: whole(512, 10240, 'MB'),
  tracing: flag,
  vpc,
  logs,
  tags,
  alarms,
  warm: (value) => (typeof value === 'boolean' ? undefined : whole(1, 60, 'minutes')(value)),
  ...SHIPPING_RULES,
  ...PERMISSION_RULES,
} satisfies Rules

// They lie in the zip as they lie in the project, so none can lie outside of it, nor where the code does.
const files = listOf(
  (value) =>
    typeof value === 'string' &&
    /^(?!\/|[A-Za-z]:|(?:\.\/)?(?:index\.mjs|chunks)(?:\/|$))(?!(?:.*\/)?\.\.(?:\/|$))[^\\]+$/.test(value)
      ? undefined
      : { problem: `is ${show(value)}`, mend: "A path is one of the project's: 'public'." },
  "It is a list of folders and files of the project: ['public', 'views/index.html'].",
)

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
  files,
  image,
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
  /** Where the app is declared. */
  readonly appWhere: Where
  readonly target: Target
}

/** The function with every default spelled out, but for its permissions: those may name resources, and are only asked for here. */
export function toFunction({ what, name, exports, described, options, app, appWhere, target }: Given): {
  made: FunctionModel
  asked: Asked[]
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
    references: referencesIn({ ...objectOf(app, 'env'), ...objectOf(options, 'env') }),
    concurrency: numberOf(options, 'concurrency', undefined),
    description: textOf(options, 'description', ''),
    ephemeralStorage: numberOf(all, 'ephemeralStorage', 512),
    retries: numberOf(options, 'retries', 2),
    maximumAge: numberOf(options, 'maximumAge', 21_600),
    deadLetter: destinationOf(options, 'deadLetter'),
    destinations: { success: destinationOf(ends, 'success'), failure: destinationOf(ends, 'failure') },
    role: typeof all.role === 'string' ? all.role : undefined,
    warm: warmIn(all),
    permissions: [],
    tracing: flagOf(all, 'tracing'),
    vpc: vpcOf(all),
    logs: toLogs(app, options),
    tags: { ...tagsIn(app), ...tagsIn(options) },
    alarms: toAlarms(app, options),
    ...toShipping(app, options),
    where,
  }
  const named = [
    ...checkName('function', `the function ${name}`, name, target, where),
    ...checkRole(what, made, options),
    ...checkLogs(what, app, options, where),
    ...checkTags(what, app, options, where),
    ...checkShipping(what, options, where),
  ]
  // What the app gives to all has been told once, at the app.
  const own = options.env !== undefined && checkSize(what, objectOf(app, 'env'), target, where).length === 0
  const asked = made.role === undefined ? [...askedIn(app, appWhere), ...askedIn(options, where)] : []
  return { made, asked, complaints: own ? [...named, ...checkSize(what, made.env, target, where)] : named }
}

function vpcOf(options: Options): FunctionModel['vpc'] {
  const value = objectOf(options, 'vpc')
  const [subnets, securityGroups] = [textsOf(value, 'subnets'), textsOf(value, 'securityGroups')]
  return subnets.length === 0 ? undefined : { subnets, securityGroups }
}

// Lambda keeps what is idle for longer than this, as a rule.
const WARM = 5

const warmIn = ({ warm }: Options): number | undefined =>
  typeof warm === 'number' ? warm : warm === true ? WARM : undefined

function checkRole(what: string, { role, where }: FunctionModel, { permissions }: Options): Complaint[] {
  if (role === undefined || permissions === undefined) return []
  const problem = 'stands on a function whose `role` is somebody else’s, so that nothing is added to it'
  const mend = 'Remove one of the two, or allow it in that role.'
  return [complaint('GOBLET_BAD_OPTION', { option: 'permissions', what, problem, mend }, where)]
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
