// The app's own options, and what a stage changes of them.
import { type Complaint, complaint, type Where } from '../errors.ts'
import { API_RULES } from './api.ts'
import { authRule } from './auth.ts'
import { corsRule } from './cors.ts'
import type { Options, Plain } from './describe.ts'
import { checkSize } from './environment.ts'
import { SIZE_RULES } from './functions.ts'
import { checkLogs } from './logs.ts'
import type { Target } from './names.ts'
import {
  callable,
  callables,
  checkOptions,
  flag,
  given,
  isObject,
  objectOf,
  oneOf,
  type Rules,
  show,
  whole,
} from './options.ts'
import { checkTags } from './tags.ts'

const STAGE_RULES = {
  ...SIZE_RULES,
  runtime: oneOf('nodejs24.x', 'nodejs22.x'),
  architecture: oneOf('arm64', 'x86_64'),
  debug: flag,
  ...API_RULES,
} satisfies Rules

const APP_RULES = {
  ...STAGE_RULES,
  auth: authRule,
  cors: corsRule,
  use: callables,
  onError: callable,
  compress: (value) => (typeof value === 'boolean' ? undefined : whole(0, 10_485_760, 'bytes')(value)),
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
    ...checkLogs('the app', {}, options, where),
    ...checkTags('the app', {}, options, where),
    ...stages.flatMap((stage) => checkStage(stage, options, target, where)),
  ]
}

function checkStage(stage: string, options: Options, target: Target, where: Where): Complaint[] {
  const what = `the stage ${stage}`
  const own = objectOf(options, 'stages')[stage]
  if (own === undefined) return []
  if (!isObject(own)) {
    const details = { option: 'stages', what: 'the app', problem: `has ${show(own)} as ${stage}` }
    const mend = `It is an object of options: { ${stage}: { memory: 1024 } }.`
    return [complaint('GOBLET_BAD_OPTION', { ...details, mend }, where)]
  }
  const sized =
    own.env === undefined
      ? []
      : checkSize(what, objectOf(stageOptions(options, stage), 'env'), { ...target, stage }, where)
  return [
    ...checkOptions(what, own, STAGE_RULES, where),
    ...sized,
    ...checkLogs(what, options, own, where),
    ...checkTags(what, options, own, where),
  ]
}

/** The app's options with those of the stage laid over them. */
export function stageOptions(options: Options, stage: string): Options {
  const over = objectOf(objectOf(options, 'stages'), stage)
  return {
    ...options,
    ...given(over),
    ...merged(options, over),
    permissions: [...listIn(options), ...listIn(over)],
  }
}

// Of these a stage names what differs; of all others it has its own.
const merged = (options: Options, over: Options): Options =>
  Object.fromEntries(
    ['env', 'logs', 'tags'].map((option) => [option, { ...objectOf(options, option), ...objectOf(over, option) }]),
  )

const listIn = ({ permissions }: Options): readonly Plain[] => (Array.isArray(permissions) ? permissions : [])
