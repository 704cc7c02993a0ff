// Kinesis: streams by name or ARN. Source: https://docs.aws.amazon.com/streams/latest/dev/controlling-access.html
import { arnOf, isArn, need, type Resource, type Rule, type Service } from '../resource.ts'
import { at, type Input, isNamed, orUntold, said, texts } from '../text.ts'
import { toKeys } from './kms-key.ts'

/** By either; an iterator or a shard says nothing of its stream. A consumer's ARN begins with its stream's. */
function toStreams(input: Input): readonly Resource[] {
  return orUntold(said(input.value, 'StreamName', 'StreamARN', 'ConsumerARN')).map(({ pattern, told }) => ({
    arn: isArn(pattern) ? pattern.replace(/\/consumer\/.*$/, '') : arnOf(input.place, 'kinesis', `stream/${pattern}`),
    exact: told,
  }))
}

const encryption =
  (action: string): Rule =>
  (input) => [
    need(`kinesis:${action}`, toStreams(input)),
    ...(isNamed(input.value, 'KeyId') ? toKeys(input, texts(at(input.value, 'KeyId')), ['GenerateDataKey']) : []),
  ]

export const kinesis: Service = {
  finders: { stream: toStreams },
  rules: {
    StartStreamEncryption: encryption('StartStreamEncryption'),
    StopStreamEncryption: (input) => [need('kinesis:StopStreamEncryption', toStreams(input))],
  },
}
