// The options users may give, as closed types. Units are in the names' comments; defaults are spelled out by the model.
import type { Context } from '../aws/context.ts'
import type { AuthOption } from './auth.ts'
import type { CorsOptions } from './cors.ts'
import type { Declaration } from './declare.ts'
import type { Middleware, OnError } from './middleware.ts'
import type { Param, Secret } from './secret.ts'

export type { Context }

/** Options of everything that has a handler. */
export interface FunctionOptions {
  /** MB, 128 to 10240. Default 512. */
  memory?: number
  /** Seconds, 1 to 900. Default 30. */
  timeout?: number
  /**
   * Environment variables of this function, merged over the app's. A handle's value is taken when the app is deployed; a secret
   * then stands in the function's configuration, for all who may read that: `handle.value()` keeps it out.
   */
  env?: Readonly<Record<string, string | Param<string> | Secret>>
  /** How many sandboxes may run at once (Lambda's reserved concurrency). Default: no limit of its own. */
  concurrency?: number
  /** What the function is for, shown in consoles. */
  description?: string
  /** Scratch space in /tmp, MB, 512 to 10240. Default 512. */
  ephemeralStorage?: number
  /** How often an event that nobody waits for is tried again when the function fails, 0 to 2. Default 2. */
  retries?: number
  /** Seconds after which such an event is given up, 60 to 21,600. Default 21,600 (6 hours). */
  maximumAge?: number
  /** A queue or a topic for such events that are given up. */
  deadLetter?: Declaration
  /** Who is told how such events ended: queues, topics, buses, functions; of failures also buckets. */
  destinations?: { success?: Declaration; failure?: Declaration }
  /**
   * What the function may do besides what is read from its code, each with the reason for it. A resource is a handle, an
   * ARN (`*` and `?` stand for anything in it) or `'*'`. The app's hold for every function, and add up with these.
   */
  permissions?: readonly Permission[]
  /** The ARN of a role that is already there. Then none is made, and what the code needs is for that role to allow. */
  role?: string
  /**
   * Wakes it every so many minutes on AWS, 1 to 60; `true`: 5. Keeps one sandbox of it from going cold, no more than one: for
   * several there is provisioned concurrency. What wakes it never reaches the handler. Default: nothing does.
   */
  warm?: boolean | number
  /** Tells X-Ray of every invocation; the local cloud does not. Default: false. */
  tracing?: boolean
  /** The network the function is in, which the local cloud does not have. Default: Lambda's own. */
  vpc?: { subnets: readonly string[]; securityGroups: readonly string[] }
  /**
   * Folders and files of the project that its zip holds, at the same paths: `['public']`. They are read by paths relative to the
   * working directory, which is the zip's on Lambda, and where `goblet dev` was started.
   */
  files?: readonly string[]
  /** How long CloudWatch keeps its logs, and how Lambda writes them. What is left out is as the app says. */
  logs?: LogsOptions
  /** What it is found and counted by on AWS; the app's are added. */
  tags?: Readonly<Record<string, string>>
  /** Alarms of CloudWatch on errors and throttles; `true`: on the first one within 5 minutes. Default: none. */
  alarms?: boolean | AlarmsOptions
  /** ARNs of layers, each with its version; 5 at most. In place of the app's. */
  layers?: readonly string[]
  /** Packages that a layer or the image brings: they are neither bundled nor shipped. The app's are added. */
  external?: readonly string[]
  /**
   * A container image in ECR that it runs from on AWS, with tag or digest: built and pushed by you, of what `goblet image`
   * writes. Default: a zip of the code.
   */
  image?: string | undefined
  /** Functions around the handler, outermost first; the app's and the group's are outside of them. */
  use?: readonly Middleware[]
  /** Told of what the handler throws, before the app's own; what it returns becomes the answer, unless that is undefined. */
  onError?: OnError
}

export interface LogsOptions {
  /** Days that CloudWatch knows (1, 3, 5, 7, 14, 30, 60, 90 … 3653), or 'forever'. Default 30. */
  retention?: number | 'forever'
  /** `json`: Lambda makes an object of every line. Default `text`. */
  format?: 'text' | 'json'
  /** What is below is not written; only with `format: 'json'`. Default `info`. */
  level?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'
  /** The same for what Lambda itself writes. Default `info`. */
  systemLevel?: 'debug' | 'info' | 'warn'
}

export interface AlarmsOptions {
  /** So many failed invocations within the minutes; `false`: no such alarm. Default 1. */
  errors?: number | false
  /** So many refused ones; `false`: no such alarm. Default 1. */
  throttles?: number | false
  /** 1 to 1,440. Default 5. */
  minutes?: number
  /** The handle of the topic that is told. Default: nobody is; the console shows it. */
  topic?: Declaration
}

/** A name for an API, or a name with what is there for it already. */
export type DomainOption =
  | string
  | {
      /** `api.example.com` */
      name: string
      /** The ARN of a certificate in ACM, in the API's region. Default: one is made. */
      certificate?: string
      /** The hosted zone in Route 53, by id or name; `false`: DNS is elsewhere. Default: the one that the name lies in. */
      zone?: string | false
    }

export interface Permission {
  /** `['ses:SendEmail']` */
  actions: readonly string[]
  resources: readonly (string | Declaration)[]
  /** What it is for: whoever reviews the policy reads it. */
  why: string
}

/** Options of the whole app; a stage is a partial of the same. */
export interface StageOptions
  extends Omit<
    FunctionOptions,
    | 'concurrency'
    | 'description'
    | 'retries'
    | 'maximumAge'
    | 'deadLetter'
    | 'destinations'
    | 'files'
    | 'image'
    | 'use'
    | 'onError'
  > {
  /** Default `nodejs24.x`. */
  runtime?: 'nodejs22.x' | 'nodejs24.x'
  /** Default `arm64`. */
  architecture?: 'arm64' | 'x86_64'
  /** Answers of failed requests carry the stack. Default: false. */
  debug?: boolean
  /** The front door: an HTTP API, a REST API or function URLs. Default `http`. */
  api?: 'http' | 'rest' | 'url'
  /** The API's stage, which is part of its URL. Default: `api` on the rest door, none on the others. */
  apiStage?: string
  /** What all callers with an API key may use, each of them. REST APIs only. */
  usagePlan?: UsagePlan
  /** The names of the API keys to make. REST APIs only. */
  apiKeys?: readonly string[]
  /** The name that the API is called by. Not for function URLs. Default: the one that AWS gives it. */
  domain?: DomainOption
}

export interface AppOptions extends StageOptions, Pick<FunctionOptions, 'use' | 'onError'> {
  /** Who may call the routes that do not say so themselves. Default: everybody. */
  auth?: AuthOption
  /** Which pages of other origins may call. Default: none. */
  cors?: boolean | CorsOptions
  /** Bytes from which an answer is compressed, where the client takes it; `true` is 1024. Default: never. */
  compress?: boolean | number
  /** Per stage, what differs: `{ prod: { memory: 1024 } }`. */
  stages?: Readonly<Record<string, StageOptions>>
}

export interface UsagePlan {
  /** Requests a second. */
  rate?: number
  /** Requests at once. */
  burst?: number
  quota?: { limit: number; period: 'day' | 'week' | 'month' }
}
