// What allows an AWS service to call a function, by its alias and for one source only.
import { permissionId } from '../ids.ts'
import type { Part, TemplateResource, Value } from '../template.ts'
import { aliasArn } from './making.ts'

interface Caller {
  /** `sns.amazonaws.com`. */
  readonly principal: string
  /** The ARN of what it calls for. */
  readonly source: Value
  /**
   * Whose that has to be, where the ARN does not say it: a bucket's. Services need not tell the account, and what a statement
   * asks for and nobody tells is refused. Source: SourceAccount of AWS::Lambda::Permission ("not supported by all event sources").
   */
  readonly account?: string
}

/** Allows it under the function's own name, of which there is one. */
export const toPermission = (name: string, caller: Caller): Part => ({ [permissionId(name)]: permission(name, caller) })

/** What allows it, for functions that several things wake. */
export const permission = (name: string, { principal, source, account }: Caller): TemplateResource => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    FunctionName: aliasArn(name),
    Action: 'lambda:InvokeFunction',
    Principal: principal,
    SourceArn: source,
    ...(account === undefined ? {} : { SourceAccount: account }),
  },
})
