// The local STS: who is calling, and sessions of roles that anybody may take on.
import { createHash } from 'node:crypto'
import { readText } from '../../../aws/protocol/body.ts'
import type { Form } from '../../../aws/protocol/query.ts'
import { answerQuery, fieldOf, neededField, type QueryAction } from '../../../aws/protocol/query-actions.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import type { XmlNodes } from '../../../aws/protocol/xml.ts'
import type { Clock } from '../../clock.ts'
import { ACCOUNT, guardedBy, LOCAL_CREDENTIALS, type Service, type WireRequest } from '../../service.ts'

export interface StsGround {
  readonly clock: Clock
  /** The role, and the name, of the function whose sandbox bears this token. */
  caller(token: string): { readonly role: string; readonly session: string } | undefined
}

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/'
const LARGEST_BODY = 256 * 1024

/** Opens the service. It keeps nothing: a session is in its token. */
export function openSts(ground: StsGround): Service {
  return {
    handle: async (request) => {
      const text = await readText(request.body, LARGEST_BODY)
      const actions = toActions(request, ground)
      const service = { namespace: NAMESPACE, actions, ...guardedBy(request, 'sts') }
      return answerQuery({ id: request.id, query: request.query, text }, service)
    },
  }
}

const toActions = (request: WireRequest, ground: StsGround): ReadonlyMap<string, QueryAction> =>
  new Map<string, QueryAction>([
    ['GetCallerIdentity', () => identify(request, ground)],
    ['AssumeRole', (form) => assume(form, ground)],
    ['AssumeRoleWithWebIdentity', (form) => assume(form, ground)],
    ['GetSessionToken', (form) => [credentials(form, ground, 43_200, { role: '', session: '' })]],
    ['GetFederationToken', (form) => federate(form, ground)],
    ['GetAccessKeyInfo', () => [['Account', ACCOUNT]]],
    ['DecodeAuthorizationMessage', (form) => [['DecodedMessage', fieldOf(form, 'EncodedMessage')]]],
  ])

/** Ids of IAM: 21 characters, the same for the same name. */
export const toId = (prefix: string, name: string): string => {
  const letters = createHash('sha256').update(name).digest('hex').toUpperCase().replace(/[018]/g, 'Q')
  return prefix + letters.slice(0, 17)
}

function identify({ headers }: WireRequest, { caller, clock }: StsGround): XmlNodes {
  const token = headers['x-amz-security-token'] ?? ''
  const session = readSession(token, clock.now()) ?? caller(token)
  if (session === undefined || session.role === '')
    return toIdentity(`arn:aws:iam::${ACCOUNT}:user/${LOCAL_CREDENTIALS.accessKeyId}`, toId('AIDA', 'goblet'))
  return toIdentity(assumedArn(session), `${toId('AROA', session.role)}:${session.session}`)
}

const toIdentity = (arn: string, id: string): XmlNodes => [
  ['Arn', arn],
  ['UserId', id],
  ['Account', ACCOUNT],
]

interface Session {
  readonly role: string
  readonly session: string
}

const assumedArn = ({ role, session }: Session): string => `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${session}`

const MARK = 'goblet-session.'

function readSession(token: string, now: number): Session | undefined {
  if (!token.startsWith(MARK)) return undefined
  try {
    const told: unknown = JSON.parse(Buffer.from(token.slice(MARK.length), 'base64url').toString())
    if (!Array.isArray(told)) return undefined
    const [role, session, until] = told
    if (typeof role !== 'string' || typeof session !== 'string') return undefined
    if (Number(until) <= now)
      throw new ServiceError('ExpiredToken', 'The security token included in the request is expired', { status: 403 })
    return { role, session }
  } catch (problem) {
    if (problem instanceof ServiceError) throw problem
    return undefined
  }
}

function assume(form: Form, ground: StsGround): XmlNodes {
  const arn = neededField(form, 'RoleArn')
  const session = neededField(form, 'RoleSessionName')
  checkSession(session)
  const role = /^arn:[^:]+:iam::\d{12}:role\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1]
  if (role === undefined) throw new ServiceError('ValidationError', `${arn} is invalid`)
  const user: XmlNodes = [
    ['AssumedRoleId', `${toId('AROA', role)}:${session}`],
    ['Arn', assumedArn({ role, session })],
  ]
  return [['AssumedRoleUser', user], credentials(form, ground, 3600, { role, session })]
}

// Source: recorded.
function checkSession(session: string): void {
  const refuse = (words: string): ServiceError =>
    new ServiceError(
      'ValidationError',
      `1 validation error detected: Value '${session}' at 'roleSessionName' failed to satisfy constraint: ${words}`,
    )
  if (!/^[\w+=,.@-]*$/.test(session)) throw refuse('Member must satisfy regular expression pattern: [\\w+=,.@-]*')
  if (session.length > 64) throw refuse('Member must have length less than or equal to 64')
  if (session.length < 2) throw refuse('Member must have length greater than or equal to 2')
}

function federate(form: Form, ground: StsGround): XmlNodes {
  const name = neededField(form, 'Name')
  const user: XmlNodes = [
    ['FederatedUserId', `${ACCOUNT}:${name}`],
    ['Arn', `arn:aws:sts::${ACCOUNT}:federated-user/${name}`],
  ]
  return [
    ['FederatedUser', user],
    credentials(form, ground, 43_200, { role: '', session: name }),
    ['PackedPolicySize', 0],
  ]
}

// The local key pair: with it signatures can be checked, and the token says whose session it is.
function credentials(form: Form, { clock }: StsGround, usual: number, of: Session): readonly [string, XmlNodes] {
  const until = clock.now() + readDuration(form, usual) * 1000
  const told = JSON.stringify([of.role, of.session, until])
  return [
    'Credentials',
    [
      ['AccessKeyId', LOCAL_CREDENTIALS.accessKeyId],
      ['SecretAccessKey', LOCAL_CREDENTIALS.secretAccessKey],
      ['SessionToken', MARK + Buffer.from(told).toString('base64url')],
      ['Expiration', new Date(until).toISOString().replace(/\.\d+Z$/, 'Z')],
    ],
  ]
}

// Source: AssumeRole; a session of a user may last 36 hours.
function readDuration(form: Form, usual: number): number {
  const given = fieldOf(form, 'DurationSeconds')
  if (given === undefined) return usual
  const refuse = (words: string): ServiceError =>
    new ServiceError(
      'ValidationError',
      `1 validation error detected: Value '${given}' at 'durationSeconds' failed to satisfy constraint: ${words}`,
    )
  const most = usual === 3600 ? 43_200 : 129_600
  if (!/^\d{1,9}$/.test(given) || Number(given) < 900)
    throw refuse('Member must have value greater than or equal to 900')
  if (Number(given) > most) throw refuse(`Member must have value less than or equal to ${most}`)
  return Number(given)
}
