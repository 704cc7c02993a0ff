// Tags: how requests carry them, how S3 checks them, how they are kept (as the header `x-amz-tagging` carries them).
import type { XmlElement, XmlNodes } from '../../../aws/protocol/xml.ts'
import { encode } from '../../../aws/signer.ts'
import { child } from './documents.ts'
import { badArgument, S3Error } from './errors.ts'

export type Tag = readonly [key: string, value: string]

const MOST = 10
const LONGEST_KEY = 128
const LONGEST_VALUE = 256
// docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/allocation-tag-restrictions.html
const ALLOWED = /^[\p{L}\p{N}\p{Z}\s_.:/=+\-@]*$/u

/** Reads and checks `a=1&b=2`. */
export function readTaggingHeader(header: string): Tag[] {
  const tags = readTags(header)
  if (tags === undefined || new Set(tags.map(([key]) => key)).size < tags.length) throw badHeader(header)
  return checkTags(tags)
}

// Recorded, as are the words below.
const badHeader = (header: string): S3Error =>
  badArgument(
    'x-amz-tagging',
    header,
    "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
  )

/** The tags kept with an object; undefined where the text cannot be read. */
export function readTags(text: string | undefined): Tag[] | undefined {
  if (text === undefined || text === '') return []
  try {
    return text
      .split('&')
      .filter((one) => one !== '')
      .map((one): Tag => {
        const at = one.indexOf('=')
        return at < 0 ? [decode(one), ''] : [decode(one.slice(0, at)), decode(one.slice(at + 1))]
      })
  } catch {
    return undefined
  }
}

const decode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))

export const writeTags = (tags: readonly Tag[]): string =>
  tags.map(([key, value]) => `${encode(key)}=${encode(value)}`).join('&')

/** Reads and checks the document `Tagging` of an object or a bucket, which may have 50 tags. */
export function readTagSet(root: XmlElement, most = MOST): Tag[] {
  const set = root.children.find(({ name }) => name === 'TagSet')
  if (set === undefined || set.children.some(({ name }) => name !== 'Tag')) throw new S3Error('MalformedXML')
  const tags = set.children.map((one): Tag => {
    const key = child(one, 'Key')
    const value = child(one, 'Value')
    if (key === undefined || value === undefined) throw new S3Error('MalformedXML')
    return [key, value]
  })
  return checkTags(tags, most)
}

function checkTags(tags: Tag[], most = MOST): Tag[] {
  const seen = new Set<string>()
  if (tags.length > most)
    throw new S3Error('BadRequest', {}, `${most === MOST ? 'Object' : 'Bucket'} tags cannot be greater than ${most}`)
  for (const [key, value] of tags) {
    if (seen.has(key)) throw invalid('Cannot provide multiple Tags with the same key', key)
    seen.add(key)
    if (key.startsWith('aws:'))
      throw invalid(
        most === MOST ? 'Your TagKey cannot be prefixed with aws:' : 'System tags cannot be added/updated by requester',
        key,
      )
    if (key === '' || [...key].length > LONGEST_KEY || !ALLOWED.test(key))
      throw invalid('The TagKey you have provided is invalid', key)
    if ([...value].length > LONGEST_VALUE || !ALLOWED.test(value))
      throw new S3Error('InvalidTag', { TagKey: key, TagValue: value }, 'The TagValue you have provided is invalid')
  }
  return tags
}

const invalid = (words: string, key: string): S3Error => new S3Error('InvalidTag', { TagKey: key }, words)

/** The element `TagSet`. */
export function showTags(tags: readonly Tag[]): XmlNodes {
  const set: XmlNodes = tags.map(
    ([key, value]) =>
      [
        'Tag',
        [
          ['Key', key],
          ['Value', value],
        ],
      ] as const,
  )
  return [['TagSet', set]]
}
