// KMS: keys by id, ARN or alias; re-encrypting is two actions, on two keys.
// Source: https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
import { arnOf, isArn, type Resource, type Rule, type Service } from '../resource.ts'
import { type Input, named, orUntold, said } from '../text.ts'
import { toKeys } from './kms-key.ts'

// All that name their key, or any of its aliases, by KeyId.
const BY_KEY_ID = [
  ...['Decrypt', 'DescribeKey', 'DeriveSharedSecret', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyPair'],
  ...['GenerateDataKeyPairWithoutPlaintext', 'GenerateDataKeyWithoutPlaintext', 'GenerateMac', 'GetPublicKey'],
  ...['Sign', 'Verify', 'VerifyMac'],
]

const onKey =
  (action: string, member: string): Rule =>
  (input) =>
    toKeys(input, named(input, member), [action])

function toAliases(input: Input): readonly Resource[] {
  return named(input, 'AliasName').map(({ pattern, told }) => ({
    arn: isArn(pattern) ? pattern : arnOf(input.place, 'kms', told ? pattern : 'alias/*'),
    exact: told,
  }))
}

function toTargets(input: Input): readonly Resource[] {
  return orUntold(said(input.value, 'TargetKeyId', 'KeyId')).map(({ pattern, told }) => ({
    arn: isArn(pattern) ? pattern : arnOf(input.place, 'kms', `key/${pattern}`),
    exact: told,
  }))
}

export const kms: Service = {
  finders: { alias: toAliases, key: toTargets },
  rules: {
    ...Object.fromEntries(BY_KEY_ID.map((name) => [name, onKey(name, 'KeyId')])),
    ReEncrypt: (input) => [
      ...onKey('ReEncryptFrom', 'SourceKeyId')(input),
      ...onKey('ReEncryptTo', 'DestinationKeyId')(input),
    ],
  },
}
