// What a deploy tells while it works; the commands make lines of it.

export type Progress =
  | {
      readonly what: 'uploaded'
      readonly name: string
      readonly size: number
      readonly done: number
      readonly of: number
    }
  /** A resource of the stack came into a state: CloudFormation's words. */
  | {
      readonly what: 'resource'
      /** Of the stack that it is in: the app's own, or a part of it. */
      readonly stack: string
      readonly id: string
      readonly type: string
      readonly status: string
      readonly reason: string | undefined
      /** Since its work began; undefined while it works. */
      readonly seconds: number | undefined
    }
  /** Something else is under way, which has to end first. */
  | { readonly what: 'waiting'; readonly reason: string }
  /** New code is in a function, but not live yet. */
  | { readonly what: 'code'; readonly function: string }
  /** A version of a function went live. */
  | { readonly what: 'live'; readonly function: string; readonly version: string; readonly before: string | undefined }
  /** Something that a person should know, though nothing is wrong. */
  | { readonly what: 'note'; readonly message: string }

export type Report = (progress: Progress) => void
