// What each function may do on AWS, and why: what `build` derives, the local cloud enforces and deploy makes a role of.
import type { Where } from '../errors.ts'

/** One action on one resource pattern. */
export interface Grant {
  /** `dynamodb:PutItem`. */
  readonly action: string
  /** An ARN pattern, or `*`. */
  readonly resource: string
  /** Who asks for it: a call in the code, Goblet for its own work (logs, event sources …), or `permissions` in the app. */
  readonly by: 'code' | 'goblet' | 'app'
  /** From the handler down to the call; the last one is the line that needs it. Of `goblet`: the declaration. */
  readonly chain: readonly Where[]
  /** What is done, for people: `PutItem on the table orders`; of `app` the declared `why`. */
  readonly why: string
  /** By operator, then key: `{ StringEquals: { 'kms:ViaService': ['s3.us-east-1.amazonaws.com'] } }`. */
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>
}

/** Something that a person has to look at. */
export interface Finding {
  readonly kind:
    | 'unresolved-resource'
    | 'unresolved-operation'
    | 'unknown-operation'
    | 'unused-operation'
    | 'sdk-v2'
    | 'signed-request'
    | 'opaque-client'
    | 'wildcard'
  readonly where: Where
  readonly message: string
  /** How to mend it. */
  readonly mend: string
}

export interface FunctionPermissions {
  readonly grants: readonly Grant[]
  readonly warnings: readonly Finding[]
  /** With any of these the app cannot be deployed. */
  readonly errors: readonly Finding[]
}

/** By the name of the FunctionModel. */
export type Permissions = ReadonlyMap<string, FunctionPermissions>
