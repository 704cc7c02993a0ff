// Secrets Manager: a secret's ARN ends with six letters that its name does not tell.
// Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html
import { arnOf, isArn, need, type Resource, type Rule, type Service } from '../resource.ts'
import { at, type Input, isLeftOut, isNamed, items, named, said, type Text, texts } from '../text.ts'
import { keyNeeds } from './kms-key.ts'

const SUFFIX = '-??????'

function toSecrets(input: Input): readonly Resource[] {
  return (isLeftOut(input.value, 'SecretId') ? named(input, 'Name') : named(input, 'SecretId')).map((text) =>
    toSecret(input, text),
  )
}

/** By name, by ARN, or by an ARN without its last letters. */
export function toSecret({ place }: Input, { pattern, told }: Text): Resource {
  if (isArn(pattern))
    return { arn: /(-[A-Za-z0-9?]{6}|\*)$/.test(pattern) ? pattern : `${pattern}${SUFFIX}`, exact: told }
  return {
    arn: arnOf(place, 'secretsmanager', pattern === '*' ? 'secret:*' : `secret:${pattern}${SUFFIX}`),
    exact: told,
  }
}

/** A list is read secret by secret; one that is found by filters is not named. */
const batch: Rule = (input) => {
  const listed = texts(items(at(input.value, 'SecretIdList')))
  const every = [{ arn: '*', exact: true }]
  const secrets = listed.map((text) => toSecret(input, text))
  const anyone = [{ arn: arnOf(input.place, 'secretsmanager', 'secret:*'), exact: false }]
  const filtered = isNamed(input.value, 'Filters') ? [need('secretsmanager:ListSecrets', every)] : []
  return [
    need('secretsmanager:BatchGetSecretValue', every),
    ...filtered,
    need('secretsmanager:GetSecretValue', secrets.length > 0 ? secrets : anyone),
  ]
}

/** Written with a key of one's own, the secret is encrypted by whoever writes it. */
const withKey =
  (action: string): Rule =>
  (input) => [
    need(`secretsmanager:${action}`, toSecrets(input)),
    ...keyNeeds(input, 'KmsKeyId', ['GenerateDataKey', 'Decrypt']),
  ]

/** The function that rotates is called once to see that it can be. Source: the API's page of RotateSecret. */
const rotation: Rule = (input) => {
  const functions = said(input.value, 'RotationLambdaARN')
  if (functions.length === 0) return []
  const arns = functions.map(({ pattern, told }) => ({
    arn: told ? pattern : arnOf(input.place, 'lambda', 'function:*'),
    exact: told,
  }))
  return [need('lambda:InvokeFunction', arns)]
}

export const secretsmanager: Service = {
  finders: { secret: toSecrets },
  besides: { RotateSecret: rotation },
  rules: { BatchGetSecretValue: batch, CreateSecret: withKey('CreateSecret'), UpdateSecret: withKey('UpdateSecret') },
}
