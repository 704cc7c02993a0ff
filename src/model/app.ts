// The app's own options, and what a stage changes of them.
import type { Complaint, Where } from '../errors.ts'
import { API_RULES } from './api.ts'
import { authRule } from './auth.ts'
import { corsRule } from './cors.ts'
import type { Options } from './describe.ts'
import { SIZE_RULES } from './functions.ts'
import { callable, callables, checkOptions, flag, isObject, objectOf, oneOf, type Rules, whole } from './options.ts'

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
