// The refusals of Kinesis, with the names and words of AWS. Sources: API reference of each action; the published tests of
// kinesalite, which ran against AWS.
import { ServiceError } from '../../../aws/protocol/service-error.ts'
import { ACCOUNT, REGION } from '../../service.ts'

export const invalidArgument = (message: string): ServiceError => new ServiceError('InvalidArgumentException', message)

export const notFound = (message: string): ServiceError => new ServiceError('ResourceNotFoundException', message)

export const inUse = (message: string): ServiceError => new ServiceError('ResourceInUseException', message)

export const overLimit = (message: string): ServiceError => new ServiceError('LimitExceededException', message)

export const invalid = (message: string): ServiceError => new ServiceError('ValidationException', message)

export const noStream = (name: string): ServiceError => notFound(`Stream ${name} under account ${ACCOUNT} not found.`)

export const noShard = (shard: string, stream: string): ServiceError =>
  notFound(`Could not find shard ${shard} in stream ${stream} under account ${ACCOUNT}.`)

/** The words that reading has for a shard that is not there. */
export const noShardToRead = (shard: string, stream: string): ServiceError =>
  notFound(`Shard ${shard} in stream ${stream} under account ${ACCOUNT} does not exist`)

export const noConsumer = (consumer: string): ServiceError =>
  notFound(`Consumer ${consumer}, account ${ACCOUNT} not found.`)

export const tooManyShards = (count: number, limit: number, more: number): ServiceError =>
  overLimit(
    `This request would exceed the shard limit for the account ${ACCOUNT} in ${REGION}. Current shard count for the account: ${count}. Limit: ${limit}. Number of additional shards that would have resulted from this request: ${more}. Refer to the AWS Service Limits page (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to request higher limits.`,
  )

export const serialization = (message: string): ServiceError => new ServiceError('SerializationException', message)

/** What AWS has and the local cloud has not. */
export const notHere = (what: string): ServiceError =>
  new ServiceError('NotImplemented', `The local cloud does not ${what}.`, { status: 501 })
