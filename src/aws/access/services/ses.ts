// SES, both of its APIs: mail is sent as an identity, which is an address or its whole domain.
// Source: https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html and
// https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policies.html
import { arnOf, need, type Resource, type Rule, type Service } from '../resource.ts'
import { at, type Input, isNamed, orUntold, said, type Text, texts } from '../text.ts'

const SENDERS = ['FromEmailAddress', 'Source', 'FromEmailAddressIdentityArn', 'SourceArn', 'FromArn']

/** Which of the two identities is verified, the address or its domain, only SES knows. */
function ofSender(input: Input, { pattern, told }: Text): readonly Resource[] {
  if (pattern.startsWith('arn:')) return [{ arn: pattern, exact: told }]
  const address = /<([^>]+)>\s*$/.exec(pattern)?.[1] ?? pattern
  const [, domain] = /@([^@*]+)$/.exec(address) ?? []
  const identities = domain === undefined ? [address] : [address, domain]
  return identities.map((name) => ({ arn: arnOf(input.place, 'ses', `identity/${name}`), exact: told }))
}

/** The sender; of a raw message, whose sender may stand in the message itself, every one unless it is named. */
function toIdentities(input: Input): readonly Resource[] {
  const named = ['EmailIdentity', 'Identity', 'Domain', 'EmailAddress', 'ResourceArn']
  return orUntold(said(input.value, ...SENDERS, ...named)).flatMap((text) => ofSender(input, text))
}

function of(input: Input, type: string, paths: readonly (readonly string[])[]): readonly Resource[] {
  return paths
    .filter(([first = '']) => isNamed(input.value, first))
    .flatMap((path) => texts(at(input.value, ...path)))
    .map(({ pattern, told }) => ({
      arn: pattern.startsWith('arn:') ? pattern : arnOf(input.place, 'ses', `${type}/${pattern}`),
      exact: told,
    }))
}

function sending(action: string, template: readonly (readonly string[])[] = []): Rule {
  return (input) => [
    need(`ses:${action}`, [
      ...toIdentities(input),
      ...of(input, 'configuration-set', [['ConfigurationSetName']]),
      ...of(input, 'template', template),
    ]),
  ]
}

/**
 * The newer API has one operation for what were three, and asks for the older action, too.
 * Source: https://github.com/anymail/django-anymail/commit/f86c019e1d21b445749e08cc10ffe817141e6b41, with the errors that AWS gave.
 */
const send: Rule = (input) => {
  const is = (kind: string): boolean => at(input.value, 'Content').some((content) => isNamed(content, kind))
  const template = [['Content', 'Template', 'TemplateName']]
  return [
    ...sending('SendEmail', is('Template') ? template : [])(input),
    ...(is('Raw') ? sending('SendRawEmail')(input) : []),
    ...(is('Template') ? sending('SendTemplatedEmail', template)(input) : []),
  ]
}

const bulk = sending('SendBulkEmail', [['DefaultContent', 'Template', 'TemplateName']])
const both: Rule = (input) => [
  ...bulk(input),
  ...bulk(input).map((each) => ({ ...each, action: 'ses:SendBulkTemplatedEmail' })),
]

export const ses: Service = {
  finders: { identity: toIdentities },
  aliases: { DedicatedIPPool: ['PoolName', 'DestinationPoolName'], ExportJobId: ['JobId'], ImportJobId: ['JobId'] },
  rules: {
    SendRawEmail: sending('SendRawEmail'),
    SendTemplatedEmail: sending('SendTemplatedEmail', [['Template'], ['TemplateArn']]),
    SendBulkTemplatedEmail: sending('SendBulkTemplatedEmail', [['Template'], ['TemplateArn']]),
  },
}

export const sesv2: Service = {
  ...ses,
  rules: { SendEmail: send, SendBulkEmail: both },
}
