// SSM: parameters by name, path or ARN; a parameter's ARN has no slash of its own before the name.
// Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html
import { arnOf, byName, isArn, need, type Resource, type Rule, type Service } from '../resource.ts'
import { at, type Input, items, named, orUntold, type Text, texts } from '../text.ts'
import { keyNeeds } from './kms-key.ts'

/** `/app/key` and `key` are `parameter/app/key` and `parameter/key`; `:3` after the name is a version, `:label` a label. */
function toParameter({ place }: Input, { pattern, told }: Text): Resource {
  if (isArn(pattern)) return { arn: pattern.split(':').slice(0, 6).join(':'), exact: told }
  const [name = '*'] = pattern.replace(/^\//, '').split(':')
  return { arn: arnOf(place, 'ssm', `parameter/${name}`), exact: told }
}

const PARAMETER = ['Name', 'ResourceId'] as const

function toParameters(input: Input): readonly Resource[] {
  const listed = texts(items(at(input.value, 'Names')))
  const single = PARAMETER.flatMap((name) => texts(at(input.value, name))).filter(({ told }) => told)
  const all = [...single, ...listed]
  return orUntold(all.some(({ told }) => told) ? all : []).map((text) => toParameter(input, text))
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
  finders: {
    parameter: toParameters,
    document: (input) => byName(input, 'ssm', 'document/', named(input, 'DocumentName')),
  },
  rules: { GetParametersByPath: byPath, PutParameter: put },
}
