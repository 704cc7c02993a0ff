// A bucket's CORS rules: PutBucketCors, GetBucketCors, DeleteBucketCors.
import type { XmlElement } from '../../../../aws/protocol/xml.ts'
import { CORS_METHODS, type CorsRule, readCors } from '../cors.ts'
import type { Operation } from '../dispatch.ts'
import { answerXml, child, readRoot } from '../documents.ts'
import { S3Error } from '../errors.ts'
import { receiveText } from '../receive.ts'
import { settingAt } from '../settings.ts'
import { findBucket } from '../state.ts'

const LARGEST_BODY = 64 * 1024
const MOST_RULES = 100

export const cors: readonly Operation[] = [
  {
    name: 'GetBucketCors',
    method: 'GET',
    level: 'bucket',
    subResource: 'cors',
    run: ({ bucket, store }) => {
      findBucket(store, bucket)
      const rules = readCors(store, bucket)
      if (rules === undefined) throw new S3Error('NoSuchCORSConfiguration', { BucketName: bucket })
      return answerXml(
        'CORSConfiguration',
        rules.map((rule) => ['CORSRule', show(rule)] as const),
      )
    },
  },
  {
    name: 'PutBucketCors',
    method: 'PUT',
    level: 'bucket',
    subResource: 'cors',
    run: async ({ bucket, headers, request, store }) => {
      findBucket(store, bucket)
      const rules = readRules(await receiveText(headers, request.body, LARGEST_BODY, true))
      await store.commit((writer) => {
        findBucket(writer, bucket)
        writer.put(settingAt(bucket, 'cors'), rules)
      })
      return { status: 200, headers: {} }
    },
  },
  {
    name: 'DeleteBucketCors',
    method: 'DELETE',
    level: 'bucket',
    subResource: 'cors',
    run: async ({ bucket, store }) => {
      await store.commit((writer) => {
        findBucket(writer, bucket)
        writer.remove(settingAt(bucket, 'cors'))
      })
      return { status: 204, headers: {} }
    },
  },
]

function readRules(text: string): CorsRule[] {
  const { children } = readRoot(text, 'CORSConfiguration')
  if (children.length === 0 || children.length > MOST_RULES || children.some(({ name }) => name !== 'CORSRule'))
    throw new S3Error('MalformedXML')
  return children.map(readRule)
}

// Words: recorded, and docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html.
function readRule(element: XmlElement): CorsRule {
  const all = (name: string): string[] => element.children.filter((one) => one.name === name).map(({ text }) => text)
  const [origins, methods, headers, expose] = ['AllowedOrigin', 'AllowedMethod', 'AllowedHeader', 'ExposeHeader'].map(
    all,
  )
  if (!origins?.length || !methods?.length || headers === undefined || expose === undefined)
    throw new S3Error('MalformedXML')
  for (const method of methods)
    if (!CORS_METHODS.some((one) => one === method))
      throw invalid(`Found unsupported HTTP method in CORS config. Unsupported method is ${method}`)
  refuseStars('AllowedOrigin', origins)
  refuseStars('AllowedHeader', headers)
  for (const one of expose)
    if (one.includes('*'))
      throw invalid(`ExposeHeader "${one}" contains wildcard. We currently do not support wildcard for ExposeHeader.`)
  const id = child(element, 'ID')
  const age = child(element, 'MaxAgeSeconds')?.trim()
  if (age !== undefined && !/^\d{1,10}$/.test(age)) throw new S3Error('MalformedXML')
  if (id !== undefined && id.length > 255) throw invalid('The ID length should not exceed 255 characters')
  return {
    origins,
    methods,
    headers,
    expose,
    ...(id ? { id } : {}),
    ...(age === undefined ? {} : { maxAge: Number(age) }),
  }
}

function refuseStars(name: string, values: readonly string[]): void {
  for (const value of values)
    if (value.split('*').length > 2) throw invalid(`${name} "${value}" can not have more than one wildcard.`)
}

const invalid = (words: string): S3Error => new S3Error('InvalidRequest', {}, words)

function show({ id, origins, methods, headers, expose, maxAge }: CorsRule): [string, string | number | undefined][] {
  const all = (name: string, values: readonly string[]): [string, string][] => values.map((value) => [name, value])
  return [
    ['ID', id],
    ...all('AllowedMethod', methods),
    ...all('AllowedOrigin', origins),
    ...all('AllowedHeader', headers),
    ...all('ExposeHeader', expose),
    ['MaxAgeSeconds', maxAge],
  ]
}
