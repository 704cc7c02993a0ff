// The reads of IAM: the roles of the app's functions, what they may do, and the one user there is.
import { readText } from '../../../aws/protocol/body.ts'
import type { Form } from '../../../aws/protocol/query.ts'
import { answerQuery, fieldOf, listNode, neededField, type QueryAction } from '../../../aws/protocol/query-actions.ts'
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import type { XmlNodes } from '../../../aws/protocol/xml.ts'
import { ACCOUNT, guardedBy, LOCAL_CREDENTIALS, type Service } from '../../service.ts'

/** A role of the app. */
export interface RoleFacts {
  readonly name: string
  readonly id: string
  readonly arn: string
  readonly description: string
  /** Which service takes it on. */
  readonly principal: string
  /** Policy documents by name. */
  readonly policies: Readonly<Record<string, object>>
  /** Names of AWS's own policies. */
  readonly attached: readonly string[]
  readonly tags: Readonly<Record<string, string>>
}

export interface IamGround {
  roles(): readonly RoleFacts[]
  /** Milliseconds since 1970 at which the local cloud began to run. */
  readonly since: number
}

const NAMESPACE = 'https://iam.amazonaws.com/doc/2010-05-08/'
const LARGEST_BODY = 1024 * 1024
const USER = LOCAL_CREDENTIALS.accessKeyId

/** Opens the service. */
export function openIam(ground: IamGround): Service {
  const actions = toActions(ground)
  return {
    handle: async (request) => {
      const { id, query, body } = request
      const text = await readText(body, LARGEST_BODY)
      return answerQuery({ id, query, text }, { namespace: NAMESPACE, actions, ...guardedBy(request, 'iam') })
    },
  }
}

function toActions(ground: IamGround): ReadonlyMap<string, QueryAction> {
  const of = (form: Form): RoleFacts => findRole(form, ground)
  const all = (name: string, members: readonly XmlNodes[]): XmlNodes => [
    listNode(name, members),
    ['IsTruncated', false],
  ]
  return new Map<string, QueryAction>([
    ['GetRole', (form) => [['Role', toRole(of(form), ground)]]],
    [
      'ListRoles',
      (form) =>
        all(
          'Roles',
          underPath(form, ground).map((role) => toRole(role, ground)),
        ),
    ],
    [
      'ListRolePolicies',
      (form) => [
        ['PolicyNames', namesOf(Object.keys(of(form).policies))],
        ['IsTruncated', false],
      ],
    ],
    ['GetRolePolicy', (form) => getRolePolicy(form, of(form))],
    ['ListAttachedRolePolicies', (form) => all('AttachedPolicies', of(form).attached.map(toAttached))],
    ['ListRoleTags', (form) => all('Tags', toTags(of(form)))],
    ['ListInstanceProfilesForRole', (form) => all('InstanceProfiles', none(of(form)))],
    ['GetUser', (form) => [['User', toUser(form, ground)]]],
    ['ListUsers', () => all('Users', [toUser({}, ground)])],
    [
      'ListAccountAliases',
      () => [
        ['AccountAliases', ''],
        ['IsTruncated', false],
      ],
    ],
    ['ListAttachedUserPolicies', () => all('AttachedPolicies', [toAttached('AdministratorAccess')])],
    [
      'ListUserPolicies',
      () => [
        ['PolicyNames', ''],
        ['IsTruncated', false],
      ],
    ],
    ['ListGroupsForUser', () => all('Groups', [])],
    ['ListPolicies', () => all('Policies', [])],
  ])
}

// A role of a function has no instance profile; one that is not there is refused before.
const none = (_role: RoleFacts): XmlNodes[] => []

const namesOf = (names: readonly string[]): XmlNodes => names.map((name) => ['member', name] as const)

function findRole(form: Form, { roles }: IamGround): RoleFacts {
  const name = neededField(form, 'RoleName')
  const found = roles().find((role) => role.name === name)
  if (found === undefined) throw noEntity(`The role with name ${name} cannot be found.`)
  return found
}

const noEntity = (message: string): ServiceError => new ServiceError('NoSuchEntity', message, { status: 404 })

// Every role of the app has the path `/`.
const underPath = (form: Form, { roles }: IamGround): readonly RoleFacts[] =>
  (fieldOf(form, 'PathPrefix') ?? '/') === '/' ? roles() : []

const toDate = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')

function toRole(role: RoleFacts, { since }: IamGround): XmlNodes {
  const { name, arn, id, description, principal } = role
  const Statement = [{ Effect: 'Allow', Principal: { Service: principal }, Action: 'sts:AssumeRole' }]
  return [
    ['Path', '/'],
    ['RoleName', name],
    ['RoleId', id],
    ['Arn', arn],
    ['CreateDate', toDate(since)],
    // Policies come percent-encoded.
    ['AssumeRolePolicyDocument', encodeURIComponent(JSON.stringify({ Version: '2012-10-17', Statement }))],
    ['Description', description === '' ? undefined : description],
    ['MaxSessionDuration', 3600],
    listNode('Tags', toTags(role)),
  ]
}

const toTags = ({ tags }: RoleFacts): XmlNodes[] =>
  Object.entries(tags).map(
    ([key, value]): XmlNodes => [
      ['Key', key],
      ['Value', value],
    ],
  )

function getRolePolicy(form: Form, { name, policies }: RoleFacts): XmlNodes {
  const policy = neededField(form, 'PolicyName')
  const document = policies[policy]
  if (document === undefined) throw noEntity(`The role policy with name ${policy} cannot be found.`)
  return [
    ['RoleName', name],
    ['PolicyName', policy],
    ['PolicyDocument', encodeURIComponent(JSON.stringify(document))],
  ]
}

const toAttached = (path: string): XmlNodes => [
  ['PolicyName', path.split('/').at(-1)],
  ['PolicyArn', `arn:aws:iam::aws:policy/${path}`],
]

function toUser(form: Form, { since }: IamGround): XmlNodes {
  const name = fieldOf(form, 'UserName') ?? USER
  if (name !== USER) throw noEntity(`The user with name ${name} cannot be found.`)
  return [
    ['Path', '/'],
    ['UserName', USER],
    ['UserId', 'AIDAGOBLETGOBLETGOBLET'],
    ['Arn', `arn:aws:iam::${ACCOUNT}:user/${USER}`],
    ['CreateDate', toDate(since)],
  ]
}
