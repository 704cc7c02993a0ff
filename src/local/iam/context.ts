// The condition keys of a call that a function makes: what its role's session, the request and the call itself tell.
// Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html

import type { Context } from '../../aws/access/evaluate.ts'
import type { Need } from '../../aws/access.ts'
import type { FunctionModel, Model } from '../../model/index.ts'
import { functionArn } from '../environment.ts'
import { roleArn, roleName, tagsOf } from '../mirror/names.ts'
import { ACCOUNT, type Asked, REGION, type WireRequest } from '../service.ts'
import { toId } from '../services/sts/index.ts'

export interface Told {
  readonly model: Model
  readonly made: FunctionModel
  readonly request: Pick<WireRequest, 'headers'>
  readonly asked: Asked
  readonly need: Need
  /** Milliseconds since 1970. */
  readonly now: number
}

// S3's keys that stand in the query of a list.
const LISTING: Readonly<Record<string, string>> = {
  's3:prefix': 'Prefix',
  's3:delimiter': 'Delimiter',
  's3:max-keys': 'MaxKeys',
  's3:versionid': 'VersionId',
}

/** A role's session has no `aws:username`: a variable of it matches nothing, as on AWS. */
export function contextOf({ model, made, request, asked, need, now }: Told): Context {
  const known: Record<string, string | undefined> = {
    'aws:currenttime': new Date(now).toISOString(),
    'aws:epochtime': String(Math.floor(now / 1000)),
    'aws:principalaccount': ACCOUNT,
    'aws:principalarn': roleArn(made),
    'aws:principalisawsservice': 'false',
    'aws:principaltype': 'AssumedRole',
    'aws:requestedregion': REGION,
    'aws:resourceaccount': ACCOUNT,
    // On AWS it would be: every endpoint there speaks TLS.
    'aws:securetransport': 'true',
    'aws:sourceip': '127.0.0.1',
    'aws:useragent': request.headers['user-agent'],
    'aws:userid': `${toId('AROA', roleName(made))}:${made.physicalName}`,
    'aws:viaawsservice': 'false',
    'lambda:sourcefunctionarn': functionArn(made),
  }
  for (const [name, value] of Object.entries(tagsOf(model))) known[`aws:principaltag/${name.toLowerCase()}`] = value
  for (const [key, member] of Object.entries(LISTING)) {
    const value = asked.client === 's3' ? asked.input[member] : undefined
    if (typeof value === 'string') known[key] = value
  }
  const special = new Map<string, readonly string[]>()
  for (const keys of Object.values(need.conditions ?? {}))
    for (const [key, values] of Object.entries(keys)) special.set(key.toLowerCase(), values)
  return (key) => {
    const value = special.get(key) ?? (Object.hasOwn(known, key) ? known[key] : undefined)
    return typeof value === 'string' ? [value] : value
  }
}
