// The XML documents of S3: how one is answered, how one is read.
import { readXml, writeXml, type XmlElement, XmlError, type XmlNodes } from '../../../aws/protocol/xml.ts'
import { ACCOUNT, type WireResponse } from '../../service.ts'
import { S3Error } from './errors.ts'
import type { Checksum } from './state.ts'

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'

export function answerXml(
  root: string,
  content: XmlNodes | string,
  headers: Record<string, string> = {},
): WireResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/xml', ...headers },
    body: writeXml(root, content, NAMESPACE),
  }
}

/** The one owner of everything here. */
export const OWNER: XmlNodes = [
  ['ID', ACCOUNT.padStart(64, '0')],
  ['DisplayName', 'goblet'],
]

/** A time as documents write it; S3 keeps whole seconds. */
export function showTime(time: number): string {
  return new Date(Math.floor(time / 1000) * 1000).toISOString()
}

/** A checksum as the elements of a document. */
export function checksumNodes(checksum: Checksum | undefined): XmlNodes {
  if (checksum === undefined) return []
  return [
    [`Checksum${checksum.algorithm}`, checksum.value],
    ['ChecksumType', checksum.type],
  ]
}

/** The root element of a request body, or MalformedXML. */
export function readRoot(text: string, name: string): XmlElement {
  try {
    const root = readXml(text)
    if (root.name === name) return root
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
  }
  throw new S3Error('MalformedXML')
}

/** The text of the first child of that name. */
export function child(element: XmlElement, name: string): string | undefined {
  return element.children.find((one) => one.name === name)?.text
}
