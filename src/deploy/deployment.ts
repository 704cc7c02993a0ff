// What is to be on AWS, whole: the template, the code of every function, and what CloudFormation has no word for.
import type { FunctionModel, Permissions } from '../model/index.ts'
import type { Template } from './template.ts'

/** One function's code, ready to be uploaded. */
export interface Artifact {
  /** The function's name. */
  readonly function: string
  /** On AWS. */
  readonly physicalName: string
  /** In the artifact bucket; says the content's hash, so that what is there is never sent again. */
  readonly key: string
  /** SHA-256 of the zip in Base64, as Lambda tells it (`CodeSha256`). */
  readonly sha256: string
  /** Of the zip. */
  readonly size: number
  /** Read when it has to be sent. */
  bytes(): Promise<Uint8Array>
}

/** A function that a bucket tells of changes which the app does not make: CloudFormation cannot, so deploy puts it there. */
export interface BucketListener {
  readonly bucket: string
  /** Begins with `goblet-<stack>.`, for no stack has a dot in its name: deploy changes no notification of another name. */
  readonly id: string
  /** The ARN of the function's alias. */
  readonly function: string
  readonly events: readonly string[]
  readonly prefix: string
  readonly suffix: string
}

export interface Deployment {
  readonly app: string
  readonly stage: string
  readonly account: string
  readonly region: string
  /** `<app>-<stage>`. */
  readonly stack: string
  /** What the stack is made of. Its own parts too, where it needs more than 500 resources, by the key they are uploaded under. */
  readonly template: Template
  readonly nested: ReadonlyMap<string, Template>
  readonly functions: readonly Pick<FunctionModel, 'name' | 'physicalName'>[]
  readonly artifacts: readonly Artifact[]
  readonly permissions: Permissions
  readonly listeners: readonly BucketListener[]
}
