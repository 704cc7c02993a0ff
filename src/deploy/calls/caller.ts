// Who calls, and whose account it is: what a deploy shows before it does anything.
import { problem } from '../../errors.ts'
import type { Clients } from './clients.ts'

export interface Caller {
  readonly account: string
  /** `arn:aws:iam::111122223333:user/ada`. */
  readonly arn: string
  readonly region: string
}

/** Throws GOBLET_NO_CREDENTIALS, GOBLET_CREDENTIALS_EXPIRED, GOBLET_CREDENTIALS_REFUSED. */
export async function callerOf({ sts, region, profile }: Clients): Promise<Caller> {
  const { Account, Arn } = await sts.getCallerIdentity({})
  if (Account === undefined || Arn === undefined) throw problem('GOBLET_NO_CREDENTIALS', { profile })
  return { account: Account, arn: Arn, region }
}
