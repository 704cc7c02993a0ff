// Services that read what lies in S3, and write there, as the caller: Rekognition, Textract, Transcribe, Polly.
// Source: https://docs.aws.amazon.com/rekognition/latest/dg/security_iam_service-with-iam.html,
// https://docs.aws.amazon.com/textract/latest/dg/security_iam_service-with-iam.html,
// https://docs.aws.amazon.com/transcribe/latest/dg/security_iam_id-based-policy-examples.html and
// https://docs.aws.amazon.com/polly/latest/dg/asynchronous-iam.html
import type { Need } from '../need.ts'
import { need, type Resource, type Rule, type Service } from '../resource.ts'
import { at, type Input, isNamed, items, member, orUntold, said, type Text, texts, UNTOLD } from '../text.ts'
import type { Value } from '../value.ts'
import { passRoles, toRole } from './pass-role.ts'

type Path = readonly string[]

function toObject({ place }: Input, bucket: Text, key: Text): Resource {
  return { arn: `arn:${place.partition}:s3:::${bucket.pattern}/${key.pattern}`, exact: bucket.told }
}

/** The objects that members like `{ S3Object: { Bucket, Name } }` name; none of those that hold the bytes themselves. */
function objects(input: Input, values: readonly Value[]): Need[] {
  const named = values.filter((value) => value.kind === 'unknown' || isNamed(value, 'S3Object'))
  const found = named.flatMap((value) => {
    const keys = orUntold(texts(at(value, 'S3Object', 'Name')))
    return orUntold(texts(at(value, 'S3Object', 'Bucket'))).flatMap((bucket) =>
      keys.map((key) => toObject(input, bucket, key)),
    )
  })
  if (found.length === 0) return []
  const versions = named.some((value) => at(value, 'S3Object').some((one) => isNamed(one, 'Version')))
  return [need('s3:GetObject', found), ...(versions ? [need('s3:GetObjectVersion', found)] : [])]
}

const reading =
  (...paths: readonly Path[]): Rule =>
  (input) => [
    ...objects(
      input,
      paths.filter(([first = '']) => isNamed(input.value, first)).flatMap((path) => at(input.value, ...path)),
    ),
    ...notifying(input),
    ...output(input, ['OutputConfig', 'S3Bucket'], ['OutputConfig', 'S3Prefix']),
  ]

/** The topic is published to by a role that is handed over. */
function notifying(input: Input): Need[] {
  if (!isNamed(input.value, 'NotificationChannel')) return []
  const roles = texts(at(input.value, 'NotificationChannel', 'RoleArn'))
  return roles.length === 0
    ? []
    : [
        need(
          'iam:PassRole',
          roles.map((role) => toRole(input, role)),
        ),
      ]
}

function output(input: Input, bucket: Path, prefix: Path): Need[] {
  const [first = ''] = bucket
  if (!isNamed(input.value, first)) return []
  const starts = texts(at(input.value, ...prefix)).map(({ pattern }) => `${pattern.replace(/\*$/, '')}*`)
  const keys = (starts.length === 0 ? ['*'] : starts).map((pattern) => ({ pattern, told: true }))
  return [
    need(
      's3:PutObject',
      orUntold(texts(at(input.value, ...bucket))).flatMap((one) => keys.map((key) => toObject(input, one, key))),
    ),
  ]
}

function besides(names: readonly string[], rule: Rule): Record<string, Rule> {
  return Object.fromEntries(names.map((name) => [name, rule]))
}

const VIDEO = [
  'CelebrityRecognition',
  'ContentModeration',
  'FaceDetection',
  'FaceSearch',
  'LabelDetection',
  'PersonTracking',
  'SegmentDetection',
  'TextDetection',
]

export const rekognition: Service = {
  besides: {
    ...besides(
      [
        ...['DetectCustomLabels', 'DetectFaces', 'DetectLabels', 'DetectModerationLabels', 'DetectProtectiveEquipment'],
        ...['DetectText', 'IndexFaces', 'RecognizeCelebrities', 'SearchFacesByImage', 'SearchUsersByImage'],
      ],
      reading(['Image']),
    ),
    CompareFaces: reading(['SourceImage'], ['TargetImage']),
    ...besides(
      VIDEO.map((kind) => `Start${kind}`),
      reading(['Video']),
    ),
  },
}

export const textract: Service = {
  besides: {
    ...besides(['AnalyzeDocument', 'AnalyzeExpense', 'DetectDocumentText'], reading(['Document'])),
    AnalyzeID: (input) => objects(input, items(at(input.value, 'DocumentPages'))),
    ...besides(
      ['StartDocumentAnalysis', 'StartDocumentTextDetection', 'StartExpenseAnalysis', 'StartLendingAnalysis'],
      reading(['DocumentLocation']),
    ),
  },
}

/** `s3://bucket/key`, or an address of the same over HTTPS. */
function media(input: Input): Need[] {
  const uris = member(input.value, 'Media').flatMap((one) => said(one, 'MediaFileUri', 'RedactedMediaFileUri'))
  const found = orUntold(uris).map(({ pattern, told }) => {
    const path = pattern.replace(/^s3:\/\//, '').replace(/^https:\/\/s3[^/]*\//, '')
    const [bucket = '*', ...key] = path.split('/')
    return toObject(input, told ? { pattern: bucket, told: /[a-z0-9]/i.test(bucket) } : UNTOLD, {
      pattern: key.length === 0 ? '*' : key.join('/'),
      told: true,
    })
  })
  return [need('s3:GetObject', found)]
}

const transcribing: Rule = (input) => [
  ...media(input),
  ...output(input, ['OutputBucketName'], ['OutputKey']),
  ...passRoles(
    input,
    'transcribe.amazonaws.com',
    isNamed(input.value, 'JobExecutionSettings') ? at(input.value, 'JobExecutionSettings', 'DataAccessRoleArn') : [],
  ),
]

export const transcribe: Service = {
  besides: besides(
    ['StartCallAnalyticsJob', 'StartMedicalScribeJob', 'StartMedicalTranscriptionJob', 'StartTranscriptionJob'],
    transcribing,
  ),
}

export const polly: Service = {
  aliases: { LexiconName: ['LexiconNames'] },
  besides: {
    StartSpeechSynthesisTask: (input) => [
      ...output(input, ['OutputS3BucketName'], ['OutputS3KeyPrefix']),
      ...(isNamed(input.value, 'SnsTopicArn')
        ? [
            need(
              'sns:Publish',
              texts(at(input.value, 'SnsTopicArn')).map(({ pattern, told }) => ({
                arn: told ? pattern : '*',
                exact: told,
              })),
            ),
          ]
        : []),
    ],
  },
}
