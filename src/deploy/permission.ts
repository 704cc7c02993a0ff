// What allows an AWS service to call a function, by its alias and for one source only.
import { permissionId } from './ids.ts'
import { aliasArn } from './making.ts'
import type { Part, Value } from './template.ts'

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

export const toPermission = (name: string, { principal, source, account }: Caller): Part => ({
  [permissionId(name)]: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      FunctionName: aliasArn(name),
      Action: 'lambda:InvokeFunction',
      Principal: principal,
      SourceArn: source,
      ...(account === undefined ? {} : { SourceAccount: account }),
    },
  },
})
