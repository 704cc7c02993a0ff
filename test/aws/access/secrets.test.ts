// What calls of parameters, secrets, keys and roles need.
import { check, type Row } from '../../support/needs.ts'

const SSM = 'https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html'
const SSM_LIST = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html'
const SSM_KMS = 'https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html'
const SECRETS = 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_iam-policies.html'
const BATCH = 'https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html'
const KMS = 'https://docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html'
const ALIAS = 'https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html'
const STS = 'https://docs.aws.amazon.com/STS/latest/APIReference/'
const TAGS = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html'
const IAM =
  'https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html'

const parameters: readonly Row[] = [
  ['ssm GetParameter', { Name: '/app/key' }, ['ssm:GetParameter parameter/app/key'], SSM],
  ['ssm GetParameter', { Name: 'key' }, ['ssm:GetParameter parameter/key'], SSM],
  ['ssm GetParameter', { Name: '/app/key:3' }, ['ssm:GetParameter parameter/app/key'], SSM],
  ['ssm GetParameter', { Name: '/app/key', WithDecryption: true }, ['ssm:GetParameter parameter/app/key'], SSM_KMS],
  [
    'ssm GetParameter',
    { Name: 'arn:aws:ssm:us-east-1:210987654321:parameter/key' },
    ['ssm:GetParameter arn:aws:ssm:us-east-1:210987654321:parameter/key'],
    SSM,
  ],
  ['ssm GetParameter', undefined, ['ssm:GetParameter parameter/* ?'], SSM],
  ['ssm GetParameters', { Names: ['/a', 'b'] }, ['ssm:GetParameters parameter/a | parameter/b'], SSM],
  ['ssm GetParametersByPath', { Path: '/app' }, ['ssm:GetParametersByPath parameter/app | parameter/app/*'], SSM],
  [
    'ssm GetParametersByPath',
    { Path: '/app/', Recursive: true },
    ['ssm:GetParametersByPath parameter/app | parameter/app/*'],
    SSM,
  ],
  ['ssm GetParametersByPath', undefined, ['ssm:GetParametersByPath parameter/* ?'], SSM],
  ['ssm GetParameterHistory', { Name: '/a' }, ['ssm:GetParameterHistory parameter/a'], SSM],
  ['ssm PutParameter', { Name: '/a', Value: 'x' }, ['ssm:PutParameter parameter/a'], SSM],
  [
    'ssm PutParameter',
    { Name: '/a', Type: 'SecureString', KeyId: 'alias/app' },
    ['ssm:PutParameter parameter/a', 'kms:Encrypt key/* if kms:ResourceAliases=alias/app'],
    SSM_KMS,
  ],
  [
    'ssm PutParameter',
    { Name: '/a', Type: 'SecureString', Tier: 'Advanced', KeyId: '1234' },
    ['ssm:PutParameter parameter/a', 'kms:Encrypt key/1234', 'kms:GenerateDataKey key/1234'],
    SSM_KMS,
  ],
  ['ssm DeleteParameter', { Name: '/a' }, ['ssm:DeleteParameter parameter/a'], SSM],
  ['ssm DeleteParameters', { Names: ['/a'] }, ['ssm:DeleteParameters parameter/a'], SSM],
  ['ssm DescribeParameters', {}, ['ssm:DescribeParameters *'], SSM],
  [
    'ssm AddTagsToResource',
    { ResourceType: 'Parameter', ResourceId: '/a' },
    ['ssm:AddTagsToResource parameter/a'],
    SSM_LIST,
  ],
  [
    'ssm GetDocument',
    { Name: 'AWS-RunShellScript' },
    ['ssm:GetDocument arn:aws:ssm:us-east-1::document/AWS-RunShellScript'],
    SSM_LIST,
  ],
  [
    'ssm SendCommand',
    { DocumentName: 'deploy', InstanceIds: ['i-1'] },
    ['ssm:SendCommand document/deploy | arn:aws:ec2:us-east-1:123456789012:instance/i-1 | managed-instance/i-1'],
    SSM_LIST,
  ],
]

const secret = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/db-AbCdEf'
const secrets: readonly Row[] = [
  [
    'secrets-manager GetSecretValue',
    { SecretId: 'shop/db' },
    ['secretsmanager:GetSecretValue secret:shop/db-??????'],
    SECRETS,
  ],
  [
    'secrets-manager GetSecretValue',
    { SecretId: secret },
    ['secretsmanager:GetSecretValue secret:shop/db-AbCdEf'],
    SECRETS,
  ],
  [
    'secrets-manager GetSecretValue',
    { SecretId: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:shop' },
    ['secretsmanager:GetSecretValue secret:shop-??????'],
    SECRETS,
  ],
  ['secrets-manager GetSecretValue', undefined, ['secretsmanager:GetSecretValue secret:* ?'], SECRETS],
  ['secrets-manager DescribeSecret', { SecretId: 'db' }, ['secretsmanager:DescribeSecret secret:db-??????'], SECRETS],
  ['secrets-manager PutSecretValue', { SecretId: 'db' }, ['secretsmanager:PutSecretValue secret:db-??????'], SECRETS],
  ['secrets-manager UpdateSecret', { SecretId: 'db' }, ['secretsmanager:UpdateSecret secret:db-??????'], SECRETS],
  ['secrets-manager CreateSecret', { Name: 'db' }, ['secretsmanager:CreateSecret secret:db-??????'], SECRETS],
  [
    'secrets-manager CreateSecret',
    { Name: 'db', KmsKeyId: 'k1' },
    ['secretsmanager:CreateSecret secret:db-??????', 'kms:GenerateDataKey key/k1', 'kms:Decrypt key/k1'],
    'https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html',
  ],
  ['secrets-manager DeleteSecret', { SecretId: 'db' }, ['secretsmanager:DeleteSecret secret:db-??????'], SECRETS],
  ['secrets-manager RotateSecret', { SecretId: 'db' }, ['secretsmanager:RotateSecret secret:db-??????'], SECRETS],
  [
    'secrets-manager RotateSecret',
    { SecretId: 'db', RotationLambdaARN: 'arn:aws:lambda:us-east-1:123456789012:function:rotate' },
    ['secretsmanager:RotateSecret secret:db-??????', 'lambda:InvokeFunction function:rotate'],
    'https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html',
  ],
  ['secrets-manager ListSecrets', {}, ['secretsmanager:ListSecrets *'], SECRETS],
  ['secrets-manager GetRandomPassword', {}, ['secretsmanager:GetRandomPassword *'], SECRETS],
  [
    'secrets-manager BatchGetSecretValue',
    { SecretIdList: ['a', secret] },
    ['secretsmanager:BatchGetSecretValue *', 'secretsmanager:GetSecretValue secret:a-?????? | secret:shop/db-AbCdEf'],
    BATCH,
  ],
  [
    'secrets-manager BatchGetSecretValue',
    { Filters: [{ Key: 'name', Values: ['a'] }] },
    [
      'secretsmanager:BatchGetSecretValue *',
      'secretsmanager:ListSecrets *',
      'secretsmanager:GetSecretValue secret:* ?',
    ],
    BATCH,
  ],
]

const id = '1234abcd-12ab-34cd-56ef-1234567890ab'
const byKey = [
  'Encrypt',
  'Decrypt',
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'Sign',
  'Verify',
  'GenerateMac',
  'VerifyMac',
  'DescribeKey',
  'GetPublicKey',
]
const keys: readonly Row[] = [
  ...byKey.map((name): Row => [`kms ${name}`, { KeyId: id }, [`kms:${name} key/${id}`], KMS]),
  [
    'kms Encrypt',
    { KeyId: `arn:aws:kms:eu-west-1:210987654321:key/${id}` },
    [`kms:Encrypt arn:aws:kms:eu-west-1:210987654321:key/${id}`],
    KMS,
  ],
  ['kms Encrypt', { KeyId: 'alias/app' }, ['kms:Encrypt key/* if kms:ResourceAliases=alias/app'], ALIAS],
  [
    'kms Encrypt',
    { KeyId: 'arn:aws:kms:us-east-1:123456789012:alias/app' },
    ['kms:Encrypt key/* if kms:ResourceAliases=alias/app'],
    ALIAS,
  ],
  ['kms Decrypt', { CiphertextBlob: 'x' }, ['kms:Decrypt key/* ?'], KMS],
  [
    'kms ReEncrypt',
    { SourceKeyId: 'a', DestinationKeyId: 'b' },
    ['kms:ReEncryptFrom key/a', 'kms:ReEncryptTo key/b'],
    KMS,
  ],
  ['kms CreateAlias', { AliasName: 'alias/app', TargetKeyId: id }, [`kms:CreateAlias alias/app | key/${id}`], KMS],
  ['kms ScheduleKeyDeletion', { KeyId: id }, [`kms:ScheduleKeyDeletion key/${id}`], KMS],
  ['kms CreateKey', {}, ['kms:CreateKey *'], KMS],
  ['kms GenerateRandom', {}, ['kms:GenerateRandom *'], KMS],
  ['kms ListAliases', {}, ['kms:ListAliases *'], KMS],
]

const RoleArn = 'arn:aws:iam::210987654321:role/reader'
const roles: readonly Row[] = [
  ['sts AssumeRole', { RoleArn, RoleSessionName: 'x' }, [`sts:AssumeRole ${RoleArn}`], `${STS}API_AssumeRole.html`],
  ['sts AssumeRole', { RoleArn, Tags: [] }, [`sts:AssumeRole ${RoleArn}`, `sts:TagSession ${RoleArn}`], TAGS],
  [
    'sts AssumeRole',
    { RoleArn, SourceIdentity: 'me' },
    [`sts:AssumeRole ${RoleArn}`, `sts:SetSourceIdentity ${RoleArn}`],
    `${STS}API_AssumeRole.html`,
  ],
  ['sts AssumeRole', undefined, ['sts:AssumeRole arn:aws:iam::123456789012:role/* ?'], `${STS}API_AssumeRole.html`],
  ['sts GetCallerIdentity', {}, [], `${STS}API_GetCallerIdentity.html`],
  ['sts GetSessionToken', {}, [], `${STS}API_GetSessionToken.html`],
  ['sts AssumeRoleWithWebIdentity', { RoleArn }, [], `${STS}API_AssumeRoleWithWebIdentity.html`],
  ['iam GetRole', { RoleName: 'r' }, ['iam:GetRole arn:aws:iam::123456789012:role/r'], IAM],
  ['iam CreateRole', { RoleName: 'r' }, ['iam:CreateRole arn:aws:iam::123456789012:role/r'], IAM],
  [
    'iam AttachRolePolicy',
    { RoleName: 'r', PolicyArn: 'arn:aws:iam::aws:policy/X' },
    ['iam:AttachRolePolicy arn:aws:iam::123456789012:role/r'],
    IAM,
  ],
  ['iam GetUser', { UserName: 'u' }, ['iam:GetUser arn:aws:iam::123456789012:user/u'], IAM],
  ['iam ListRoles', {}, ['iam:ListRoles *'], IAM],
]

check([...parameters, ...secrets, ...keys, ...roles])
