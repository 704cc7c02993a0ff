// KMS: keys by id, ARN or alias; re-encrypting is two actions, on two keys.
// Source: https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html
import { arnOf, isArn, type Resource, type Rule, type Service } from '../resource.ts'
import { at, type Input, named, texts } from '../text.ts'
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
  const given = [...texts(at(input.value, 'TargetKeyId')), ...texts(at(input.value, 'KeyId'))].filter(
    ({ told }) => told,
  )
  const keys = given.map(({ pattern }) => ({
    arn: isArn(pattern) ? pattern : arnOf(input.place, 'kms', `key/${pattern}`),
    exact: true,
  }))
  return keys.length > 0 ? keys : [{ arn: arnOf(input.place, 'kms', 'key/*'), exact: false }]
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
