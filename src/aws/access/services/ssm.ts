// SSM: parameters by name, path or ARN; a parameter's ARN has no slash of its own before the name.
// Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html
import { arnOf, byName, isArn, need, type Resource, type Rule, type Service } from '../resource.ts'
import { at, type Input, named, orUntold, said, type Text, texts } from '../text.ts'
import { keyNeeds } from './kms-key.ts'

/** `/app/key` and `key` are `parameter/app/key` and `parameter/key`; `:3` after the name is a version, `:label` a label. */
function toParameter({ place }: Input, { pattern, told }: Text): Resource {
  if (isArn(pattern)) return { arn: pattern.split(':').slice(0, 6).join(':'), exact: told }
  const [name = '*'] = pattern.replace(/^\//, '').split(':')
  return { arn: arnOf(place, 'ssm', `parameter/${name}`), exact: told }
}

function toParameters(input: Input): readonly Resource[] {
  return orUntold(said(input.value, 'Name', 'Names', 'ResourceId')).map((text) => toParameter(input, text))
}

/** Documents of AWS's own belong to no account: `AWS-RunShellScript`, `AWS-StartSSHSession`. */
function toDocuments(input: Input): readonly Resource[] {
  return orUntold(said(input.value, 'DocumentName', 'Name')).map(({ pattern, told }) => {
    const place = /^(AWS|Amazon|AWSEC2|AWSSupport)[-A-Z]/.test(pattern) ? { ...input.place, account: '' } : input.place
    return { arn: isArn(pattern) ? pattern : arnOf(place, 'ssm', `document/${pattern}`), exact: told }
  })
}

const TAGGED: Readonly<Record<string, string>> = {
  Automation: 'automation-execution/',
  Document: 'document/',
  MaintenanceWindow: 'maintenancewindow/',
  ManagedInstance: 'managed-instance/',
  OpsItem: 'opsitem/',
  OpsMetadata: 'opsmetadata/',
  PatchBaseline: 'patchbaseline/',
}

/** What is tagged is told by a type and an id. */
const tagging =
  (action: string): Rule =>
  (input) => {
    const kinds = orUntold(texts(at(input.value, 'ResourceType')))
    const resources = kinds.flatMap(({ pattern }) => {
      if (pattern === 'Parameter') return toParameters(input)
      return byName(input, 'ssm', TAGGED[pattern] ?? '*/', named(input, 'ResourceId'))
    })
    return [need(`ssm:${action}`, resources)]
  }

/**
 * The path itself is what IAM is asked for, and whoever may read the path may read all below it.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html (GetParametersByPath).
 */
const byPath: Rule = (input) => {
  const paths = named(input, 'Path').map(({ pattern, told }) =>
    toParameter(input, { pattern: pattern.replace(/(?<=.)\/$/, ''), told }),
  )
  const below = paths.map(({ arn, exact }) => ({ arn: arn.endsWith('*') ? arn : `${arn.replace(/\/$/, '')}/*`, exact }))
  return [need('ssm:GetParametersByPath', [...paths, ...below])]
}

/** A SecureString under a key of one's own is encrypted by whoever writes it. The larger tier wraps a data key. */
const put: Rule = (input) => [
  need('ssm:PutParameter', toParameters(input)),
  ...keyNeeds(
    input,
    'KeyId',
    texts(at(input.value, 'Tier')).every(({ pattern }) => pattern === 'Standard')
      ? ['Encrypt']
      : ['Encrypt', 'GenerateDataKey'],
  ),
]

export const ssm: Service = {
  finders: { parameter: toParameters, document: toDocuments },
  aliases: { PatchBaselineIdResourceId: ['BaselineId'], ResourceId: ['WindowId', 'SettingId'] },
  rules: {
    AddTagsToResource: tagging('AddTagsToResource'),
    GetParametersByPath: byPath,
    ListTagsForResource: tagging('ListTagsForResource'),
    PutParameter: put,
    RemoveTagsFromResource: tagging('RemoveTagsFromResource'),
  },
}
