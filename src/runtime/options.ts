// The options users may give, as closed types. Units are in the names' comments; defaults are spelled out by the model.
import type { Context } from '../aws/context.ts'

export type { Context }

/** Options of everything that has a handler. */
export interface FunctionOptions {
  /** MB, 128 to 10240. Default 512. */
  memory?: number
  /** Seconds, 1 to 900. Default 30. */
  timeout?: number
  /** Environment variables of this function, merged over the app's. */
  env?: Readonly<Record<string, string>>
  /** How many sandboxes may run at once (Lambda's reserved concurrency). Default: no limit of its own. */
  concurrency?: number
  /** What the function is for, shown in consoles. */
  description?: string
  /** Scratch space in /tmp, MB, 512 to 10240. Default 512. */
  ephemeralStorage?: number
}

/** Options of the whole app; a stage is a partial of the same. */
export interface StageOptions extends Omit<FunctionOptions, 'concurrency' | 'description'> {
  /** Default `nodejs24.x`. */
  runtime?: 'nodejs22.x' | 'nodejs24.x'
  /** Default `arm64`. */
  architecture?: 'arm64' | 'x86_64'
  /** Answers of failed requests carry the stack. Default: false. */
  debug?: boolean
}

export interface AppOptions extends StageOptions {
  /** Per stage, what differs: `{ prod: { memory: 1024 } }`. */
  stages?: Readonly<Record<string, StageOptions>>
}
