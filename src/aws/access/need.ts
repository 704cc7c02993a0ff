// What a call of an AWS operation needs to be allowed: IAM actions on resources, as far as its input is known.
import type { Value } from './value.ts'

/** Where calls are made: what ARNs are made of besides the input. */
export interface Place {
  readonly partition: string
  readonly region: string
  readonly account: string
}

/** One action that must be allowed on every one of these resources. */
export interface Need {
  /** `dynamodb:PutItem`. */
  readonly action: string
  /** ARN patterns: `*` stands for what is not known. `['*']` where the action knows no resources. */
  readonly resources: readonly string[]
  /**
   * False where the input did not tell the resource, and the pattern takes every one of its type. Of what lies in something else (an
   * object in a bucket, an index of a table) it is the outer one that has to be told; any known part of its name tells it.
   */
  readonly exact: boolean
  /**
   * Only under these, by operator and then key: the same form as a policy's. Where the request is at hand, they are what it has of
   * these keys.
   */
  readonly conditions?: Conditions
}

/** `{ 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': ['alias/orders'] } }` */
export type Conditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>

/** An operation as the SDK's packages call it: the tail of `@aws-sdk/client-…`, and the command without `Command`. */
export interface Operation {
  readonly service: string
  readonly name: string
}

/**
 * What a call needs; undefined for an operation that the data does not know, and nothing for one that anybody may call. Of
 * ApiGatewayManagementApi the API is in the client's endpoint: say it as a further member of the input, `endpoint`.
 */
export type NeedsOf = (operation: Operation, input: Value, place: Place) => readonly Need[] | undefined
